"""What a provider is asked for, by the kind of job."""

import logging
from dataclasses import replace

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import Frame, Job, Kind, State
from bot.domain.params import ProviderImageRef, Shape, Speed
from bot.errors import CardError, ErrorKind, JobFailed, LostLease, NoProvider, NoSuchClip, PreviewGone, ProviderError
from bot.locks import InstanceNames
from bot.media import SCALED, MediaStore, prepare_for_provider, run_in_image_thread
from bot.media.store import input_image_path
from bot.providers.base import Provider
from bot.providers.images import (
    ActionRequest,
    BlendRequest,
    DescribeRequest,
    ImageFile,
    ImageProvider,
    ImagineRequest,
    RegionRequest,
    SeedRequest,
)
from bot.providers.registry import title_of
from bot.providers.types import ExtendRequest, Submitted, VideoRequest
from bot.services.job_results import JobResults
from bot.worker.publisher import Publisher

log = logging.getLogger(__name__)

FRESH_LINK_MS = 12 * 3_600_000
"""How long Discord's link to an image is used; it expires after about a day (discord.md, section 2)."""


class ProviderRequests:
    """Carry what members want to the providers."""

    def __init__(
        self,
        store: Store,
        media: MediaStore,
        results: JobResults,
        publisher: Publisher,
        instance_names: InstanceNames,
        clock: Clock,
    ) -> None:
        self._store = store
        self._media = media
        self._results = results
        self._publisher = publisher
        self._instance_names = instance_names
        self._clock = clock

    async def send(self, provider: Provider, job: Job, callback_url: str | None) -> Submitted:
        """Ask a provider for what a job wants; raises what the provider raises, or why it cannot be asked.

        Raises `LostLease`, and then nothing was sent, when the job may be another process's by now, and `CardError`
        where its card is to show what it starts with, and does not yet.
        """
        if not job.kind.makes_video:
            return await self._send_image(provider, job, callback_url)
        return await self._send_video(provider, job, callback_url)

    async def _send_video(self, provider: Provider, job: Job, callback_url: str | None) -> Submitted:
        params = job.params
        token = job.client_token or ""
        if job.kind is Kind.EXTEND and not params.from_last_frame:
            return await self._extend(provider, job, callback_url)
        if params.from_last_frame:
            await self._have_last_frame(job)
        return await self._submit(
            provider,
            job,
            VideoRequest(
                client_token=token,
                prompt=params.prompt,
                image_url=None,
                end_url=await self._link(job, "end") if params.end_image is not None else None,
                provider_image=params.provider_image,
                prompt_mode=params.prompt_mode,
                loop=params.loop,
                motion=params.motion,
                resolution=params.resolution,
                clips=params.clips,
                speed=params.speed,
                callback_url=callback_url,
            ),
        )

    async def _extend(self, provider: Provider, job: Job, callback_url: str | None) -> Submitted:
        """Let a provider go on from what it made itself."""
        params = job.params
        parent = await self._store.jobs.get(job.parent_job_id or "")
        if parent is None or parent.extend_ref is None or job.parent_slot is None:
            raise NoSuchClip(job.parent_job_id or "", (job.parent_slot or 0) + 1)
        request = ExtendRequest(
            client_token=job.client_token or "",
            parent_ref=parent.extend_ref,
            index=job.parent_slot,
            prompt=params.prompt,
            motion=params.motion,
            resolution=params.resolution,
            clips=params.clips,
            callback_url=callback_url,
            image_url=await self._link(job, "start") if provider.capabilities.extend_needs_image else None,
            prompt_mode=params.prompt_mode,
        )
        self._check_lease(job)
        return await provider.extend(request)

    async def _have_last_frame(self, job: Job) -> None:
        """See that a job has the image that it starts at: a shot's is made with the clip before it, if it can be.

        Raises `ClipGone` or `NoLastFrame`, and then nothing was sent. Until it is written down nothing is sent either
        (`Submission.reconcile` counts on that).
        """
        if "start" not in await self._store.clips.frames(job.id):
            frame = Frame(job.id, "start", await self._results.last_frame(job))
            await self._store.clips.add_frame_in_hand(job, frame)

    async def _submit(self, provider: Provider, job: Job, request: VideoRequest) -> Submitted:
        """Start a video job at the image that was named, at one that the provider has itself, or else at a link."""
        if request.provider_image is not None:
            self._check_lease(job)
            return await provider.submit(request)
        provider_image = await self._provider_image(provider, job)
        if provider_image is not None:
            self._check_lease(job)
            try:
                return await provider.submit(replace(request, provider_image=provider_image))
            except ProviderError as error:
                if error.kind is not ErrorKind.NOT_FOUND or error.accepted != "no":
                    raise
                names = (job.id, provider.name, provider_image)
                log.info("job %s: %s does not know %s any more, and is given a link", *names)
                # Another body is another request to whoever heeds the token.
                request = replace(request, client_token=f"{request.client_token}-link")
        link = await self._link(job, "start")
        if link is None:
            if await self._may_be_shown(job):
                raise CardError("its card does not carry the picture that it starts with yet")
            raise JobFailed(str(ErrorKind.BAD_IMAGE_LINK), title_of(job.provider))
        self._check_lease(job)
        return await provider.submit(replace(request, image_url=link))

    def _check_lease(self, job: Job) -> None:
        """Raise `LostLease` right before money is spent, unless the name that has the job is surely ours."""
        if job.lease != self._instance_names.own():
            raise LostLease(job.id)

    async def _provider_image(self, provider: Provider, job: Job) -> ProviderImageRef | None:
        """Name a card's image as the provider does, if this one made it and starts video jobs from its own."""
        shown = job.params.job_image
        if shown is None or not provider.capabilities.provider_images:
            return None
        return await self._results.provider_image(shown, provider.name)

    async def _link(self, job: Job, role: str) -> str | None:
        """Give the option's own link while it is fresh, else the card's; None where no card can show it.

        What a member named by its address may be another picture by now: the one that was looked at is on the card,
        and so is what was scaled down. The links of a repeated job may be old.
        """
        image = job.params.image if role == "start" else job.params.end_image
        own = image is not None and (role == "start" or image.size) and job.params.again_of is None
        own = own and not await self._is_scaled(job, role)
        if image is not None and own and self._clock() - job.created_ms < FRESH_LINK_MS:
            return image.url
        shown = await self._publisher.image_link(job, role)
        if shown is None:
            await self._publisher.show(job.id)
            shown = await self._publisher.image_link(job, role)
        return shown or (image.url if image is not None else None)

    async def _may_be_shown(self, job: Job) -> bool:
        """Tell whether a card may still show what a job starts with: it is there, or a shot is about to bring it."""
        facts = await self._store.card_facts.read(job.id) if job.params.from_last_frame else None
        if facts is None:
            return False
        shots = facts.board.jobs if facts.board is not None else ()
        return facts.job.message_id is not None or any(shot.state is State.READY for shot in shots)

    async def _is_scaled(self, job: Job, role: str) -> bool:
        frame = (await self._store.clips.frames(job.id)).get(role)
        return frame is not None and frame.media_file.endswith(SCALED)

    async def _send_image(self, provider: Provider, job: Job, callback_url: str | None) -> Submitted:
        image_provider, params, token = provider.images, job.params, job.client_token or ""
        if image_provider is None:
            raise NoProvider(title_of(job.provider))
        speed = params.speed or Speed.FAST
        images = await self._input_images(job)
        self._check_lease(job)
        match job.kind:
            case Kind.IMAGINE:
                return await image_provider.imagine(
                    ImagineRequest(token, params.prompt, speed, params.translate, callback_url)
                )
            case Kind.BLEND:
                return await image_provider.blend(
                    BlendRequest(token, images, params.shape or Shape.SQUARE, speed, callback_url)
                )
            case Kind.DESCRIBE:
                (image,) = images
                return await image_provider.describe(DescribeRequest(token, image, callback_url))
            case _:
                return await self._follow_up(image_provider, job, callback_url)

    async def _follow_up(self, image_provider: ImageProvider, job: Job, callback_url: str | None) -> Submitted:
        """Ask for something that starts from an earlier image job."""
        params, token = job.params, job.client_token or ""
        parent = await self._store.jobs.get(job.parent_job_id or "")
        if parent is None or parent.remote_id is None:
            raise NoSuchClip(job.parent_job_id or "", 1)
        masks = [await self._read_input_image(job, 0)] if job.kind is Kind.REGION else []
        self._check_lease(job)
        match job.kind:
            case Kind.REGION:
                mask = ImageFile("image/png", masks[0])
                prompt = params.prompt if "prompt" in params.explicit_options else None
                return await image_provider.inpaint(RegionRequest(token, parent.remote_id, mask, prompt, callback_url))
            case Kind.SEED:
                return await image_provider.seed(SeedRequest(token, parent.remote_id, callback_url))
            case _:
                return await image_provider.run_action(
                    ActionRequest(token, parent.remote_id, params.action or "", callback_url)
                )

    async def _input_images(self, job: Job) -> tuple[ImageFile, ...]:
        """Read the images that are sent inside a request, small enough for that."""
        if job.kind not in (Kind.BLEND, Kind.DESCRIBE):
            return ()
        files: list[ImageFile] = []
        for number in range(len(job.params.images)):
            mime, resized = await run_in_image_thread(prepare_for_provider, await self._read_input_image(job, number))
            files.append(ImageFile(mime, resized))
        return tuple(files)

    async def _read_input_image(self, job: Job, number: int) -> bytes:
        """Read an image that was kept for a job; one that cannot be read ends the job before anything was sent."""
        try:
            return await self._media.read(input_image_path(job.id, number))
        except OSError as error:
            if job.kind is Kind.REGION and isinstance(error, FileNotFoundError):
                # It was discarded in the same moment.
                raise PreviewGone from None
            raise JobFailed("internal", title_of(job.provider)) from None
