"""Clips and frames: where their files are, and which attachments on Discord show them."""

from collections.abc import Sequence

from bot.db.database import Database, parameters
from bot.db.rows import to_clip, to_frame
from bot.domain.job import Clip, Frame


class Clips:
    """Read and complete the rows of clips and frames."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def clips(self, job_id: str) -> list[Clip]:
        """Give a job's clips in the order people count them."""
        return [
            to_clip(row) for row in await self._db.fetch("select * from clip where job_id = $1 order by slot", job_id)
        ]

    async def frames(self, job_id: str) -> dict[str, Frame]:
        """Give a job's images by role: start, and end if there is one."""
        rows = await self._db.fetch("select * from frame where job_id = $1", job_id)
        return {row["role"]: to_frame(row) for row in rows}

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
        async with self._db.transaction() as tx:
            await tx.fetch(
                "update clip set media_file = $3, bytes = $4 where job_id = $1 and slot = $2",
                job_id,
                slot,
                media_file,
                size,
            )

    async def clear_file(self, job_id: str, slot: int) -> None:
        """Write that a clip's file is in the media store no longer."""
        async with self._db.transaction() as tx:
            await tx.fetch("update clip set media_file = null where job_id = $1 and slot = $2", job_id, slot)

    async def set_clip_attachment(self, job_id: str, slot: int, message_id: int, attachment_id: int) -> None:
        """Write which attachment shows a clip."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                "update clip set message_id = $3, attachment_id = $4 where job_id = $1 and slot = $2",
                job_id,
                slot,
                message_id,
                attachment_id,
            )

    async def forget_attachments(self, job_id: str, message_id: int, slots: list[int], roles: list[str]) -> None:
        """Write that a card shows some of its clips and frames no longer."""
        async with self._db.transaction() as tx:
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

    async def set_frame_attachment(self, job_id: str, role: str, attachment_id: int) -> None:
        """Write which attachment shows a frame."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                "update frame set attachment_id = $3 where job_id = $1 and role = $2", job_id, role, attachment_id
            )
