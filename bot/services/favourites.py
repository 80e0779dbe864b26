"""Stars: what a member wants to find again."""

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import Job


class Favourites:
    """Give stars and take them away."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def star(self, job: Job, user_id: int) -> bool:
        """Star a job for somebody who may see it; False when they had starred it already."""
        return await self._store.favourites.add(job.guild_id, user_id, job.id, self._clock())

    async def unstar(self, job_id: str, user_id: int) -> bool:
        """Take somebody's star from a job; False when there was none."""
        return await self._store.favourites.remove(user_id, job_id)
