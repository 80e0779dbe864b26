"""Which edits of a card were sent and never answered: such a one may still land, on top of what came after it.

The row counts each edit from before it is sent. An answer is not written down by itself: the process remembers that it
has one counted too many, and the next edit needs no counting. A process that is killed leaves a count too high, and the
card is looked at once more than it had to be.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from bot.db import board_files
from bot.db.database import Database, Transaction
from bot.db.given_rows import given_rows
from bot.domain.job import Job

UPLOADING = "sending"
"""What the row says is shown while files are on their way: who finds it there looks at the card first."""

LOOK_AGAIN_MS = 10_000
"""How long after its end a card in doubt is looked at: longer than what was sent before may still take."""

DOUBTED = "doubted"
"""What it says of a card whose end may have been covered by an older edit: it is looked at, and put right."""

DELETED = "deleted"
"""What it says of a card that somebody deleted while its job was under way: none is made again."""

SETTLED_AFTER_MS = 5_000
"""How long an answer may be known to this process alone."""


KEPT_HASH = f"case when card_hash in ('{UPLOADING}', '{DOUBTED}', '{DELETED}') then card_hash else {{}} end"
"""What an edit that is counted makes of the hash: the row no longer says what is shown, but who knows it."""


def counted_edit(marker: str) -> str:
    """Write what a row becomes when an edit of its card is counted; a shot's card is counted by its storyboard."""
    return f"""unanswered_edits = unanswered_edits + case when storyboard_id is null then 1 else 0 end,
               card_hash = case when storyboard_id is null then {KEPT_HASH.format(marker)} else card_hash end"""


# What was counted ahead is gone, or stays too much, where somebody else changed the row since.
_ONE_MORE = "unanswered_edits = unanswered_edits + 1 - case when card_hash = $3 then $2 else 0 end"
_BEGIN = f"update job set {_ONE_MORE}, card_hash = {KEPT_HASH.format('$3')} where id = $1"
# A card that was deleted meanwhile stays so, or it would be made anew.
_BEGIN_UPLOAD = f"""update job set {_ONE_MORE}, card_hash = case when card_hash = '{DELETED}' then card_hash else $4 end
    where id = $1"""


@dataclass
class _Ahead:
    """Hold how many edits of a card are counted that none is under way for, and what the card shows if we know."""

    edits: int = 0
    card_hash: str | None = None
    since_ms: int | None = None


@dataclass(frozen=True)
class Shown:
    """Hold where files of a job are shown: slots of clips with their attachments, and roles of images with theirs."""

    message_id: int
    clips: Mapping[int, int]
    frames: Mapping[str, int]
    storyboard_id: str | None = None
    """Whose card shows them; then they are at the places of its shots."""


