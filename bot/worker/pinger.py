"""Members are told beside the steps that their jobs have ended: no job is to wait for a message to somebody else."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.db.pings import AT_ONCE
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
        self._ending = False
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Send what is due, and do not wait for it."""
        self._asked = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._send_due(), name="pings")

    async def end(self) -> None:
        """Take no further ping; let those on their way arrive within bounds."""
        self._ending = True
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=STOP_SECONDS)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _send_due(self) -> None:
        try:
            while self._asked and not self._ending:
                self._asked = False
                taken = await self._pings.take(self._clock())
                self._asked = self._asked or len(taken) == AT_ONCE
                await asyncio.gather(*map(self._send_one, taken))
        except Exception:
            log.exception("pings could not be taken")

    async def _send_one(self, ping: Ping) -> None:
        try:
            await self._send(ping)
        except Exception:
            # It is lost; to send it again might make two.
            log.exception("job %s: its member could not be told of its end", ping.jobs[0].job_id)
