"""What a provider is asked for, by the kind of job."""

import logging
from dataclasses import replace

from bot.domain.job import PICTURE_KINDS, Job, Kind
from bot.domain.params import PictureTask, Shape, Speed
from bot.errors import ErrorKind, JobFailed, NoProvider, NoSuchClip, PreviewGone, ProviderError
from bot.media import apart, for_vendor
from bot.media.file_store import kept_picture
from bot.providers.base import Provider
from bot.providers.images import (
    ActionRequest,
    BlendRequest,
    DescribeRequest,
    ImagineRequest,
    PictureFile,
    PictureMaker,
    RegionRequest,
    SeedRequest,
)
from bot.providers.types import ExtendRequest, Submitted, VideoRequest
from bot.worker.context import Ways

log = logging.getLogger(__name__)

FRESH_LINK_MS = 12 * 3_600_000
"""How long Discord's link to a picture is used; it expires after about a day (discord.md, section 2)."""


class Errands:
    """Carry what members want to the providers."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways
        self._store = ways.store

    async def send(self, provider: Provider, job: Job, callback_url: str | None) -> Submitted:
        """Ask a provider for what a job wants; raises what the provider raises, or why it cannot be asked."""
        if job.kind in PICTURE_KINDS:
            return await self._send_picture(provider, job, callback_url)
        return await self._send_film(provider, job, callback_url)

    async def _send_film(self, provider: Provider, job: Job, callback_url: str | None) -> Submitted:
        params = job.params
        token = job.client_token or ""
        if job.kind is Kind.EXTEND:
            parent = await self._store.jobs.get(job.parent_job_id or "")
            if parent is None or parent.extend_ref is None or job.parent_slot is None:
                raise NoSuchClip(job.parent_job_id or "", (job.parent_slot or 0) + 1)
            return await provider.extend(
                ExtendRequest(
                    client_token=token,
                    parent_ref=parent.extend_ref,
                    index=job.parent_slot,
                    prompt=params.prompt,
                    motion=params.motion,
                    resolution=params.resolution,
                    clips=params.clips,
                    callback_url=callback_url,
                    image_url=await self._link(job, "start") if provider.capabilities.extend_picture else None,
                    animate=params.animate,
                )
            )
        return await self._submit(
            provider,
            job,
            VideoRequest(
                client_token=token,
                prompt=params.prompt,
                image_url=None,
                end_url=await self._link(job, "end") if params.end_image is not None else None,
                picture=params.picture_task,
                animate=params.animate,
                loop=params.loop,
                motion=params.motion,
                resolution=params.resolution,
                clips=params.clips,
                speed=params.speed,
                callback_url=callback_url,
            ),
        )

    async def _submit(self, provider: Provider, job: Job, request: VideoRequest) -> Submitted:
        """Start a film at the picture that was named, at one that the provider has itself, or else at a link."""
        if request.picture is not None:
            return await provider.submit(request)
        own = await self._own_picture(provider, job)
        if own is not None:
            try:
                return await provider.submit(replace(request, picture=own))
            except ProviderError as error:
                if error.kind is not ErrorKind.NOT_FOUND or error.accepted != "no":
                    raise
                log.info("job %s: %s does not know %s any more, and is given a link", job.id, provider.name, own)
                # Another body is another request to whoever heeds the token.
                request = replace(request, client_token=f"{request.client_token}-link")
        link = await self._link(job, "start")
        if link is None:
            raise JobFailed(str(ErrorKind.BAD_IMAGE_LINK), self._ways.title(job))
        return await provider.submit(replace(request, image_url=link))

    async def _own_picture(self, provider: Provider, job: Job) -> PictureTask | None:
        """Name a card's picture as the provider does, if this one drew it and starts films from what it drew."""
        shown = job.params.card_picture
        if shown is None or not provider.capabilities.picture_tasks:
            return None
        return await self._ways.made.task_of(shown, provider.name)

    async def _link(self, job: Job, place: str) -> str | None:
        """Give the option's own link while it is fresh, else the card's; None where no card can show it."""
        picture = job.params.image if place == "start" else job.params.end_image
        if picture is not None and self._ways.clock() - job.created_ms < FRESH_LINK_MS:
            return picture.url
        shown = await self._ways.publisher.picture_link(job, place)
        if shown is None:
            await self._ways.publisher.show(job.id)
            shown = await self._ways.publisher.picture_link(job, place)
        return shown or (picture.url if picture is not None else None)

    async def _send_picture(self, provider: Provider, job: Job, callback_url: str | None) -> Submitted:
        maker, params, token = provider.pictures, job.params, job.client_token or ""
        if maker is None:
            raise NoProvider(self._ways.title(job))
        speed = params.speed or Speed.FAST
        match job.kind:
            case Kind.IMAGINE:
                return await maker.imagine(ImagineRequest(token, params.prompt, speed, params.translate, callback_url))
            case Kind.BLEND:
                pictures = await self._pictures(job)
                return await maker.blend(
                    BlendRequest(token, pictures, params.shape or Shape.SQUARE, speed, callback_url)
                )
            case Kind.DESCRIBE:
                (picture,) = await self._pictures(job)
                return await maker.describe(DescribeRequest(token, picture, callback_url))
            case _:
                return await self._go_on(maker, job, callback_url)

    async def _go_on(self, maker: PictureMaker, job: Job, callback_url: str | None) -> Submitted:
        """Ask for something that starts from an earlier picture job."""
        params, token = job.params, job.client_token or ""
        parent = await self._store.jobs.get(job.parent_job_id or "")
        if parent is None or parent.remote_id is None:
            raise NoSuchClip(job.parent_job_id or "", 1)
        match job.kind:
            case Kind.REGION:
                mask = PictureFile("image/png", await self._given(job, 0))
                prompt = params.prompt if "prompt" in params.typed else None
                return await maker.redraw(RegionRequest(token, parent.remote_id, mask, prompt, callback_url))
            case Kind.SEED:
                return await maker.seed(SeedRequest(token, parent.remote_id, callback_url))
            case _:
                return await maker.act(ActionRequest(token, parent.remote_id, params.action or "", callback_url))

    async def _pictures(self, job: Job) -> tuple[PictureFile, ...]:
        """Read the pictures that a job is made from, small enough to be sent inside a request."""
        found: list[PictureFile] = []
        for number in range(len(job.params.pictures)):
            mime, fitting = await apart(for_vendor, await self._given(job, number))
            found.append(PictureFile(mime, fitting))
        return tuple(found)

    async def _given(self, job: Job, number: int) -> bytes:
        """Read a picture that was kept for a job; one that cannot be read ends the job before anything was sent."""
        try:
            return await self._ways.media.read(kept_picture(job.id, number))
        except OSError as error:
            if job.kind is Kind.REGION and isinstance(error, FileNotFoundError):
                # It was discarded in the same moment.
                raise PreviewGone from None
            raise JobFailed("internal", self._ways.title(job)) from None
