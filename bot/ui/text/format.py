"""Write numbers, durations, times, lists and what people typed, as a sentence needs them."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, reduce
from typing import Literal

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_compact_decimal, format_decimal

from bot.ui.markdown import isolated
from bot.ui.text.translate import _, locale, ngettext, pgettext

BOXES = 10
"""Boxes of a progress bar."""

_TOUCHING = re.compile("(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z<`])|(?<=[0-9A-Za-z>`])(?=[\u4e00-\u9fff])")
"""Where a sign of Chinese and one of another writing touch."""

_ADDRESS_LAST = re.compile(r"https?://[^\s>)]+$")


def format_number(number: int) -> str:
    """Write a number as it stands among credits: without anything between its thousands."""
    return _decimal(number, locale())


@lru_cache(maxsize=4096)
def _decimal(number: int, language: Locale) -> str:
    # Babel takes some 20 µs for a number, and a card holds ten; most are small and come again and again.
    return format_decimal(number, locale=language, group_separator=False)


def format_large_number(number: int) -> str:
    """Write a number with its thousands apart: '2,000'."""
    return format_decimal(number, locale=locale())


def format_round_number(number: int) -> str:
    """Write a large number as people say it: '40 million', '4000 万'."""
    return _set_apart(format_compact_decimal(number, format_type="long", locale=locale(), fraction_digits=2))


def format_percent(percent: int) -> str:
    """Write hundredths: '20 %'."""
    return _("{number} %").format(number=format_number(percent))


def format_fraction(number: float) -> str:
    """Write a number with as many as six digits behind the point."""
    return format_decimal(number, "#0.######", locale=locale())


def format_credits(number: int) -> str:
    """Write an amount: '1 credit', '8 credits'."""
    return ngettext("{number} credit", "{number} credits", number).format(number=format_number(number))


def format_duration(milliseconds: int) -> str:
    """Write a duration as people say it."""
    seconds = max(0, milliseconds // 1000)
    if seconds < 50:
        return _("{seconds} s").format(seconds=format_number(max(5, (seconds + 4) // 5 * 5)))
    return _("{minutes} min").format(minutes=format_number((seconds + 30) // 60))


def format_size(size: int) -> str:
    """Write a file's size; bytes."""
    return _("{size} MiB").format(size=format_number(max(1, round(size / 2**20))))


def progress_bar(percent: int) -> str:
    """Draw how far something is."""
    full = max(0, min(BOXES, percent * BOXES // 100))
    return "▰" * full + "▱" * (BOXES - full)


def relative_time(milliseconds: int) -> str:
    """Write a moment as Discord shows it to each reader, in their language: 'in 2 hours'."""
    return f"<t:{milliseconds // 1000}:R>"


def date_and_time(milliseconds: int) -> str:
    """Write a moment in full, in the reader's time zone and language (Discord renders the time stamp)."""
    return f"<t:{milliseconds // 1000}:f>"


def mention(user_id: int) -> str:
    """Name a member, in whatever way each reader knows them; who was forgotten has an id below 0."""
    return f"<@{user_id}>" if user_id >= 0 else _("somebody who was forgotten")


def escape_for_sentence(typed: str, most: int = 60) -> str:
    """Cut what somebody typed for a sentence, with nothing in it that Discord reads as markdown or a mention."""
    words = re.sub(r"[^\w ,.!?'-]", "", unicodedata.normalize("NFC", typed))
    shortened = words if len(words) <= most else words[: most - 1] + "…"
    return isolated(shortened.replace("_", r"\_"))


def join_and(parts: Sequence[str]) -> str:
    """List what is meant all together: 'A, B and C'."""
    return _list(parts, "standard")


def join_or(parts: Sequence[str]) -> str:
    """List what there is to choose from: '1, 2 or 4'."""
    return _list(parts, "or")


def _list(parts: Sequence[str], style: Literal["standard", "or"]) -> str:
    return _set_apart(format_list(parts, style, locale()))


def _set_apart(written: str) -> str:
    """Put the space of Chinese between its own signs and others, which Babel leaves out."""
    return _TOUCHING.sub(" ", written)


def join_list(parts: Iterable[str]) -> str:
    """List what is of one kind: 'low motion, SD, 4 clips'."""
    return _join(lambda before, after: pgettext("list", "{before}, {after}").format(before=before, after=after), parts)


def join_facts(parts: Iterable[str]) -> str:
    """List what is said of one thing in a few words each: 'from its last frame, made by TTAPI'."""
    return _join(lambda before, after: pgettext("facts", "{before}, {after}").format(before=before, after=after), parts)


def join_statements(parts: Iterable[str]) -> str:
    """List what has commas of its own."""
    return _join(lambda before, after: _("{before}; {after}").format(before=before, after=after), parts)


def join_sentences(*sentences: str) -> str:
    """Put sentences behind each other; empty ones are left out."""
    return _join(_next_sentence, sentences)


def _next_sentence(before: str, after: str) -> str:
    if _ADDRESS_LAST.search(before):
        # Where sentences have nothing between them, Discord would read the next one as a part of the address.
        return " ".join((before, after))
    return _("{before} {after}").format(before=before, after=after)


def join_each_and(parts: Iterable[str]) -> str:
    """List names that are long: 'Send Messages and Attach Files'."""
    return _join(lambda before, after: _("{before} and {after}").format(before=before, after=after), parts)


def join_each_or(parts: Iterable[str]) -> str:
    """List providers to choose from, inside a sentence that goes on with a comma: 'A or B or C'."""
    return _join(lambda before, after: _("{before} or {after}").format(before=before, after=after), parts)


def join_in_turn(parts: Iterable[str]) -> str:
    """List what is tried one after the other: 'A, then B'."""
    return _join(lambda before, after: _("{before}, then {after}").format(before=before, after=after), parts)


def join_path(parts: Iterable[str]) -> str:
    """List what leads from one to the next: 'start > clip 2'."""
    return _join(lambda before, after: _("{before} > {after}").format(before=before, after=after), parts)


def _join(pair: Callable[[str, str], str], parts: Iterable[str]) -> str:
    given = [part for part in parts if part]
    return reduce(pair, given) if given else ""
