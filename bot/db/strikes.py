"""Prompts that were refused for their words: the provider counts them, and so do we."""

from bot.db.database import Database
from bot.domain.job import Job


class Strikes:
    """Count refused prompts by member and day."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def count(self, user_id: int, day: str) -> int:
        """Tell how many prompts of a person were refused on a day, in all servers together."""
        rows = await self._db.fetch(
            "select count(*) as strikes from strike where user_id = $1 and day = $2", user_id, day
        )
        return rows[0]["strikes"]

    async def add(self, job: Job, day: str) -> None:
        """Count a job's prompt as refused; once, however often it is said."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                "insert into strike (job_id, user_id, day) values ($1, $2, $3) on conflict do nothing",
                job.id,
                job.user_id,
                day,
            )
