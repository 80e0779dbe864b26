"""Members are told beside the steps that their jobs have ended: no job is to wait for a message to somebody else."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.db.store import Pings
from bot.domain.clock import Clock
from bot.domain.pings import Ping

log = logging.getLogger(__name__)

STOP_SECONDS = 2.0
"""How long a message that is on its way may take once the worker stops."""


class Pinger:
    """Send the pings that are due; each is taken off the table before, so that none is ever sent twice."""

    def __init__(self, pings: Pings, send: Callable[[Ping], Awaitable[None]], clock: Clock) -> None:
        self._pings = pings
        self._send = send
        self._clock = clock
        self._asked = False
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Send what is due, and do not wait for it."""
        self._asked = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._send_due(), name="pings")

    async def end(self) -> None:
        """Take no further ping; let those on their way arrive within bounds."""
        self._asked = False
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=STOP_SECONDS)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _send_due(self) -> None:
        try:
            while self._asked:
                self._asked = False
                if taken := await self._pings.take(self._clock()):
                    await asyncio.gather(*map(self._send, taken))
                    self._asked = True
        except Exception:
            # Those that were taken are lost; to send them again might make two.
            log.exception("pings could not be sent")
