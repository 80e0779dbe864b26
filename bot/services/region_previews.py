"""A part of a picture is redrawn in two steps: its mask is shown over it for free, and what was shown is confirmed.

What a preview needs stands in its row and its mask in the media store, so that it outlives the process. The job takes
over the draft's id and the mask that is kept under it: one preview makes one job, whatever happens in between.
"""

from dataclasses import dataclass, field, replace

from bot.db.open_requests import PREVIEW_MS as LIFETIME_MS
from bot.db.store import RegionPreview, Store
from bot.domain.clock import Clock
from bot.domain.credits import PriceList
from bot.domain.job import ACTIVE_STATES, Job, Kind, card_link, new_id
from bot.domain.params import ImageUpload, JobParams
from bot.domain.prompts import CleanPrompt
from bot.errors import (
    AlreadyRunning,
    Blocked,
    ImageGone,
    MediaUnavailable,
    NotInServer,
    NotYourPreview,
    PreviewGone,
    PreviewUsed,
    SingleImageNeeded,
)
from bot.media import (
    Downloader,
    MaskReading,
    MediaStore,
    check_mask,
    on_behalf_of,
    overlay,
    run_in_image_thread,
)
from bot.media.store import input_image_path
from bot.services.jobs import JobService, new_job
from bot.services.requests import DeferredReply, Requester
from bot.services.server_rules import check_rules

SWEPT_MS = LIFETIME_MS + 3_600_000
"""When it is forgotten: late enough that no click that was still in time is under way."""

IMAGES_PER_REDRAW = 4
"""How many pictures come of it; no page says so, but whatever else draws anew brings four."""


@dataclass(frozen=True)
class PricedPreview:
    """Hold what is shown before anything is spent: `image` is a JPEG, `price` and `left` are credits.

    `reading` says what the mask was taken for.
    """

    preview: RegionPreview
    parent: Job
    image: bytes = field(repr=False)
    price: int
    left: int
    reading: MaskReading = MaskReading.PURE


