"""A language that nobody speaks, for a bot in a folder of its own: what a catalogue does not reach stands out in it.

Every sentence has accents, is 40 % longer and stands between marks. It is written for a locale of Discord's without a
catalogue: a bot whose folder holds one file more knows it.
"""

import asyncio
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from sandbox.harness import Process, StartProgram
from tests.meta.catalogues import DOMAINS, Domain, bot_sentences, write
from tests.meta.source_tree import ROOT

LOCALE = "da"

OPENS, CLOSES = "⟦⟧"

LONGER = 1.4

MORE = " ñó óñé šþéåķš ţĥîš, åñđ îţ ŵîļļ ñéṽéŕ ƀé šĥóŕţ"
"""What sentences are made longer with, as often as needed."""

ACCENTS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "áƀçđéƒǧĥíĵķļɱñóƥɋřšŧúṽŵẋýžÁƁÇĐÉƑǦĤÍĴĶĻṀÑÓƤɊŘŠŦÚṼŴẊÝŽ"
)

STAYS = re.compile(r"\{\w*\}|`[^`]*`|<[^>]*>|https?://\S+|/\w+(?: \w+)?")
"""Placeholders, code, mentions, links and commands."""

LINE_BEGINS = re.compile(r"(?:-# |> |#+ |- )?")
"""What makes something of a line is its beginning, so that the mark stands behind it."""

STAYS_LAST = re.compile(r"(?:\{(?:job|clip|result|week)\})?$")
"""What the bot's messages are known by: it ends them in every language."""

ROOM_FOR_EACH = 30
"""Characters that are left for what fills a placeholder, where there is a limit."""


def pseudo(sentence: str, most: int = sys.maxsize) -> str:
    """Write a sentence in it, in at most so many characters; where 40 % more have no room, as many as have."""
    room = most - len(OPENS + CLOSES) - ROOM_FOR_EACH * len(re.findall(r"\{\w*\}", sentence))
    length = max(len(sentence), min(round(LONGER * len(sentence)), room))
    accented = "".join(
        piece if STAYS.fullmatch(piece) else piece.translate(ACCENTS)
        for piece in re.split(f"({STAYS.pattern})", sentence)
    )
    last = STAYS_LAST.search(accented)
    end = accented[last.start() :] if last is not None else ""
    longer = accented.removesuffix(end) + _more(length - len(sentence))
    beginning = LINE_BEGINS.match(longer)
    at = beginning.end() if beginning is not None else 0
    return f"{longer[:at]}{OPENS}{longer[at:]}"[: most - len(CLOSES + end)] + CLOSES + end


def _more(length: int) -> str:
    return (MORE * (length // len(MORE) + 1))[:length]


def pseudo_catalogue() -> Catalog:
    """Write all that the bot says in it."""
    most = DOMAINS[0].limits()
    catalogue = Catalog(locale=LOCALE, fuzzy=False)
    for message in bot_sentences():
        if message.id:
            catalogue.add(message.id, _string(message, most), context=message.context)
    return catalogue


def _string(message: Message, most: Mapping[str, int]) -> str | tuple[str, ...]:
    if isinstance(message.id, str):
        return pseudo(message.id, most.get(message.id, sys.maxsize))
    limit = most.get(message.id[-1], sys.maxsize)
    return tuple(pseudo(form, limit) for form in message.id)


def copy_bot(folder: Path) -> Domain:
    """Make a bot in a folder that is the same and knows one language more; gives where its catalogues are."""
    (folder / "cogs").symlink_to(ROOT / "cogs")
    for own in [*(ROOT / "bot").iterdir(), *(ROOT / "bot" / "locale").iterdir()]:
        there = folder / own.relative_to(ROOT)
        there.parent.mkdir(parents=True, exist_ok=True)
        if own.name != "locale":
            there.symlink_to(own)
    domain = DOMAINS[0].in_folder(folder / "bot" / "locale")
    write(domain, pseudo_catalogue(), LOCALE)
    return domain


def start_copy(copy: Path) -> StartProgram:
    """Start `python -m bot` from a folder with a copy of it."""

    async def start(environment: Mapping[str, str], folder: Path, log: Path) -> Process:
        with log.open("ab") as sink:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot"),
                env={**environment, "PYTHONPATH": str(copy)},
                cwd=folder,
                stdout=sink,
                stderr=sink,
            )

    return start
