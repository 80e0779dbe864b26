"""Jobs that were made, or may have been, and did not reach their member; listed until they do or are struck off.

A done job stands here whose card shows less than was paid for, and a failed one that we gave up although its provider
never said that it failed. `Jobs.finish` and `Jobs.fail` put them here.
"""

from bot.db.database import Database
from bot.db.leases import row_or_lost_lease
from bot.db.lock_names import remote_job
from bot.db.rows import to_job
from bot.domain.job import Job


class UndeliveredJobs:
    """List what was paid and not delivered, take it up again, and strike it off."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of_server(self, guild_id: int, most: int = 20, *, job_id: str | None = None) -> list[Job]:
        """List a server's, newest first; with `job_id` that one, if it is. What may still come late is left out."""
        rows = await self._db.fetch(
            """select * from job where undelivered = 1 and guild_id = $1 and id = coalesce($3, id)
                   and removed_ms is null
                   and (state = 'done' or (state = 'failed' and ($3 is not null or due_ms is null)))
               order by created_ms desc limit $2""",
            guild_id,
            most,
            job_id,
        )
        return [to_job(row) for row in rows]

    async def of_member(self, guild_id: int, user_id: int, most: int) -> list[Job]:
        """List what a member can still be shown, newest first."""
        rows = await self._db.fetch(
            """select * from job where undelivered = 1 and guild_id = $1 and user_id = $2 and state = 'done'
                   and removed_ms is null
               order by created_ms desc limit $3""",
            guild_id,
            user_id,
            most,
        )
        return [to_job(row) for row in rows]

    async def channels(self) -> list[int]:
        """Name the channels that results and ends could not be brought to."""
        unreached = await self._db.fetch(
            "select channel_id from job where undelivered = 1 and state = 'done' and error_code = 'undeliverable'"
        )
        untold = await self._db.fetch("select channel_id from job where untold = 1")
        return sorted({row["channel_id"] for row in (*unreached, *untold)})

    async def deliver_again(self, channel_id: int, now_ms: int) -> int:
        """T9, done -> ready: bring results to the cards that they could not reach; tells how many jobs are due now.

        What failed is due too, to tell its card. Their members were told of the end already, and are not told twice.
        """
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                """update job set state = 'ready', error_code = null, due_ms = $2, wake_ms = null, tries = 0,
                       undelivered = 0, silent = 1
                   where id in (select id from job
                       where undelivered = 1 and channel_id = $1 and state = 'done' and removed_ms is null
                           and error_code = 'undeliverable' and lease is null order by created_ms, id for update)
                   returning 1""",
                channel_id,
                now_ms,
            )
            untold = await tx.fetch(
                """update job set due_ms = $2
                   where id in (select id from job where untold = 1 and channel_id = $1 and state = 'failed'
                       and lease is null order by created_ms, id for update)
                   returning 1""",
                channel_id,
                now_ms,
            )
            await tx.wake()
        return len(rows) + len(untold)

    async def told(self, job: Job) -> None:
        """Write that a failed job's card tells its end."""
        async with self._db.transaction() as tx:
            await tx.fetch("update job set untold = 0 where id = $1", job.id)

    async def await_links(self, job: Job, until_ms: int) -> Job:
        """Write until when a finished job's links are tried that do not work yet."""
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                """update job set fetch_until_ms = $4
                   where id = $1 and state = 'ready' and lease = $2 and epoch = $3 returning *""",
                job.id,
                job.lease,
                job.epoch,
                until_ms,
            )
        return row_or_lost_lease(job, rows)

    async def take_up(self, job_id: str, remote_id: str, now_ms: int, deadline_ms: int) -> bool:
        """T8, failed -> running: ask for a job again that we gave up; the refund stands.

        False when it is not one of these, is in somebody's hands, or the id is another job's.
        """
        async with self._db.transaction() as tx:
            await tx.lock(remote_job(remote_id))
            rows = await tx.fetch(
                """update job set state = 'running', remote_id = $2, due_ms = $3, deadline_ms = $4, wake_ms = null,
                       tries = 0, dedupe_key = null, error_code = null, error_data = null, finished_ms = null,
                       undelivered = 0
                   where id = $1 and undelivered = 1 and state = 'failed' and lease is null and removed_ms is null
                       and not exists (select 1 from job as other
                           where other.provider = job.provider and other.remote_id = $2 and other.id <> $1)
                   returning 1""",
                job_id,
                remote_id,
                now_ms,
                deadline_ms,
            )
        return bool(rows)

    async def strike_off(self, job_id: str) -> bool:
        """Take a job off the lists; False when it is on none."""
        async with self._db.transaction() as tx:
            return bool(
                await tx.fetch("update job set undelivered = 0 where id = $1 and undelivered = 1 returning 1", job_id)
            )
