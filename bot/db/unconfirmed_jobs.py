"""Jobs whose submit was never answered, for admins to look at."""

from bot.db.database import Database
from bot.db.rows import to_job
from bot.domain.job import Job


class UnconfirmedJobs:
    """List jobs in doubt, and strike them off."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def newest(self, guild_id: int, most: int = 20, *, job_id: str | None = None) -> list[Job]:
        """List a server's jobs whose submit was never answered, newest first; with `job_id` that one, if it is."""
        rows = await self._db.fetch(
            """select * from job where guild_id = $1 and remote_id is null and given_up_ms is null
                   and removed_ms is null
                   and client_token is not null
                   and ((state = 'submitting' and lease is null) or error_code = 'unknown_charge')
                   and (state = 'submitting' or error_code = 'unknown_charge') and id = coalesce($3, id)
               order by created_ms desc limit $2""",
            guild_id,
            most,
            job_id,
        )
        return [to_job(row) for row in rows]

    async def give_up(self, job_id: str, now_ms: int) -> bool:
        """Strike a job off the list of those in doubt; one that is still looked for is due now, to be refunded.

        False when it is not in doubt, or just being looked for.
        """
        async with self._db.transaction() as tx:
            return bool(
                await tx.fetch(
                    """update job set given_up_ms = $2, due_ms = case when state = 'submitting' then $2 else due_ms end
                       where id = $1 and remote_id is null and (state <> 'submitting' or lease is null) returning 1""",
                    job_id,
                    now_ms,
                )
            )
