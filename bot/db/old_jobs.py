"""What is kept no longer than it may be: the content of jobs that ended long ago, some at a time; the ledger stays."""

from collections.abc import Sequence

from bot.db.database import Database, parameters
from bot.db.erased import remember_board_films
from bot.db.rows import dump, to_job
from bot.domain.job import Job
from bot.domain.removal import without_content

_AT_REST = """{job}.state in ('done', 'failed') and {job}.removed_ms is null and {job}.finished_ms < $1
    and {job}.lease is null and {job}.due_ms is null"""

_SETTLED = """{job}.undelivered = 0 and ({job}.error_code is null or {job}.error_code <> 'unknown_charge'
    or {job}.remote_id is not null or {job}.given_up_ms is not null)"""
"""What was paid for reached its member, or is in doubt no more: until then it can be brought, or adopted."""

_UNUSED = """not exists (select 1 from job as other
        where other.parent_job_id = job.id and other.state not in ('done', 'failed'))
    and not exists (select 1 from frame cross join job as other
        where substr(frame.media_file, 1, 14) = job.id || '' and other.id = frame.job_id
            and other.state not in ('done', 'failed'))"""
"""Nothing that is under way goes on from it, or starts from an image of it.

SQLite finds an expression by its index only if what it is compared with is one too.
"""

_ERASABLE = f"{_AT_REST.format(job='job')} and {_SETTLED.format(job='job')} and {_UNUSED}"


class OldJobs:
    """Find jobs that ended before a moment, and erase what says anything of them but sums."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def older(self, than_ms: int, most: int) -> list[Job]:
        """Give some that nobody has in hand, the oldest first; the shots of one card, once the last of them is old."""
        rows = await self._db.fetch(
            f"""select * from job where {_ERASABLE}
                    and not exists (select 1 from job as shot where shot.storyboard_id = job.storyboard_id
                        and job.storyboard_id is not null and (shot.finished_ms is null or shot.finished_ms >= $1
                            or shot.lease is not null or shot.due_ms is not null
                            or not ({_SETTLED.format(job="shot")})))
                order by finished_ms limit $2""",
            than_ms,
            most,
        )
        return [to_job(row) for row in rows]

    async def erase(self, jobs: Sequence[Job], than_ms: int, now_ms: int) -> int:
        """Erase prompts, links and words; their cards stand, and nothing shows or uses the jobs any more.

        Gives how many: whoever was shown again meanwhile stays. Their files are to be deleted then (`files`).
        """
        async with self._db.transaction() as tx:
            ids = [job.id for job in jobs]
            rows = await tx.fetch(
                f"""select id from job where {_ERASABLE} and id in ({parameters(ids, 2)})
                    order by created_ms, id for update""",
                than_ms,
                *ids,
            )
            gone = {row["id"] for row in rows}
            if not gone:
                return 0
            named = parameters(sorted(gone))
            # Which messages show them is known for those who want to be forgotten.
            await tx.fetch(
                f"""insert into shown_message (job_id, channel_id, message_id)
                    select job.id, job.channel_id, clip.message_id from job cross join clip
                    where job.id in ({named}) and clip.job_id = job.id and clip.message_id is not null
                    on conflict do nothing""",
                *sorted(gone),
            )
            await remember_board_films(tx, sorted(gone))
            for table in ("clip", "frame", "job_word", "favourite", "ping"):
                await tx.fetch(f"delete from {table} where job_id in ({named})", *sorted(gone))
            await tx.fetch(
                f"delete from storyboard where id in (select storyboard_id from job where id in ({named}))",
                *sorted(gone),
            )
            await tx.fetch(f"update film set media_file = null, parts = null where job_id in ({named})", *sorted(gone))
            for job in jobs:
                if job.id in gone:
                    await tx.fetch(
                        """update job set removed_ms = $2, dedupe_key = null, params = $3, result = null,
                               extend_ref = null, error_data = null, roles = '[]', card_hash = null, token = null,
                               locale = null, token_until_ms = 0, undelivered = 0, untold = 0
                           where id = $1""",
                        job.id,
                        now_ms,
                        dump(without_content(job.params).to_json()),
                    )
                    await tx.fetch("insert into erased_file (job_id) values ($1) on conflict do nothing", job.id)
        return len(gone)

    async def files(self, most: int) -> list[str]:
        """Name some jobs that were erased and may still have files."""
        rows = await self._db.fetch("select job_id from erased_file order by job_id limit $1", most)
        return [row["job_id"] for row in rows]

    async def files_gone(self, job_id: str) -> None:
        """Write down that an erased job has no files any more."""
        async with self._db.transaction() as tx:
            await tx.fetch("delete from erased_file where job_id = $1", job_id)
