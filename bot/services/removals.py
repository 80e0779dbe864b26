"""Jobs are removed for good, by who asked for them or by who keeps order; what was charged stays charged."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import Job
from bot.domain.removal import Removed
from bot.services.timed_event import TimedEvent

AT_ONCE = 25
"""How many jobs are struck in one transaction."""

MOST = 500
"""How many jobs of a member one removal takes, the newest; the rest can be asked for again."""


class Removals:
    """Strike jobs; the worker then deletes what is left of them."""

    def __init__(self, store: Store, clock: Clock, wake: Callable[[], None], *, most: int = MOST) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake
        self._most = most
        self.struck = TimedEvent()

    async def remove(self, job: Job, by_user_id: int, reason: str = "") -> Removed:
        """Remove a job that somebody may remove, with all shots that share its card; empty where another was faster."""
        return await self._strike(job.guild_id, [job.id], by_user_id, reason)

    async def count(self, guild_id: int, user_id: int, since_ms: int) -> int:
        """Count a member's jobs since a moment by the wall clock, of which a removal takes `MOST` at most."""
        return await self._store.removals.count_of_member(guild_id, user_id, self._stored(since_ms))

    async def remove_all(
        self, guild_id: int, user_id: int, since_ms: int, by_user_id: int, reason: str = ""
    ) -> Removed:
        """Remove a member's jobs that were asked for since a moment by the wall clock, the newest first.

        What dies in between leaves the older ones, which can be asked for again.
        """
        found = await self._store.removals.of_member(guild_id, user_id, self._stored(since_ms), self._most + 1)
        ids = found[: self._most]
        removed = Removed((), more=len(found) > self._most)
        for first in range(0, len(ids), AT_ONCE):
            struck = await self._strike(guild_id, ids[first : first + AT_ONCE], by_user_id, reason)
            removed = replace(
                removed, jobs=(*removed.jobs, *struck.jobs), refunded=(*removed.refunded, *struck.refunded)
            )
        return removed

    async def remove_unlogged(self, guild_id: int, job_ids: Sequence[str], by_user_id: int) -> Removed:
        """Remove jobs of which the mod log is told nothing, and whose reports stay for moderators to decide about."""
        return await self._strike(guild_id, job_ids, by_user_id, "", logged=False)

    async def _strike(
        self, guild_id: int, job_ids: Sequence[str], by_user_id: int, reason: str, *, logged: bool = True
    ) -> Removed:
        now = self._clock()
        removed = await self._store.removals.strike(guild_id, job_ids, by_user_id, reason, now, logged=logged)
        self.struck.set()
        self._wake()
        return removed

    def _stored(self, wall_ms: int) -> int:
        """Tell which moment of the rows' clock one of the wall clock is."""
        return wall_ms - (self._clock.wall_ms() - self._clock())
