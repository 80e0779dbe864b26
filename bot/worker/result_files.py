"""The files of a result: fetched into the media store, then delivered."""

import asyncio
import logging
from collections.abc import Sequence

from bot.db.card_edits import DELETED, DOUBTED, UPLOADING
from bot.db.clips import Fetched
from bot.db.store import Store
from bot.domain.clock import FARTHEST_MS, Clock
from bot.domain.job import Clip, Job
from bot.domain.pacing import back_off_ms
from bot.domain.storyboard import FILM_PLACE
from bot.errors import BadImage, LostLease, ResultError
from bot.media import Downloader, ImageProcessEnded, MediaStore, run_in_image_thread, split_grid
from bot.providers.polling import TILES
from bot.worker.next_frames import NextFrames
from bot.worker.publisher import Publisher
from bot.worker.storyboard_film import StoryboardFilm
from bot.worker.thumbnails import Thumbnails

log = logging.getLogger(__name__)


class ResultFiles:
    """Fetch the clips of finished jobs, and have them delivered.

    A link that does not work is tried again for `grace_ms`: a fresh one may need a while. `served` says whether clips
    that Discord does not take are served by our own server.
    """

    def __init__(
        self,
        store: Store,
        media: MediaStore,
        downloader: Downloader,
        publisher: Publisher,
        storyboard_film: StoryboardFilm,
        *,
        clock: Clock,
        poll_ms: int,
        grace_ms: int,
        served: bool,
        thumbnails: Thumbnails,
        next_frames: NextFrames,
    ) -> None:
        self._store = store
        self._media = media
        self._downloader = downloader
        self._publisher = publisher
        self._storyboard_film = storyboard_film
        self._clock = clock
        self._poll_ms = poll_ms
        self._grace_ms = grace_ms
        self._served = served
        self._thumbnails = thumbnails
        self._next_frames = next_frames

    async def deliver(self, job: Job) -> None:
        """Deliver what could be fetched; what may still come is tried again later, and the rest goes without it."""
        missing = [clip for clip in await self._store.clips.clips(job.id) if clip.attachment_id is None]
        may_come = [clip for clip, there in zip(missing, await self._fetch_all(job, missing), strict=True) if not there]
        if may_come and job.fetch_until_ms is None:
            job = await self._store.undelivered.await_links(job, self._clock() + self._grace_ms)
        if job.storyboard_id is not None and not may_come:
            await self._storyboard_film.join(job)
        reached = await self._publisher.deliver(job, whole=not may_come)
        if may_come:
            await self._try_again(job)
            return
        facts = await self._store.card_facts.read(job.id)
        if facts is None:
            # It was removed meanwhile.
            raise LostLease(job.id)
        await self._thumbnails.make(job, facts)
        # A card that all shots share has the clips of others too, and the film.
        own = [clip for clip in facts.clips if clip.job_id == job.id and clip.slot != FILM_PLACE]
        if facts.job.card_hash == DELETED:
            # Nothing shows it any more; what was to be shown once again had been delivered before.
            incomplete = not job.silent
        else:
            incomplete = any([await self._is_missing(clip) for clip in own])
        ended = await self._store.jobs.finish_shown(
            job, self._clock(), undeliverable=not reached, incomplete=incomplete
        )
        if ended is None:
            return
        log.info("job %s is delivered" if reached else "job %s is made, but no way to the member is left", job.id)

    async def _is_missing(self, clip: Clip) -> bool:
        """Tell whether a clip is neither shown anywhere nor served by our own server."""
        if clip.attachment_id is not None:
            return False
        return not self._served or clip.media_file is None or not await self._media.has(clip.media_file)

    async def _try_again(self, job: Job) -> None:
        """Let the job be due again, and once more at the end of the grace."""
        now, tries = self._clock(), job.tries + 1
        due_ms, until_ms = now + back_off_ms(tries, self._poll_ms), job.fetch_until_ms or now
        await self._store.leases.reschedule(job, min(due_ms, until_ms) if now < until_ms else due_ms, tries=tries)

    async def _fetch_all(self, job: Job, clips: Sequence[Clip]) -> list[bool]:
        """Fetch all clips, each whatever becomes of the others; raises what one of them failed with."""
        fetched = await asyncio.gather(*(self._fetch(job, clip) for clip in clips), return_exceptions=True)
        # A card that may carry files of an earlier try is looked at first.
        is_new = job.message_id is not None and job.card_hash not in (UPLOADING, DOUBTED) and job.storyboard_id is None
        files = [one for one in fetched if isinstance(one, Fetched)]
        await self._next_frames.make(job, files)
        await self._store.clips.set_files(job.id, files, sent_next=job if is_new else None)
        for failure in fetched:
            if isinstance(failure, BaseException):
                raise failure
        return [one is not False for one in fetched]

    async def _fetch(self, job: Job, clip: Clip) -> Fetched | bool:
        """Fetch one clip into the media store, unless it is there; False when it may still come.

        When that is hopeless the vendor's link stays as the last resort.
        """
        if clip.media_file is not None and await self._media.has(clip.media_file):
            return True
        try:
            name, size = await self._fetch_file(job, clip)
        except ResultError as error:
            log.warning("job %s: clip %d could not be fetched: %s", job.id, clip.slot + 1, error)
            if clip.media_file is not None:
                await self._store.clips.clear_file(job.id, clip.slot)
            return error.final or self._is_grace_over(job)
        return Fetched(clip.slot, name, size)

    def _is_grace_over(self, job: Job) -> bool:
        """Tell whether links were tried for long enough; an end that is farther than it can be is over."""
        now, until_ms = self._clock(), job.fetch_until_ms
        return until_ms is not None and not now < until_ms <= now + max(self._grace_ms, FARTHEST_MS)

    async def _fetch_file(self, job: Job, clip: Clip) -> tuple[str, int]:
        """Fetch a clip or an image into the media store; gives its name there, and its size in bytes."""
        if not job.kind.makes_video:
            image = await self._downloader.result_image(clip.remote_url)
            data, extension = image.data, image.extension
            if clip.remote_url.endswith(TILES):
                data, extension = await self._tile(data, clip.slot), "png"
            return await self._media.keep(f"{job.id}/{clip.slot + 1}.{extension}", data), len(data)
        name = f"{job.id}/{clip.slot + 1}.mp4"
        async with self._media.new_file(name) as file:
            size = await self._downloader.clip(clip.remote_url, file)
        return name, size

    async def _tile(self, grid: bytes, slot: int) -> bytes:
        """Cut one image out of four."""
        try:
            return (await run_in_image_thread(split_grid, grid))[slot]
        except BadImage as error:
            raise ResultError(str(error.problem), final=not isinstance(error, ImageProcessEnded)) from error
