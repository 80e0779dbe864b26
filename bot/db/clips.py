"""Clips and frames: where their files are, and which attachments on Discord show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.db import board_files
from bot.db.card_edits import CardEdits
from bot.db.database import Database, Transaction, parameters
from bot.db.given_rows import given_rows
from bot.db.leases import row_or_lost_lease
from bot.db.rows import to_clip, to_frame
from bot.domain.job import Clip, Frame, Job


@dataclass(frozen=True)
class Fetched:
    """Hold where the file of a clip lies in the media store, and its size."""

    slot: int
    media_file: str
    bytes: int


class Clips:
    """Read and complete the rows of clips and frames."""

    def __init__(self, db: Database, card_edits: CardEdits) -> None:
        self._db = db
        self._card_edits = card_edits

    async def clips(self, job_id: str) -> list[Clip]:
        """Give a job's clips in the order people count them."""
        return [
            to_clip(row) for row in await self._db.fetch("select * from clip where job_id = $1 order by slot", job_id)
        ]

    async def frames(self, job_id: str) -> dict[str, Frame]:
        """Give a job's images by role: start, and end if there is one."""
        rows = await self._db.fetch("select * from frame where job_id = $1", job_id)
        return {row["role"]: to_frame(row) for row in rows}

    async def add_frame(self, frame: Frame) -> None:
        """Write down where one of a job's images lies in the media store."""
        async with self._db.transaction() as tx:
            await insert_frames(tx, frame.job_id, [frame])

    async def add_frame_in_hand(self, job: Job, frame: Frame) -> None:
        """Write down where an image of a job in hand lies; raises `LostLease` where others have the job by now."""
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                "select * from job where id = $1 and lease = $2 and epoch = $3 for update",
                job.id,
                job.lease,
                job.epoch,
            )
            row_or_lost_lease(job, rows)
            await insert_frames(tx, job.id, [frame])

    async def known(self, ids: Sequence[str]) -> list[str]:
        """Tell which of some ids are those of jobs or previews, whose files lie in a folder of that name."""
        named = parameters(ids)
        rows = await self._db.fetch(
            f"select id from job where id in ({named}) union select id from region_preview where id in ({named})", *ids
        )
        return [row["id"] for row in rows]

    async def lends(self, job_id: str) -> bool:
        """Tell whether another job's card shows an image that is kept with this job."""
        rows = await self._db.fetch(
            # No range: a server may sort signs and letters as a dictionary does.
            "select 1 from frame where substr(media_file, 1, $2) = $1 and job_id <> $3 limit 1",
            f"{job_id}/",
            len(job_id) + 1,
            job_id,
        )
        return bool(rows)

    async def set_file(self, job_id: str, slot: int, media_file: str, size: int) -> None:
        """Write where a clip's file lies in the media store."""
        await self.set_files(job_id, [Fetched(slot, media_file, size)])

    async def set_files(self, job_id: str, files: Sequence[Fetched], *, sent_next: Job | None = None) -> None:
        """Write where the files of a job's clips lie in the media store.

        Where they are put on the card of `sent_next` at once, that edit is counted with it.
        """
        if not files:
            return
        rows, values = given_rows(
            ("bigint", "text", "bigint"), [(file.slot, file.media_file, file.bytes) for file in files], 2
        )
        async with self._db.transaction() as tx:
            await tx.fetch(
                f"""with given (slot, media_file, bytes) as ({rows})
                    update clip set media_file = given.media_file, bytes = given.bytes
                    from given where clip.job_id = $1 and clip.slot = given.slot""",
                job_id,
                *values,
            )
            if sent_next is not None:
                await self._card_edits.expect_upload(tx, sent_next)
        if sent_next is not None:
            self._card_edits.upload_counted(sent_next)

    async def clear_file(self, job_id: str, slot: int) -> None:
        """Write that a clip's file is in the media store no longer."""
        async with self._db.transaction() as tx:
            await tx.fetch("update clip set media_file = null where job_id = $1 and slot = $2", job_id, slot)

    async def forget_attachments(
        self, job_id: str, message_id: int, slots: list[int], roles: list[str], *, storyboard_id: str | None = None
    ) -> None:
        """Write that a card shows some of its clips and frames no longer."""
        async with self._db.transaction() as tx:
            if storyboard_id is not None:
                await board_files.forget(tx, storyboard_id, message_id, slots, roles)
                return
            for slot in slots:
                await tx.fetch(
                    """update clip set message_id = null, attachment_id = null
                       where job_id = $1 and message_id = $2 and slot = $3""",
                    job_id,
                    message_id,
                    slot,
                )
            for role in roles:
                await tx.fetch("update frame set attachment_id = null where job_id = $1 and role = $2", job_id, role)


async def insert_clips(tx: Transaction, job_id: str, links: Sequence[str]) -> None:
    """Write a job's clips down by their links, in one statement."""
    if links:
        lines = ", ".join(f"($1, {slot}, ${slot + 2})" for slot, _ in enumerate(links))
        await tx.fetch(
            f"insert into clip (job_id, slot, remote_url) values {lines} on conflict do nothing", job_id, *links
        )


async def insert_frames(tx: Transaction, job_id: str, frames: Sequence[Frame]) -> None:
    """Write down where a job's images lie in the media store, in one statement."""
    if frames:
        lines = ", ".join(f"($1, ${place}, ${place + 1})" for place in range(2, 2 + 2 * len(frames), 2))
        await tx.fetch(
            f"""insert into frame (job_id, role, media_file) values {lines}
                on conflict (job_id, role) do update set media_file = excluded.media_file""",
            job_id,
            *(value for frame in frames for value in (frame.role, frame.media_file)),
        )
