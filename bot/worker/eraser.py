"""What may be kept no longer goes, some at a time, with pauses in which others go first.

That are jobs that ended RETENTION_DAYS ago, and all that is kept of servers that removed the bot 30 days ago.
"""

import asyncio
import logging

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.errors import DatabaseError
from bot.media import MediaStore

log = logging.getLogger(__name__)

LOOK_SECONDS = 3600.0
"""How often it is looked for what is old."""

PAUSE_SECONDS = 0.2

AT_ONCE = 50
"""How many jobs are erased in one transaction."""

DAY_MS = 24 * 3_600_000

LEFT_DAYS = 30
"""How long a server that removed the bot finds everything when it is back."""


class Eraser:
    """Erase what is old until cancelled; without `retention_days` jobs are kept."""

    def __init__(
        self,
        store: Store,
        media: MediaStore,
        *,
        retention_days: int,
        clock: Clock,
        pause_seconds: float = PAUSE_SECONDS,
    ) -> None:
        self._store = store
        self._media = media
        self._retention_days = retention_days
        self._clock = clock
        self._pause_seconds = pause_seconds

    async def run(self) -> None:
        """Look from time to time."""
        while True:
            try:
                await self.erase_jobs()
                await self.erase_servers()
            except (OSError, DatabaseError) as error:
                log.warning("what is old could not be erased: %s", error)
            await asyncio.sleep(LOOK_SECONDS)

    async def erase_jobs(self) -> None:
        """Erase the prompts, pictures and words of jobs that ended long ago."""
        # What a killed process has left.
        await self._delete_files()
        if not self._retention_days:
            return
        before = self._clock() - self._retention_days * DAY_MS
        while jobs := await self._store.old_jobs.older(before, AT_ONCE):
            erased = await self._store.old_jobs.erase(jobs, before, self._clock())
            await self._delete_files()
            if not erased:
                return
            await asyncio.sleep(self._pause_seconds)

    async def _delete_files(self) -> None:
        """Delete the files of jobs that are erased, which nobody can have shown again any more."""
        while job_ids := await self._store.old_jobs.files(AT_ONCE):
            for job_id in job_ids:
                await self._media.discard(job_id)
                await self._store.old_jobs.files_gone(job_id)

    async def erase_servers(self) -> None:
        """Erase all that is kept of servers that removed the bot long ago."""
        before = self._clock() - LEFT_DAYS * DAY_MS
        for guild_id in await self._store.left_servers.since(before):
            if await self._erase_server(guild_id, before):
                log.info("all that was kept of server %s is erased", guild_id)

    async def _erase_server(self, guild_id: int, before: int) -> bool:
        left = self._store.left_servers
        while job_ids := await left.jobs(guild_id, AT_ONCE):
            if guild_id not in await left.since(before):
                return False
            # First the files, which nothing finds without the rows. Whoever is back just now loses a few old ones.
            for job_id in job_ids:
                await self._media.discard(job_id)
            if not await left.erase_jobs(guild_id, job_ids, before):
                return False
            await asyncio.sleep(self._pause_seconds)
        while await left.erase_some_sums(guild_id, before):  # noqa: ASYNC110  # each turn does a part of the work
            await asyncio.sleep(self._pause_seconds)
        return await left.erase_rest(guild_id, before)