class CardEdits:
    """Count each edit of a card before it is sent, and take it off the count when it is answered."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._ahead: dict[str, _Ahead] = {}
        self._uploads_ahead: dict[str, int] = {}
        self.marker = f"counted by {secrets.token_hex(4)}"

    def is_ours(self, job: Job) -> bool:
        """Tell whether this process was the last to count an edit of a card, and so knows what it shows."""
        return job.card_hash == self.marker

    def in_doubt(self, job: Job) -> bool:
        """Tell whether any edit of a job's card was never answered, as its row was read."""
        upload = job.card_hash == UPLOADING and job.id in self._uploads_ahead
        return job.unanswered_edits > (self.ahead(job.id) if self.is_ours(job) else int(upload))

    def uploads_ahead(self, job_id: str) -> int:
        """Tell how many edits with files are counted that none is under way for, if the row still says so."""
        return int(job_id in self._uploads_ahead)

    def ahead(self, job_id: str) -> int:
        """Tell how many edits of a card are counted that none is under way for, if the row still has our marker."""
        return self._ahead[job_id].edits if job_id in self._ahead else 0

    def counted(self, job_id: str) -> None:
        """Remember that a row counts one edit more, which may follow; its hash is `marker` now."""
        self._put(job_id, 1)

    async def begin(self, job: Job, *, uploading: bool = False) -> None:
        """Count an edit that is about to be sent, unless one is counted ahead; one with files is told apart."""
        if self._takes_upload(job) or (self.is_ours(job) and not uploading and self._take(job.id)):
            return
        async with self._db.transaction() as tx:
            if uploading:
                await self.expect_upload(tx, job)
            else:
                await tx.fetch(_BEGIN, job.id, self._take(job.id, all_of_them=True), self.marker)

    async def set_card_hash(self, job_id: str, card_hash: str, message_id: int | None = None) -> None:
        """Write down what the card shows, and where it is if that changed; what is counted ahead is taken off."""
        taken, upload = self._take(job_id, all_of_them=True), self._take_upload(job_id)
        async with self._db.transaction() as tx:
            await tx.fetch(
                f"""update job set message_id = coalesce($3, message_id),
                       card_hash = case when card_hash = '{DELETED}' and $3 is null then card_hash else $2 end,
                       unanswered_edits = unanswered_edits - case card_hash when $4 then $5 when $6 then $7
                       else 0 end
                   where id = $1""",
                job_id,
                card_hash,
                message_id,
                self.marker,
                taken,
                UPLOADING,
                upload,
            )
            if message_id is not None:
                await board_files.follow_card(tx, job_id)

    def upload_counted(self, job: Job) -> None:
        """Remember that a row counts an edit with files that is to follow; its hash is `UPLOADING` now."""
        self._uploads_ahead[job.id] = job.epoch

    def may_have_sent(self, job: Job) -> bool:
        """Tell whether a try that was interrupted may have put files on a job's card."""
        return job.card_hash == UPLOADING and self._uploads_ahead.get(job.id) != job.epoch

    async def expect_upload(self, tx: Transaction, job: Job) -> None:
        """Count an edit with files that follows a transaction, inside of it; see `upload_counted`."""
        await tx.fetch(_BEGIN_UPLOAD, job.id, self._take(job.id, all_of_them=True), self.marker, UPLOADING)

    def still_shows(self, job_id: str, card_hash: str) -> None:
        """Remember what a card shows that needed no edit."""
        if ahead := self._ahead.get(job_id):
            ahead.card_hash = card_hash

    def answered(self, job_id: str, card_hash: str | None = None, *, surely: bool = True) -> None:
        """Remember that an edit was answered, unless the answer leaves something open; `card_hash` is what it shows."""
        self._put(job_id, int(surely), card_hash)

    async def refused(self, job: Job, *, uploading: bool, surely: bool) -> None:
        """Take an edit that was refused off the count, unless the answer leaves something open."""
        if not uploading and job.card_hash not in (UPLOADING, DOUBTED):  # else the row is not marked as ours
            self.answered(job.id, surely=surely)
        elif surely:
            async with self._db.transaction() as tx:
                await tx.fetch(
                    "update job set unanswered_edits = unanswered_edits - 1 where id = $1 and unanswered_edits > 0",
                    job.id,
                )

    async def record(self, job_id: str, card_hash: str, shown: Shown, *, surely: bool = True) -> None:
        """Write down that an edit was answered, what the card shows now, and where its files are."""
        async with self._db.transaction() as tx:
            await write_shown(tx, job_id, shown)
            taken = self._take(job_id, all_of_them=True) + self._take_upload(job_id)
            await tx.fetch(
                """update job set card_hash = $2,
                       unanswered_edits = case when unanswered_edits > $3 then unanswered_edits - $3 else 0 end
                   where id = $1""",
                job_id,
                card_hash,
                int(surely) + taken,
            )

    async def write_shown(self, job_id: str, shown: Shown) -> None:
        """Write down where files are shown."""
        if shown.clips or shown.frames:
            async with self._db.transaction() as tx:
                await write_shown(tx, job_id, shown)

    async def look_again(self, job: Job, now_ms: int) -> bool:
        """Put a job in hand, whose card tells its end, back for one more look at the card if any edit is unanswered.

        False when all were answered, or there is no card; then nothing is written.
        """
        async with self._db.transaction() as tx:
            return await look_again(tx, job, self, now_ms)

    async def settle(self, now_ms: int | None = None) -> None:
        """Write down which edits were answered a while ago; without `now_ms`, all of them."""
        due: dict[str, _Ahead] = {}
        for job_id, ahead in list(self._ahead.items()):
            if ahead.since_ms is None:
                ahead.since_ms = now_ms
            if now_ms is None or now_ms - (ahead.since_ms or 0) >= SETTLED_AFTER_MS:
                due[job_id] = self._ahead.pop(job_id)
        if not due:
            return
        rows, values = given_rows(
            ("text", "bigint", "text"), [(job_id, ahead.edits, ahead.card_hash) for job_id, ahead in due.items()], 2
        )
        async with self._db.transaction() as tx:
            await tx.fetch(
                f"""with given (job_id, edits, card_hash) as ({rows}),
                        picked as (
                            select id from job where id in (select job_id from given)
                            order by created_ms, id for update)
                    update job set card_hash = given.card_hash,
                        unanswered_edits = case when unanswered_edits > edits then unanswered_edits - edits else 0 end
                    from given
                    where job.id = given.job_id and job.id in (select id from picked) and job.card_hash = $1""",
                self.marker,
                *values,
            )

    def forget(self, job_id: str) -> None:
        """Forget a job whose row counts no edits any more."""
        self._ahead.pop(job_id, None)
        self._uploads_ahead.pop(job_id, None)

    def _take_upload(self, job_id: str) -> int:
        return int(self._uploads_ahead.pop(job_id, None) is not None)

    def _takes_upload(self, job: Job) -> bool:
        if job.card_hash != UPLOADING or job.id not in self._uploads_ahead:
            return False
        del self._uploads_ahead[job.id]
        return True

    def _take(self, job_id: str, *, all_of_them: bool = False) -> int:
        """Take an edit off what is counted ahead, or all; tells how many those were."""
        ahead = self._ahead.get(job_id)
        if ahead is None:
            return 0
        taken = ahead.edits if all_of_them else min(1, ahead.edits)
        ahead.edits -= taken
        if not ahead.edits:
            del self._ahead[job_id]
        return taken

    def _put(self, job_id: str, edits: int, card_hash: str | None = None) -> None:
        if edits:
            ahead = self._ahead.setdefault(job_id, _Ahead())
            ahead.edits += edits
            ahead.card_hash, ahead.since_ms = card_hash, None


