"""The small picture that stands for a job in lists: made once, when the job is delivered."""

import logging
from contextlib import suppress

from bot.db.store import CardFacts
from bot.errors import BadImage
from bot.media import MediaStore, run_in_image_thread, thumbnail
from bot.media.store import thumbnail_path

log = logging.getLogger(__name__)

LONGEST_SIDE = 160
"""Pixels; Discord shows a thumbnail at about half of that on a plain screen."""


class Thumbnails:
    """Make them of what a film starts with, or of the first picture."""

    def __init__(self, media: MediaStore) -> None:
        self._media = media

    async def make(self, facts: CardFacts) -> None:
        """Keep a job's thumbnail if there is none; what cannot be made is left out, for nobody waits for it."""
        source = _source(facts)
        if source is None:
            return
        name = thumbnail_path(facts.job.id)
        try:
            if not await self._media.has(name):
                await self._media.keep(name, await self._picture(facts.job.id, source))
        except (BadImage, OSError) as error:
            log.info("job %s has no thumbnail: %s", facts.job.id, error)

    async def _picture(self, job_id: str, source: str) -> bytes:
        lender, _, file = source.partition("/")
        if lender != job_id and file.startswith("start"):
            # What an extend begins with is its parent's, and so is the thumbnail: nothing is decoded for it.
            with suppress(FileNotFoundError):
                return await self._media.read(thumbnail_path(lender))
        return await run_in_image_thread(thumbnail, await self._media.read(source), LONGEST_SIDE)


def _source(facts: CardFacts) -> str | None:
    """Name the file that a thumbnail is made of: a picture, which takes a tenth of what a film's would."""
    if facts.job.kind.makes_video:
        return facts.frames["start"].media_file if "start" in facts.frames else None
    return next((clip.media_file for clip in facts.clips if clip.media_file is not None), None)
