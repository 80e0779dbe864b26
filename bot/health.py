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
        is_ready: Callable[[], bool],
        store: Store,
        media: MediaStore,
        clock: Clock,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._is_ready = is_ready
        self._store = store
        self._media = media
        self._clock = clock
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._tried: float | None = None
        self._found: str | None = None

    async def problem(self) -> str | None:
        """Say what is wrong in one sentence; None when all is well."""
        if not self._is_ready():
            return "The gateway is not ready."
        async with self._turn:
            if self._tried is None or self._seconds() - self._tried >= FRESH_SECONDS:
                self._found = await self._unwritable()
                self._tried = self._seconds()
            return self._found

    async def warning(self) -> str | None:
        """Say in one sentence what will soon be wrong; None when nothing will."""
        free = await self._media.free_bytes()
        if free is None or free >= LITTLE_SPACE:
            return None
        return f"Little space is left where pictures and films are kept: {free / 1024**3:.1f} GiB."

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
