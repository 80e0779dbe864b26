"""How much the media store holds, so that what nobody has paid for cannot fill the disk."""

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.errors import MediaFull

log = logging.getLogger(__name__)

MEASURED_SECONDS = 60.0
"""How long a measure holds; what this process keeps meanwhile is added to it."""

LITTLE_SPACE = 1024**3
"""Bytes free on the disk below which a warning is due."""

NEARLY_FULL = 0.9
"""The share of the limit from which on a warning is due."""


class MediaUsage:
    """Hold what is kept against a limit in bytes; without a limit nothing is measured.

    `setting` names the place in the log. `measured` looks how much there is; without it that is told by `found`.
    """

    def __init__(
        self,
        setting: str,
        most_bytes: int | None,
        measured: Callable[[], Awaitable[int]] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._setting = setting
        self._most = most_bytes
        self._measure = measured
        self._clock = clock
        self._used = 0
        self._measured: float | None = None
        self._measuring = asyncio.Lock()
        self._warned = False

    def add(self, size: int) -> None:
        """Count what was kept since the last measure, in bytes."""
        self._used += size

    async def require_room(self) -> None:
        """Raise `MediaFull` when as much is kept as may be."""
        if self._most is None:
            return
        if self._is_stale():
            async with self._measuring:
                if self._is_stale():
                    await self.measure()
        if self._used >= self._most:
            raise MediaFull

    async def measure(self) -> None:
        """Look how much there is, and warn in the log when it comes to the limit."""
        if self._most is not None and self._measure is not None:
            self.found(await self._measure())

    def found(self, used: int) -> None:
        """Take over how much there is, in bytes, and warn in the log when it comes to the limit."""
        self._used = used
        self._measured = self._clock()
        if self._most is None or used < NEARLY_FULL * self._most:
            self._warned = False
        elif not self._warned:
            self._warned = True
            log.warning(
                "%s holds %.1f of the %.1f GB that MEDIA_MAX_GB allows; beyond that new pictures are refused",
                self._setting,
                used / 1e9,
                self._most / 1e9,
            )

    def _is_stale(self) -> bool:
        if self._measure is None:
            return False
        return self._measured is None or self._clock() - self._measured > MEASURED_SECONDS


def folder_bytes(folder: Path) -> int:
    """Add up the sizes of all files below a folder; blocks. What vanishes meanwhile counts nothing."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(Path(path, name)).st_size
            except OSError:
                continue
    return total
