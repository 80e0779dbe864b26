"""What members look back on: their own jobs, and a finished one shown again (T9, done -> ready)."""

from bot.db import board_files
from bot.db.card_edits import DELETED
from bot.db.database import Database
from bot.db.rows import to_job
from bot.db.shares import draw_anew
from bot.db.shown_messages import remember_shown
from bot.domain.job import Job, State


class JobHistoryRepository:
    """Read a member's jobs, and bring a finished one to a new card."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def unfinished(self, most: int = 25) -> list[Job]:
        """List the jobs that have not ended, oldest first."""
        rows = await self._db.fetch(
            """select * from job where state not in ('done', 'failed') and removed_ms is null
               order by created_ms limit $1""",
            most,
        )
        return [to_job(row) for row in rows]

    async def seed(self, job_id: str) -> str | None:
        """Give the seed of a job's pictures; None when nobody has found it yet."""
        rows = await self._db.fetch(
            """select * from job
               where parent_job_id = $1 and kind = 'seed' and state in ('ready', 'done') and removed_ms is null""",
            job_id,
        )
        results = [to_job(row).result for row in rows]
        return next((result.seed for result in results if result is not None and result.seed), None)

    async def show_again(
        self,
        job_id: str,
        *,
        channel_id: int,
        message_id: int | None,
        token: str,
        until_ms: int,
        file_limit: int,
        now: int,
    ) -> Job | None:
        """T9, done -> ready: give a job a new card, to which its clips are delivered; nothing is charged.

        None when it is not done, or somebody else was faster, or another shot that shares its card has not ended: that
        one is still shown where it was asked for. The old card keeps what it shows; the new one hides it where the
        server hides everything by now.
        """
        async with self._db.transaction() as tx:
            shots = await board_files.lock_shots(tx, job_id)
            if any(state not in (State.DONE, State.FAILED) for state in shots):
                return None
            await remember_shown(tx, job_id, is_shot=bool(shots))
            rows = await tx.fetch(
                """update job set state = 'ready', channel_id = $2, message_id = $3, token = $4, token_until_ms = $5,
                       file_limit = $6, card_hash = null, unanswered_edits = 0, error_code = null, error_data = null,
                       due_ms = $7, wake_ms = null, tries = 0, undelivered = 0, silent = 1,
                       spoiler = case when (select guild.spoiler from guild where guild.guild_id = job.guild_id) = 1
                           then 1 else spoiler end
                   where id = $1 and state = 'done' and lease is null and removed_ms is null returning *""",
                job_id,
                channel_id,
                message_id,
                token,
                until_ms,
                file_limit,
                now,
            )
            if rows:
                await tx.fetch("update clip set message_id = null, attachment_id = null where job_id = $1", job_id)
                await tx.fetch("update frame set attachment_id = null where job_id = $1", job_id)
                await board_files.move_card(tx, to_job(rows[0]))
        return to_job(rows[0]) if rows else None

    async def set_spoiler(self, job_id: str, spoiler: int, now_ms: int) -> Job | None:
        """T9, done -> ready: hide what an ended job's card shows, or no longer, and let the card be told.

        What failed stays so, and is due to tell its card; what is looked at once more anyway is told then. That it is
        drawn anew is no news to anybody. None when it has not ended, or is being shown just now.
        """
        async with self._db.transaction() as tx:
            await board_files.lock_shots(tx, job_id)
            rows = await tx.fetch(
                """update job set spoiler = $2, wake_ms = null, tries = 0,
                       due_ms = case when state = 'ready' then due_ms else $3 end,
                       state = case when state = 'done' then 'ready' else state end,
                       silent = case when state = 'done' then 1 else silent end,
                       error_code = case when state = 'done' then null else error_code end,
                       untold = case when state = 'failed' then 1 else 0 end
                   where id = $1 and state in ('ready', 'done', 'failed') and lease is null
                       and removed_ms is null
                   returning *""",
                job_id,
                spoiler,
                now_ms,
            )
            if rows and rows[0]["storyboard_id"] is not None:
                await tx.fetch(
                    "update job set spoiler = $2 where storyboard_id = $1", rows[0]["storyboard_id"], spoiler
                )
            if rows:
                await draw_anew(tx, job_id, rows[0]["storyboard_id"], now_ms)
            await tx.wake()
        return to_job(rows[0]) if rows else None

    async def clear_card(self, job_id: str) -> None:
        """Forget a card that was deleted, and what it showed; it is not made again, and its row says so."""
        async with self._db.transaction() as tx:
            rows = await tx.fetch("select message_id from job where id = $1 for update", job_id)
            await tx.fetch(
                "update clip set message_id = null, attachment_id = null where job_id = $1 and message_id = $2",
                job_id,
                rows[0]["message_id"] if rows else None,
            )
            await tx.fetch("update frame set attachment_id = null where job_id = $1", job_id)
            await tx.fetch(
                """update job set message_id = null, card_hash = $2, unanswered_edits = 0, token = null,
                       token_until_ms = 0
                   where id = $1""",
                job_id,
                DELETED,
            )
            await board_files.clear_card(tx, job_id)
