"""Which edits of a card were sent and never answered: such a one may still land, on top of what came after it."""

from bot.db.database import Database
from bot.domain.job import Job

UPLOADING = "sending"
"""What the row says is shown while files are on their way: who finds it there looks at the card first."""

LOOK_AGAIN_MS = 10_000
"""How long after its end a card in doubt is looked at: longer than what was sent before may still take."""

DOUBTED = "doubted"
"""What it says of a card whose end may have been covered by an older edit: it is looked at, and put right."""


class CardEdits:
    """Count each edit of a card before it is sent, and take it off the count when it is answered."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def begin(self, job_id: str, card_hash: str | None = None) -> None:
        """Count an edit that is about to be sent, and write `card_hash` down if it is given."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """update job set unanswered_edits = unanswered_edits + 1, card_hash = coalesce($2, card_hash)
                   where id = $1""",
                job_id,
                card_hash,
            )

    async def answered(self, job_id: str, card_hash: str | None = None, *, surely: bool = True) -> None:
        """Take an edit off the count unless the answer leaves something open; `card_hash` is what the card shows."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """update job set card_hash = coalesce($2, card_hash),
                       unanswered_edits = case when unanswered_edits > $3 then unanswered_edits - $3 else 0 end
                   where id = $1""",
                job_id,
                card_hash,
                int(surely),
            )

    async def look_again(self, job: Job, now_ms: int) -> bool:
        """Put a job in hand, whose card tells its end, back for one more look at the card if any edit is unanswered.

        False when all were answered, or there is no card; then nothing is written.
        """
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                """update job set lease = null, due_ms = $5, wake_ms = null, tries = 0, card_hash = $6,
                       unanswered_edits = 0
                   where id = $1 and state = $2 and lease = $3 and epoch = $4
                       and unanswered_edits > 0 and message_id is not null returning 1""",
                job.id,
                job.state,
                job.lease,
                job.epoch,
                now_ms + LOOK_AGAIN_MS,
                DOUBTED,
            )
        return bool(rows)
