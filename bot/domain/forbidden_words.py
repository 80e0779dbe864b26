"""The words that a server forbids, found in a prompt however they are written: pure, standard library only.

A word counts as a whole: "ass" is not found in "class". Of what is written without spaces it counts wherever it
stands. Accents are letters of their own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from unicodedata import category, normalize

from bot.domain.look_alikes import latin_look

MOST_FORBIDDEN = 1_000
"""Words that a server may forbid."""

MOST_CHARACTERS = 4_000
"""Of all of them together, with what parts them: Discord lets a form's field hold no more."""

LONGEST_FORBIDDEN = 60
"""Characters of one of them, which may be several words."""

_KEPT_IN_MEMORY = 64
"""Of how many servers it is remembered what their words look like."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)

# Han, kana, Hangul, and the scripts of South-East Asia.
_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)


def read_list(typed: str) -> tuple[str, ...]:
    """Read what was typed, one a line or with commas between; each is given once, however it was written."""
    entries = (" ".join(entry.split()) for entry in re.split("[\n,;、，；]", typed))
    return tuple({_plain(entry): entry for entry in entries if entry}.values())


def has_word(entry: str) -> bool:
    """Tell whether an entry holds anything that could be found."""
    return bool(_words(_plain(entry)))


def find_forbidden(prompt: str, forbidden: Sequence[str]) -> tuple[str, ...]:
    """Give those of the forbidden words that a prompt holds, as the server wrote them."""
    if not forbidden:
        return ()
    known = _known(tuple(forbidden))
    plain, looks = _words(_plain(prompt)), _words_by_look(prompt)
    found = {
        *_found(plain, known.plain),
        *_found(looks, known.looks),
        *(entry for written, entry in known.anywhere if written in "".join(plain)),
    }
    return tuple(entry for entry in forbidden if entry in found)


@dataclass(frozen=True)
class _Known:
    """Hold a server's words as they are looked for: by their first word, as they are written and as they look."""

    plain: dict[str, list[tuple[list[str], str]]]
    looks: dict[str, list[tuple[list[str], str]]]
    anywhere: tuple[tuple[str, str], ...]


@lru_cache(_KEPT_IN_MEMORY)
def _known(forbidden: tuple[str, ...]) -> _Known:
    spaced = [entry for entry in forbidden if not _SPACELESS.search(entry)]
    spaceless = [(entry, "".join(_words(_plain(entry)))) for entry in forbidden if _SPACELESS.search(entry)]
    # Capitals look like other letters than small ones do: who writes one of them so is found too.
    looks = ((_words_by_look(written), entry) for entry in spaced for written in (entry, entry.upper()))
    return _Known(
        _by_first((_words(_plain(entry)), entry) for entry in spaced),
        _by_first(looks),
        tuple((written, entry) for entry, written in spaceless if written),
    )


def _by_first(entries: Iterable[tuple[list[str], str]]) -> dict[str, list[tuple[list[str], str]]]:
    by_first: dict[str, list[tuple[list[str], str]]] = {}
    for words, entry in entries:
        if words:
            by_first.setdefault(words[0], []).append((words, entry))
    return by_first


def _found(words: list[str], known: dict[str, list[tuple[list[str], str]]]) -> Iterator[str]:
    for place, word in enumerate(words):
        for wanted, entry in known.get(word, ()):
            if words[place : place + len(wanted)] == wanted:
                yield entry


def _plain(text: str) -> str:
    return normalize("NFKC", normalize("NFKC", _INVISIBLE.sub("", text)).casefold())


def _words_by_look(text: str) -> list[str]:
    return [latin_look(word) for word in _words(_INVISIBLE.sub("", text))]


def _words(text: str) -> list[str]:
    return ["".join(signs) for is_word, signs in groupby(text, _is_word) if is_word]


def _is_word(sign: str) -> bool:
    return category(sign)[0] in "LMN"
