"""Choose the clips that go into one request, each small enough for Discord."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Collection
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.job import Clip, Job
from bot.errors import BadImage
from bot.media import MediaStore, Transcoder, resize_to_limit, run_in_image_thread, temporary_folder
from bot.publisher.discord_messages import BASE_FILE_LIMIT
from bot.publisher.shown_files import MOST_FILES
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
            size = upload.upload.size
            self.limits[upload.slot] = max(
                (limit for limit in (REQUEST_BYTES, BASE_FILE_LIMIT) if limit < size), default=0
            )


class AttachmentBatcher:
    """Have clips of the media store on this machine, and make those smaller that are too large."""

    def __init__(self, media: MediaStore, transcoder: Transcoder) -> None:
        self._media = media
        self._transcoder = transcoder

    @asynccontextmanager
    async def batch(
        self, job: Job, clips: list[Clip], limit: int, size_limits: SizeLimits, *, most: int = MOST_FILES
    ) -> AsyncGenerator[list[ClipUpload]]:
        """Choose the first of the given clips that fit into one request together; none when all are too large.

        `limit` is in bytes per file, `most` how many files the message takes. The files are there until the block ends.
        """
        batch: list[ClipUpload] = []
        size = 0
        async with AsyncExitStack() as stack:
            for clip in clips:
                allowed = min(limit, size_limits.limits.get(clip.slot, limit))
                if len(batch) == most:
                    break
                if batch and (size_limits.alone or size + min(clip.bytes or 0, allowed) > REQUEST_BYTES):
                    break
                file = await self._file_within(stack, job, clip, allowed)
                if file is None:
                    continue
                upload = Upload(clip_name(clip), file)
                if batch and size + upload.size > REQUEST_BYTES:
                    break
                size += upload.size
                batch.append(ClipUpload(clip.slot, upload))
            yield batch

    async def _file_within(self, stack: AsyncExitStack, job: Job, clip: Clip, limit: int) -> Path | None:
        """Have a clip, or a smaller copy of it, on this machine; None when it cannot be made small enough."""
        try:
            if (clip.bytes or 0) <= limit:
                return await stack.enter_async_context(self._media.local(clip.media_file or ""))
            return await self._reduced(stack, job, clip, limit) if limit else None
        except FileNotFoundError:
            log.warning("job %s: clip %d is in the media store no longer", job.id, clip.slot + 1)
            return None

    async def _reduced(self, stack: AsyncExitStack, job: Job, clip: Clip, limit: int) -> Path | None:
        """Give the smaller copy that an earlier try has made, or make one; the clip itself stays as it is."""
        is_video = job.kind.makes_video
        name = f"{clip.job_id}/{Path(clip.media_file or '').stem}.small.{'mp4' if is_video else 'jpg'}"
        with suppress(FileNotFoundError):
            earlier = await stack.enter_async_context(self._media.local(name))
            if (await asyncio.to_thread(earlier.stat)).st_size <= limit:
                return earlier
        made = await stack.enter_async_context(temporary_folder()) / "made"
        if is_video:
            async with self._media.local(clip.media_file or "") as source:
                fits = await self._transcoder.shrink(source, limit, made)
        else:
            fits = await self._shrink_picture(await self._media.read(clip.media_file or ""), limit, made)
        if not fits:
            return None
        size = await self._media.keep_file(name, made)
        log.info("job %s: clip %d is sent as %d bytes instead of %d", job.id, clip.slot + 1, size, clip.bytes or 0)
        return made

    @staticmethod
    async def _shrink_picture(picture: bytes, limit: int, to: Path) -> bool:
        """Write a smaller copy of a picture; False when it cannot be made small enough."""
        try:
            data = await run_in_image_thread(resize_to_limit, picture, limit)
        except BadImage:
            # What ends the process that reads it is linked, as what cannot be read is.
            return False
        if data is not None:
            await asyncio.to_thread(to.write_bytes, data)
        return data is not None
