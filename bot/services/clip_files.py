"""Clips' files had here again once they are gone: from the messages that show them, or from their providers."""

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping

from bot.db.store import Store
from bot.domain.job import Clip, Job
from bot.errors import ClipGone, ProviderError, ResultError
from bot.media import Downloader, MediaStore
from bot.providers.base import Provider
from bot.providers.polling import poll_job

log = logging.getLogger(__name__)

ShownLink = Callable[[Job, Clip], Awaitable[str | None]]
"""Give a fresh link to a clip from the message that shows it; None where no message does any more."""

_MAY_PASS = ("unreachable", "too_slow", "http_5", "http_408", "http_425", "http_429")
"""What a download's problem begins with that says nothing of the file."""


class ClipFiles:
    """Bring back clips whose files were swept; `find_on_cards` says who knows the messages that show them."""

    def __init__(
        self, store: Store, media: MediaStore, downloader: Downloader, providers: Mapping[str, Provider]
    ) -> None:
        self._store = store
        self._media = media
        self._downloader = downloader
        self._providers = providers
        self._shown_link: ShownLink = _shown_nowhere

    def find_on_cards(self, shown_link: ShownLink) -> None:
        """Ask for clips' links on Discord too."""
        self._shown_link = shown_link

    async def bring_back(self, job_id: str, slot: int) -> str:
        """Name the file of a video job's clip in the media store, and fetch it again where it is gone.

        Raises `ClipGone`, and `MediaFull` where there is no room for it.
        """
        job = await self._store.jobs.get(job_id)
        clip = next((one for one in await self._store.clips.clips(job_id) if one.slot == slot), None)
        if job is None or clip is None or not job.kind.makes_video:
            raise ClipGone(job_id, slot + 1)
        if clip.media_file is not None and await self._media.has(clip.media_file):
            return clip.media_file
        await self._media.require_room()
        final = True
        async for link in self._links(job, clip):
            if link is None:
                final = False
                continue
            try:
                return await self._fetch(job, clip, link)
            except ResultError as error:
                log.info("job %s: clip %d could not be fetched again: %s", job_id, slot + 1, error)
                final = final and not error.problem.startswith(_MAY_PASS)
        raise ClipGone(job_id, slot + 1, final=final)

    async def _links(self, job: Job, clip: Clip) -> AsyncGenerator[str | None]:
        """Give every link that the clip may be had from, the surest first; None for whoever cannot be asked now."""
        shown = await self._shown_link(job, clip)
        if shown is not None:
            yield shown
        if clip.remote_url:
            yield clip.remote_url
        provider = self._providers.get(job.provider)
        if provider is None or job.remote_id is None:
            return
        try:
            links = (await poll_job(provider, job, job.remote_id)).clips
        except ProviderError as error:
            log.info("job %s: %s does not tell its clips again: %s", job.id, job.provider, error)
            if error.is_transient:
                yield None
            return
        if clip.slot < len(links) and links[clip.slot] != clip.remote_url:
            yield links[clip.slot]

    async def _fetch(self, job: Job, clip: Clip, link: str) -> str:
        name = f"{job.id}/{clip.slot + 1}.mp4"
        async with self._media.new_file(name) as file:
            size = await self._downloader.clip(link, file)
        await self._store.clips.set_file(job.id, clip.slot, name, size)
        log.info("job %s: clip %d was fetched again", job.id, clip.slot + 1)
        return name


async def _shown_nowhere(job: Job, clip: Clip) -> str | None:
    return None
