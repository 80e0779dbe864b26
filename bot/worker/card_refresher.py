"""Progress is told behind the steps: an edit on Discord may take long, and no job is to wait for another's card."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.log import name_in_lines

log = logging.getLogger(__name__)

WORKERS = 2
"""How many cards are brought up to date at a time; fewer than steps, which do what cannot be left out."""


class CardRefresher:
    """Bring cards up to date in the order they were asked for, once however often that was meanwhile."""

    def __init__(self, show: Callable[[str], Awaitable[None]]) -> None:
        self._show = show
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._queued: set[str] = set()

    def request(self, job_id: str) -> None:
        """Ask for a job's card to be brought up to date, and do not wait for it."""
        if job_id not in self._queued:
            self._queued.add(job_id)
            self._queue.put_nowait(job_id)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Do what was asked for until the block ends; what is left then is dropped."""
        tasks = [asyncio.create_task(self._work(), name="refresher") for _ in range(WORKERS)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            job_id = await self._queue.get()
            self._queued.discard(job_id)
            name_in_lines(job=job_id)
            try:
                await self._show(job_id)
            except Exception:
                # One card that cannot be drawn must not keep the others from being shown.
                log.exception("job %s: its card could not be brought up to date", job_id)
