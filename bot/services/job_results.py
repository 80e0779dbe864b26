"""What was made or shown here before, for those who want to go on from it: images, prompts and seeds."""

import asyncio
import logging

from bot.db.store import Store
from bot.domain.job import Job, Kind
from bot.domain.params import JobImageRef, ProviderImageRef
from bot.domain.prompts import without_flags
from bot.errors import DatabaseError, NoLastFrame, NoSuchImage, NotOffered
from bot.media import MediaStore, Transcoder
from bot.services.clip_files import ClipFiles
from bot.services.requests import Requester

log = logging.getLogger(__name__)

PROMPT_SECONDS = 1.0
"""How long a modal waits for the prompt that is to stand in it: it must open within 3 s (discord.md, section 1)."""


class JobResults:
    """Look up images, prompts and seeds of earlier jobs; without `clip_files` no clip is fetched again."""

    def __init__(
        self, store: Store, media: MediaStore, transcoder: Transcoder, clip_files: ClipFiles | None = None
    ) -> None:
        self._store = store
        self._media = media
        self._transcoder = transcoder
        self._clip_files = clip_files

    @property
    def can_read_films(self) -> bool:
        """Whether the last frames of films can be had."""
        return self._transcoder.available

    async def check_image(self, requester: Requester, image: JobImageRef) -> Job:
        """Give the job of an image; raise `NoSuchImage` unless its card shows it, or a film that may end on it.

        No film is read for that: it costs more than who asks may have.
        """
        job = await self._store.jobs.get(image.job_id)
        if job is not None and job.guild_id == requester.guild_id:
            path = await (self._film(job.id, image) if _ends_film(job, image) else self.image_path(image))
            if path is not None and await self._media.has(path):
                return job
        raise NoSuchImage(image.job_id, image.position)

    async def image_path(self, image: JobImageRef) -> str | None:
        """Name the file of an image that a card shows; None when there is none.

        An image job has none that it began with, so the first one that it made stands for it; of a film's clips, each
        has the frame that it ends on.
        """
        job = await self._store.jobs.get(image.job_id)
        if job is not None and _ends_film(job, image):
            return await self._last_frame(job.id, image)
        if job is None:
            return None
        if job.kind.makes_video:
            frame = (await self._store.clips.frames(image.job_id)).get(image.position)
            return None if frame is None else frame.media_file
        clips = {clip.slot: clip.media_file for clip in await self._store.clips.clips(job.id)}
        slot = _slot(image)
        return None if slot is None else clips.get(slot)

    async def last_frame(self, job: Job) -> str:
        """Name the file of what the clip ends on that a job goes on from; a clip that is gone here is fetched again.

        Raises `NoLastFrame`, `ClipGone` or `MediaFull`.
        """
        parent_id, slot = job.parent_job_id or "", job.parent_slot or 0
        if not self.can_read_films:
            raise NoLastFrame(parent_id, slot + 1, read=False)
        image = JobImageRef(parent_id, str(slot + 1))
        path = await self._last_frame(parent_id, image)
        if path is None and self._clip_files is not None:
            await self._clip_files.bring_back(parent_id, slot)
            path = await self._last_frame(parent_id, image)
        if path is None:
            raise NoLastFrame(parent_id, slot + 1)
        return path

    async def keep_last_frame(self, job_id: str, slot: int, film: str) -> str | None:
        """Name the file of what a clip ends on, made once from the clip's own; None when that cannot be read."""
        name = f"{job_id}/{slot + 1}.last.jpg"
        if await self._media.has(name):
            return name
        try:
            async with self._media.local(film) as path:
                data = await self._transcoder.last_frame(path)
        except FileNotFoundError:
            return None
        return None if data is None else await self._media.keep(name, data)

    async def _film(self, job_id: str, image: JobImageRef) -> str | None:
        """Name the file of a clip, whether or not it is still there."""
        files = {clip.slot: clip.media_file for clip in await self._store.clips.clips(job_id)}
        return files.get(int(image.position) - 1)

    async def _last_frame(self, job_id: str, image: JobImageRef) -> str | None:
        """Name the file of what a clip ends on; None when the clip is gone or cannot be read."""
        name = f"{job_id}/{int(image.position)}.last.jpg"
        if await self._media.has(name):
            return name
        film = await self._film(job_id, image)
        return None if film is None else await self.keep_last_frame(job_id, int(image.position) - 1, film)

    async def provider_image(self, image: JobImageRef, provider: str) -> ProviderImageRef | None:
        """Name an image that a card shows as its provider does; None unless this one drew it, by an imagine task.

        Where fewer images came than were asked for, nobody knows which of the task's they are.
        """
        job, slot = await self._store.jobs.get(image.job_id), _slot(image)
        if job is None or job.kind is not Kind.IMAGINE or job.provider != provider:
            return None
        if job.remote_id is None or slot is None or len(await self._store.clips.clips(job.id)) != job.params.clips:
            return None
        return ProviderImageRef(job.remote_id, slot)

    async def prompt(self, requester: Requester, job_id: str) -> str:
        """Give the words of an image's prompt, without its flags, within `PROMPT_SECONDS`.

        Empty for a job that is not of this server, and where the database does not tell in time.
        """
        try:
            async with asyncio.timeout(PROMPT_SECONDS):
                job = await self._store.jobs.get(job_id)
        except (TimeoutError, DatabaseError) as error:
            log.warning("job %s: a form opens without its prompt: %r", job_id, error)
            return ""
        return without_flags(job.params.prompt) if job is not None and job.guild_id == requester.guild_id else ""

    async def description(self, requester: Requester, job_id: str, number: int) -> str:
        """Give one of a description's prompts, counted from 1; raises `NotOffered`."""
        job = await self._store.jobs.get(job_id)
        texts = job.result.texts if job is not None and job.guild_id == requester.guild_id and job.result else ()
        if not 1 <= number <= len(texts):
            raise NotOffered(job_id)
        return texts[number - 1]

    async def seed(self, requester: Requester, job_id: str) -> str | None:
        """Give the seed of images of this server; None when it is still to be found."""
        job = await self._store.jobs.get(job_id)
        if job is None or job.guild_id != requester.guild_id or not has_images(job) or job.result is None:
            return None
        return job.result.seed or await self._store.history.seed(job.id)


def has_images(job: Job) -> bool:
    """Tell whether a job's images were drawn, from a seed that can be found."""
    return job.kind.makes_images


def _ends_film(job: Job, image: JobImageRef) -> bool:
    """Tell whether an image is what one of a film's clips ends on."""
    return job.kind.makes_video and image.position.isdecimal()


def _slot(image: JobImageRef) -> int | None:
    """Tell which of an image job's own images is meant, counted from 0; None for the end that it does not have."""
    if image.position == "end":
        return None
    return 0 if image.position == "start" else int(image.position) - 1
