"""What is kept no longer than it may be: the content of jobs that ended long ago, some at a time; the ledger stays."""

from collections.abc import Sequence

from bot.db.database import Database, parameters
from bot.db.erased import remember_board_films
from bot.db.rows import dump, to_job
from bot.domain.job import Job
from bot.domain.removal import without_content

_KEPT = "state in ('done', 'failed') and removed_ms is null and finished_ms < $1"


class OldJobs:
    """Find jobs that ended before a moment, and erase what says anything of them but sums."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def older(self, than_ms: int, most: int) -> list[Job]:
        """Give some that nobody has in hand, the oldest first; the shots of one card, once the last of them is old."""
        rows = await self._db.fetch(
            f"""select * from job where {_KEPT} and lease is null and due_ms is null
                    and not exists (select 1 from job as shot where shot.storyboard_id = job.storyboard_id
                        and job.storyboard_id is not null and (shot.finished_ms is null or shot.finished_ms >= $1
                            or shot.lease is not null or shot.due_ms is not null))
                order by finished_ms limit $2""",
            than_ms,
            most,
        )
        return [to_job(row) for row in rows]

    async def erase(self, jobs: Sequence[Job], than_ms: int, now_ms: int) -> int:
        """Erase prompts, links and words; their cards stand, and nothing shows or uses the jobs any more.

        Gives how many: whoever was shown again meanwhile stays.
        """
        async with self._db.transaction() as tx:
            ids = [job.id for job in jobs]
            rows = await tx.fetch(
                f"""select id from job where {_KEPT} and lease is null and due_ms is null
                        and id in ({parameters(ids, 2)}) order by created_ms, id for update""",
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
                               token_until_ms = 0, undelivered = 0, untold = 0
                           where id = $1""",
                        job.id,
                        now_ms,
                        dump(without_content(job.params).to_json()),
                    )
        return len(gone)
