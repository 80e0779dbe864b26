"""The small picture that stands for a job in lists: made once, when the job is delivered."""

import logging
from contextlib import suppress

from bot.db.store import CardFacts
from bot.domain.job import Job
from bot.errors import BadImage
from bot.media import LIST_SIDE, MediaStore, run_in_image_thread, thumbnail
from bot.media.store import thumbnail_path

log = logging.getLogger(__name__)


class Thumbnails:
    """Make them of what a film starts with, or of the first picture."""

    def __init__(self, media: MediaStore) -> None:
        self._media = media

    async def make(self, job: Job, facts: CardFacts) -> None:
        """Keep a job's thumbnail if there is none; what cannot be made is left out, for nobody waits for it.

        `facts` are those of its card, which it may share with others.
        """
        source = _source(job, facts)
        if source is None:
            return
        name = thumbnail_path(job.id)
        try:
            if not await self._media.has(name):
                await self._media.keep(name, await self._picture(job.id, source))
        except (BadImage, OSError) as error:
            log.info("job %s has no thumbnail: %s", job.id, error)

    async def _picture(self, job_id: str, source: str) -> bytes:
        lender, _, file = source.partition("/")
        if lender != job_id and file.startswith("start"):
            # What an extend begins with is its parent's, and so is the thumbnail: nothing is decoded for it.
            with suppress(FileNotFoundError):
                return await self._media.read(thumbnail_path(lender))
        return await run_in_image_thread(thumbnail, await self._media.read(source), LIST_SIDE)


def _source(job: Job, facts: CardFacts) -> str | None:
    """Name the file that a thumbnail is made of: a picture, which takes a tenth of what a film's would."""
    if not job.kind.makes_video:
        return next((clip.media_file for clip in facts.clips if clip.media_file is not None), None)
    if facts.board is None:
        return facts.frames["start"].media_file if "start" in facts.frames else None
    own = [frame.media_file for frame in facts.frames.values() if frame.job_id == job.id]
    # A shot that an extend goes on with has no picture of its own: its film's stands for it.
    return own[0] if own else facts.frames["start"].media_file if "start" in facts.frames else None
