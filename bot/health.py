"""Whether all is well with the bot, as a monitor asks it."""

import asyncio
import time
from collections.abc import Callable

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.errors import DatabaseError
from bot.media import MediaStore
from bot.media.media_usage import LITTLE_SPACE

FRESH_SECONDS = 2.0
"""How long what was found holds: who asks without a pause does not make us write without one."""

WRITE_SECONDS = 5.0
"""How long a write may take before something is wrong."""


class Health:
    """Tell whether the gateway is ready, and whether what the bot must write down can be written."""

    def __init__(
        self,
        gateway_problem: Callable[[], str | None],
        store: Store,
        media: MediaStore,
        clock: Clock,
        seconds: Callable[[], float] = time.monotonic,
        *,
        gateway_note: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._gateway_problem = gateway_problem
        self._gateway_note = gateway_note
        self._store = store
        self._media = media
        self._clock = clock
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._tried: float | None = None
        self._found: str | None = None

    async def problem(self) -> str | None:
        """Say what is wrong in one sentence; None when all is well."""
        if problem := self._gateway_problem():
            return problem
        async with self._turn:
            if self._tried is None or self._seconds() - self._tried >= FRESH_SECONDS:
                self._found = await self._unwritable()
                self._tried = self._seconds()
            return self._found

    async def warning(self) -> str | None:
        """Say what will soon be wrong, and whether it only stands by, in a line each; None when there is nothing."""
        notes = [note] if (note := self._gateway_note()) else []
        free = await self._media.free_bytes()
        if free is not None and free < LITTLE_SPACE:
            notes.append(f"Little space is left where pictures and films are kept: {free / 1024**3:.1f} GiB.")
        return "\n".join(notes) or None

    async def _unwritable(self) -> str | None:
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await self._store.metadata.try_to_write(self._clock())
        except DatabaseError as error:
            return f"The database does not answer: {error}."
        except TimeoutError:
            return "The database does not answer: a write takes too long."
        try:
            await self._media.try_write()
        except OSError as error:
            return f"The {self._media.place} cannot be written: {error.strerror}."
        return None