class RegionPreviews:
    """Show masks over pictures, and let what was shown be redrawn."""

    def __init__(
        self,
        store: Store,
        service: JobService,
        downloader: Downloader,
        media: MediaStore,
        *,
        prices: PriceList,
        clock: Clock,
    ) -> None:
        self._store = store
        self._service = service
        self._downloader = downloader
        self._media = media
        self._prices = prices
        self._clock = clock

    async def preview(
        self,
        requester: Requester,
        parent_id: str,
        mask: ImageUpload,
        prompt: CleanPrompt,
        *,
        spoiler: bool | None = None,
    ) -> PricedPreview:
        """Hold a mask against a single picture, keep it, and show both; nothing is reserved, nobody is called.

        Its row comes first, so that many previews at once are no more than one member may have open. Raises
        `NoSuchJob`, `NoPictures`, `NoProvider`, `Blocked`, what the server's rules forbid or what is missing of the
        price, `SingleImageNeeded`, `ImageGone`, `TooManyOpen`, `MediaFull`, `BadImage` or `BadMask`, and then nothing
        of it stays.
        """
        if requester.guild_id is None:
            raise NotInServer
        parent = await self._service.find_finished(requester, parent_id)
        now = self._clock()
        preview = RegionPreview(
            new_id(now),
            requester.guild_id,
            requester.user_id,
            parent.id,
            prompt.text,
            prompt.removed,
            now,
            None if spoiler is None else int(spoiler),
        )
        price = self._prices.at(parent.provider).job(Kind.REGION, _params(parent, preview))
        left = await self._require(requester, parent, preview, price)
        image = await self._image_of(parent)
        await self._media.require_room()
        await self._store.region_previews.add(preview)
        try:
            shown, reading = await self._keep_mask(preview, mask, image)
        except BaseException:
            await self._forget(preview.id)
            raise
        return PricedPreview(preview, parent, shown, price, left, reading)

    async def confirm(self, requester: Requester, preview_id: str, answer: DeferredReply) -> Job:
        """Write down what a preview showed (T0); the worker does the rest.

        Raises `PreviewGone`, `PreviewUsed`, `AlreadyRunning` or `NotYourPreview`, and what has become of the picture:
        `NoSuchJob`, `NoPictures` or `NoProvider`.
        """
        preview = await self._open_preview(requester, preview_id)
        parent = await self._service.find_finished(requester, preview.parent_job_id)
        job = new_job(
            requester,
            answer,
            self._clock(),
            kind=Kind.REGION,
            provider=parent.provider,
            params=_params(parent, preview),
            dedupe_key=f"region:{preview.id}",
            parent_job_id=parent.id,
            spoiler=bool(parent.spoiler if preview.spoiler is None else preview.spoiler),
        )
        try:
            return await self._service.create_unique(replace(job, id=preview.id))
        except AlreadyRunning:
            # Another click was faster, and what came of it may have ended meanwhile.
            await self._refuse_used(requester, preview_id)
            raise

    async def discard(self, requester: Requester, preview_id: str) -> None:
        """Forget a preview and its mask; raises as `confirm` does."""
        await self._forget((await self._open_preview(requester, preview_id)).id)

    async def sweep(self) -> None:
        """Forget the previews that are too old; what was confirmed stays with its job."""
        for preview_id in await self._store.region_previews.older(self._clock() - SWEPT_MS):
            await self._forget(preview_id)

    async def _require(self, requester: Requester, parent: Job, preview: RegionPreview, price: int) -> int:
        """Raise what stands in the way of what a draft asks for: nothing is fetched for it. Gives the credits left."""
        params, nowhere = _params(parent, preview), DeferredReply(None, "", 0)
        wanted = new_job(
            requester, nowhere, preview.created_ms, kind=Kind.REGION, provider=parent.provider, params=params
        )
        standing = await self._store.accounts.standing(wanted, self._clock.wall_ms())
        if standing.block is not None:
            raise Blocked(standing.block.source, standing.block.until_ms, standing.block.reason)
        check_rules(replace(wanted, asked_channel_id=requester.channel_id), standing.rules)
        standing.require(price)
        return standing.balance.spendable

    async def _keep_mask(self, preview: RegionPreview, mask: ImageUpload, image: bytes) -> tuple[bytes, MaskReading]:
        """Fetch, check and keep a mask; gives the image with what it marks, and how the mask was read."""
        data = await self._downloader.unchecked(mask.url, "mask")
        with on_behalf_of(preview.user_id):
            checked = await run_in_image_thread(check_mask, data, image)
            shown = await run_in_image_thread(overlay, image, checked.data)
        await self._media.keep(input_image_path(preview.id, 0), checked.data)
        return shown, checked.reading

    async def _forget(self, preview_id: str) -> None:
        """Delete a draft's mask, unless a job has it, and then its row."""
        if await self._store.jobs.get(preview_id) is None:
            await self._media.remove(input_image_path(preview_id, 0))
        await self._store.region_previews.remove(preview_id)

    async def _open_preview(self, requester: Requester, preview_id: str) -> RegionPreview:
        """Give a draft that its own member may still confirm."""
        await self._refuse_used(requester, preview_id)
        preview = await self._store.region_previews.get(preview_id)
        if (
            preview is None
            or preview.guild_id != requester.guild_id
            or self._clock() - preview.created_ms >= LIFETIME_MS
        ):
            raise PreviewGone
        if preview.user_id != requester.user_id:
            raise NotYourPreview
        return preview

    async def _refuse_used(self, requester: Requester, preview_id: str) -> None:
        """Lead the member to the job that was made of their preview, if there is one."""
        job = await self._store.jobs.get(preview_id)
        if job is not None and (job.guild_id, job.user_id) == (requester.guild_id, requester.user_id):
            link = card_link(job)
            raise AlreadyRunning(link) if job.state in ACTIVE_STATES else PreviewUsed(link)

    async def _image_of(self, parent: Job) -> bytes:
        """Read the single picture that a job made."""
        if not is_single(parent):
            raise SingleImageNeeded(parent.id)
        try:
            (clip,) = await self._store.clips.clips(parent.id)
            return await self._media.read(clip.media_file or "")
        except MediaUnavailable:
            raise
        except (ValueError, OSError):
            raise ImageGone(parent.id) from None


def is_single(job: Job) -> bool:
    """Tell whether a job makes one picture, neither four nor none."""
    return job.kind.makes_images and job.params.clips == 1


def _params(parent: Job, preview: RegionPreview) -> JobParams:
    """Take the draft's own prompt, else that of its picture, which the provider knows and is not sent."""
    typed = {"prompt": bool(preview.prompt), "spoiler": preview.spoiler is not None}
    return JobParams(
        prompt=preview.prompt or parent.params.prompt,
        clips=IMAGES_PER_REDRAW,
        motion=None,
        explicit_options=tuple(name for name, said in typed.items() if said),
        removed=preview.removed,
    )
