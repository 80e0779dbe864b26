"""Prompts that were refused for their words: the provider counts them, and so do we."""

from bot.db.database import Database
from bot.db.member_ids import EVERYWHERE, MemberIds
from bot.domain.job import Job


class Strikes:
    """Count refused prompts by member and day."""

    def __init__(self, db: Database, ids: MemberIds) -> None:
        self._db = db
        self._ids = ids

    async def count(self, user_id: int, day: str) -> int:
        """Tell how many prompts of a person were refused on a day, in all servers together."""
        ids = await self._ids.of(self._db, EVERYWHERE, user_id)
        rows = await self._db.fetch(
            "select count(*) as strikes from strike where user_id in ($1, $2) and day = $3", *ids, day
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
