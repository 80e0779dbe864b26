"""How many jobs are under way: read from the index of those alone, however many have ended."""

from bot.db.database import Database
from bot.domain.job import Kind, State
from bot.metrics import JobCount


class JobCounts:
    """Count jobs that have not ended."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def under_way(self) -> list[JobCount]:
        """Count them by state, kind and provider, with the time when the oldest was asked for."""
        rows = await self._db.fetch(
            """select state, kind, provider, count(*) as jobs, min(created_ms) as oldest_ms from job
               where state not in ('done', 'failed') group by state, kind, provider"""
        )
        return [
            JobCount(State(row["state"]), Kind(row["kind"]), row["provider"], row["jobs"], row["oldest_ms"])
            for row in rows
        ]
