"""Choose the clips that go into one request, each small enough for Discord."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field

from bot.domain.job import Clip, Job
from bot.errors import BadImage
from bot.media import MediaStore, Transcoder, resize_to_limit, run_in_image_thread
from bot.publisher.discord_messages import BASE_FILE_LIMIT
from bot.ui.attachments import Upload, clip_name

log = logging.getLogger(__name__)

REQUEST_BYTES = 24 * 1024 * 1024
"""How much one request may carry; Discord's limit is 25 MiB for all of it (discord.md, section 2)."""


@dataclass(frozen=True)
class ClipUpload:
    """Hold one clip that is ready to be sent."""

    slot: int
    upload: Upload


@dataclass
class SizeLimits:
    """Remember what Discord found too large while one job is delivered."""

    limits: dict[int, int] = field(default_factory=dict[int, int])
    alone: bool = False
    """Whether clips are sent one by one, because several together were too large."""

    def learn(self, uploads: Collection[ClipUpload]) -> None:
        """Draw the conclusion: of several, send each alone; of one, make it smaller."""
        if len(uploads) > 1:
            self.alone = True
        for upload in uploads if len(uploads) == 1 else ():
            size = len(upload.upload.data)
            self.limits[upload.slot] = max(
                (limit for limit in (REQUEST_BYTES, BASE_FILE_LIMIT) if limit < size), default=0
            )


class AttachmentBatcher:
    """Read clips from the media store, and make those smaller that are too large."""

    def __init__(self, media: MediaStore, transcoder: Transcoder) -> None:
        self._media = media
        self._transcoder = transcoder

    async def batch(self, job: Job, clips: list[Clip], limit: int, size_limits: SizeLimits) -> list[ClipUpload]:
        """Choose the first of the given clips that fit into one request together; none when all are too large.

        `limit` is in bytes per file.
        """
        batch: list[ClipUpload] = []
        size = 0
        for clip in clips:
            allowed = min(limit, size_limits.limits.get(clip.slot, limit))
            if batch and (size_limits.alone or size + min(clip.bytes or 0, allowed) > REQUEST_BYTES):
                break
            data = await self._read_within(job, clip, allowed)
            if data is None:
                continue
            if batch and size + len(data) > REQUEST_BYTES:
                break
            size += len(data)
            batch.append(ClipUpload(clip.slot, Upload(clip_name(clip), data)))
        return batch

    async def _read_within(self, job: Job, clip: Clip, limit: int) -> bytes | None:
        """Read a clip, or a smaller copy of it; None when it cannot be made small enough."""
        try:
            if (clip.bytes or 0) <= limit:
                return await self._media.read(clip.media_file or "")
            return await self._reduced(job, clip, limit) if limit else None
        except FileNotFoundError:
            log.warning("job %s: clip %d is in the media store no longer", job.id, clip.slot + 1)
            return None

    async def _reduced(self, job: Job, clip: Clip, limit: int) -> bytes | None:
        """Give the smaller copy that an earlier try has made, or make one; the clip itself stays as it is."""
        is_video = job.kind.makes_video
        name = f"{job.id}/{clip.slot + 1}.small.{'mp4' if is_video else 'jpg'}"
        if await self._media.has(name):
            data = await self._media.read(name)
            if len(data) <= limit:
                return data
        if is_video:
            data = await self._transcoder.shrink(self._media.path(clip.media_file or ""), limit)
        else:
            data = await self._smaller(await self._media.read(clip.media_file or ""), limit)
        if data is None:
            return None
        await self._media.keep(name, data)
        log.info("job %s: clip %d is sent as %d bytes instead of %d", job.id, clip.slot + 1, len(data), clip.bytes or 0)
        return data

    @staticmethod
    async def _smaller(picture: bytes, limit: int) -> bytes | None:
        try:
            return await run_in_image_thread(resize_to_limit, picture, limit)
        except BadImage:
            # What ends the process that reads it is linked, as what cannot be read is.
            return None
