"""Clips and frames: where their files are, and which attachments on Discord show them."""

from bot.db.database import Database
from bot.db.rows import to_clip, to_frame
from bot.domain.job import Clip, Frame


class Media:
    """Read and complete the rows of clips and frames."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def clips(self, job_id: str) -> list[Clip]:
        """Give a job's clips in the order people count them."""
        return [
            to_clip(row) for row in await self._db.fetch("select * from clip where job_id = $1 order by slot", job_id)
        ]

    async def frames(self, job_id: str) -> dict[str, Frame]:
        """Give a job's pictures by place: start, and end if there is one."""
        rows = await self._db.fetch("select * from frame where job_id = $1", job_id)
        return {row["place"]: to_frame(row) for row in rows}

    async def kept(self, job_id: str, slot: int, media_file: str, size: int) -> None:
        """Write where a clip's file lies in the media store."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                "update clip set media_file = $3, bytes = $4 where job_id = $1 and slot = $2",
                job_id,
                slot,
                media_file,
                size,
            )

    async def swept(self, job_id: str, slot: int) -> None:
        """Write that a clip's file is in the media store no longer."""
        async with self._db.transaction() as tx:
            await tx.fetch("update clip set media_file = null where job_id = $1 and slot = $2", job_id, slot)

    async def clip_shown(self, job_id: str, slot: int, message_id: int, attachment_id: int) -> None:
        """Write which attachment shows a clip."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                "update clip set message_id = $3, attachment_id = $4 where job_id = $1 and slot = $2",
                job_id,
                slot,
                message_id,
                attachment_id,
            )

    async def frame_shown(self, job_id: str, place: str, attachment_id: int) -> None:
        """Write which attachment shows a frame."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                "update frame set attachment_id = $3 where job_id = $1 and place = $2", job_id, place, attachment_id
            )
