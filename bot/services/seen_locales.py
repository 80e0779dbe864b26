"""The languages that Discord speaks with each member, as their interactions tell it, and prefers in each server."""

import asyncio
import logging
from collections import OrderedDict

from bot.db.locales import Person
from bot.db.schema import SERVER
from bot.db.store import Store
from bot.domain.clock import Clock
from bot.errors import DatabaseError

log = logging.getLogger(__name__)

WAIT_SECONDS = 2.0
"""How long it is gathered what is to be written: by then those who asked have their answers."""

KNOWN_MS = 600_000
"""How long what was written is taken to be so still: another process may write it, and rows are erased."""

REMEMBERED = 10_000
"""Of how many members and servers it is known what is written already."""


class SeenLocales:
    """Hear languages, and write down those that changed, some at a time."""

    def __init__(self, store: Store, clock: Clock, wait_seconds: float = WAIT_SECONDS) -> None:
        self._store = store
        self._clock = clock
        self._wait_seconds = wait_seconds
        self._known: OrderedDict[Person, tuple[str, int]] = OrderedDict()
        self._new: dict[Person, str] = {}
        self._in_hand: dict[Person, str] = {}
        self._writing: asyncio.Task[None] | None = None

    def heard(self, guild_id: int, user_id: int, locale: str) -> None:
        """Hear a member's language; nothing waits for it to be written."""
        self._hear((guild_id, user_id), locale)

    def heard_server(self, guild_id: int, locale: str) -> None:
        """Hear the language that a server prefers at Discord."""
        self._hear((guild_id, SERVER), locale)

    async def server(self, guild_id: int) -> str | None:
        """Give the language of what everybody in a server sees; None where nobody can tell."""
        try:
            return await self._store.locales.get_server(guild_id)
        except DatabaseError as error:
            log.warning("it is not known which language server %s reads: %s", guild_id, error)
            return None

    def forget(self, guild_id: int, user_id: int) -> None:
        """Forget a member's language: it is written again once they come back."""
        self._known.pop((guild_id, user_id), None)
        self._new.pop((guild_id, user_id), None)
        self._in_hand.pop((guild_id, user_id), None)

    async def aclose(self) -> None:
        """Stop writing: what was heard last is heard again."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    def _hear(self, person: Person, locale: str) -> None:
        known, until_ms = self._known.get(person, (None, 0))
        if known == locale and self._clock() < until_ms:
            return
        self._new[person] = locale
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_soon())

    async def _write_soon(self) -> None:
        while self._new:
            await asyncio.sleep(self._wait_seconds)
            await self._write()

    async def _write(self) -> None:
        self._in_hand, self._new = self._new, {}
        try:
            await self._store.locales.write(dict(self._in_hand), self._clock())
        except DatabaseError as error:
            # They are heard again.
            log.warning("the languages of %d members and servers could not be written: %s", len(self._in_hand), error)
            return
        until_ms = self._clock() + KNOWN_MS
        for person, locale in self._in_hand.items():
            self._known[person] = locale, until_ms
            self._known.move_to_end(person)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