async def write_shown(tx: Transaction, job_id: str, shown: Shown) -> None:
    """Write down where files are shown, in one statement for the clips and one for the images."""
    if shown.storyboard_id is not None:
        await board_files.write_shown(tx, shown.storyboard_id, shown.message_id, shown.clips, shown.frames)
        return
    if shown.clips:
        rows, values = given_rows(("bigint", "bigint"), list(shown.clips.items()), 3)
        await tx.fetch(
            f"""with given (slot, attachment_id) as ({rows})
                update clip set message_id = $2, attachment_id = given.attachment_id
                from given where clip.job_id = $1 and clip.slot = given.slot""",
            job_id,
            shown.message_id,
            *values,
        )
    if shown.frames:
        rows, values = given_rows(("text", "bigint"), list(shown.frames.items()), 2)
        await tx.fetch(
            f"""with given (role, attachment_id) as ({rows})
                update frame set attachment_id = given.attachment_id
                from given where frame.job_id = $1 and frame.role = given.role""",
            job_id,
            *values,
        )


async def look_again(tx: Transaction, job: Job, card_edits: CardEdits, now_ms: int) -> bool:
    """Do what `CardEdits.look_again` does, in a transaction of somebody else's."""
    rows = await tx.fetch(
        """update job set lease = null, due_ms = $5, wake_ms = null, tries = 0, card_hash = $6, unanswered_edits = 0
           where id = $1 and state = $2 and lease = $3 and epoch = $4
               and unanswered_edits > case card_hash when $8 then $7 when $9 then $10 else 0 end
               and message_id is not null
           returning 1""",
        job.id,
        job.state,
        job.lease,
        job.epoch,
        now_ms + LOOK_AGAIN_MS,
        DOUBTED,
        card_edits.ahead(job.id),
        card_edits.marker,
        UPLOADING,
        card_edits.uploads_ahead(job.id),
    )
    return bool(rows)
