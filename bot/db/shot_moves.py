"""What a shot's transitions do beyond its own row: the later shots end with it, and its card is the storyboard's."""

from bot.db.card_edits import DELETED, DOUBTED, LOOK_AGAIN_MS, UPLOADING, CardEdits
from bot.db.database import Transaction
from bot.db.job_moves import Ending, finish
from bot.db.leases import row_or_lost_lease
from bot.db.pings import expect_ping
from bot.db.rows import dump, to_job
from bot.domain.job import Job, State
from bot.errors import AnimaticError, Cancelled, StoryboardStopped

CARD_JOB = "(select id from job where storyboard_id = $1 order by created_ms, id limit 1)"
"""Whose row says what a storyboard's card shows: its first job's."""


async def end_later_shots(tx: Transaction, job: Job, reason: AnimaticError, now_ms: int) -> list[Job]:
    """T6 for the shots that wait for one that ends badly, still without refunds: whoever took it back took them all.

    They were written with it: those of a later attempt go on from others.
    """
    reason = reason if isinstance(reason, Cancelled) else StoryboardStopped((job.shot or 0) + 1)
    rows = await tx.fetch(
        """update job set state = 'failing', error_code = $4, error_data = $5, finished_ms = $3, due_ms = $3,
               lease = null, wake_ms = null, tries = 0
           where id in (select id from job
               where storyboard_id = $1 and shot > $2 and created_ms = $6 and state in ('received', 'queued')
               order by created_ms, id for update)
           returning *""",
        job.storyboard_id,
        job.shot,
        now_ms,
        reason.code,
        dump(reason.data),
        job.created_ms,
    )
    return sorted((to_job(row) for row in rows), key=lambda shot: shot.shot or 0)


async def finish_shot(tx: Transaction, job: Job, card_edits: CardEdits, now_ms: int, ending: Ending) -> Job | None:
    """T7 of a shot, with whose end the last one's requester is pinged.

    None if it is the last one, any edit of the card was never answered, and it is looked at once more: while others are
    on their way the card is edited anyway.
    """
    # One after the other: each of the last two is to see that the other has ended.
    (card,) = await tx.fetch(f"select id, card_hash from job where id = {CARD_JOB} for update", job.storyboard_id)
    rows = await tx.fetch(
        "select distinct state from job where storyboard_id = $1 and id <> $2", job.storyboard_id, job.id
    )
    others = {State(row["state"]) for row in rows}
    if others - {State.DONE, State.FAILED}:
        return await finish(tx, job, ending)
    if not await _doubt(tx, card["id"], card_edits):
        moved = await finish(tx, job, ending)
        partly_made, unseen = State.DONE in others, card["card_hash"] == DELETED
        await expect_ping(tx, job, now_ms, partly_made=partly_made, unseen=unseen)
        return moved
    rows = await tx.fetch(
        """update job set lease = null, due_ms = $5, wake_ms = null, tries = 0
           where id = $1 and state = $2 and lease = $3 and epoch = $4 returning *""",
        job.id,
        job.state,
        job.lease,
        job.epoch,
        now_ms + LOOK_AGAIN_MS,
    )
    row_or_lost_lease(job, rows)
    return None


async def _doubt(tx: Transaction, job_id: str, card_edits: CardEdits) -> bool:
    """Write that a card is to be looked at, if any edit of it was never answered; False when all were."""
    rows = await tx.fetch(
        """update job set card_hash = $2, unanswered_edits = 0
           where id = $1 and message_id is not null
               and unanswered_edits > case card_hash when $4 then $3 when $5 then $6 else 0 end
           returning 1""",
        job_id,
        DOUBTED,
        card_edits.ahead(job_id),
        card_edits.marker,
        UPLOADING,
        card_edits.uploads_ahead(job_id),
    )
    if rows:
        card_edits.forget(job_id)
    return bool(rows)
