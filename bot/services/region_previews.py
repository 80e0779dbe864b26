"""A part of a picture is redrawn in two steps: its mask is shown over it for free, and what was shown is confirmed.

What a preview needs stands in its row and its mask in the media store, so that it outlives the process. The job takes
over the draft's id and the mask that is kept under it: one preview makes one job, whatever happens in between.
"""

from dataclasses import dataclass, field, replace

from bot.db.store import Draft, Store
from bot.domain.clock import Clock
from bot.domain.credits import PriceList
from bot.domain.job import BEING_MADE, DRAWN, Job, Kind, card_link, new_job_id
from bot.domain.params import Params, Picture
from bot.domain.prompts import CleanPrompt
from bot.errors import (
    AlreadyMaking,
    NotInServer,
    NotYourPreview,
    PictureGone,
    PreviewGone,
    PreviewUsed,
    SinglePictureNeeded,
)
from bot.media import (
    Downloader,
    MediaStore,
    apart,
    check_mask,
    overlay,
)
from bot.media.file_store import kept_picture
from bot.services.jobs import Service, new_job
from bot.services.requests import Answer, Asker

KEPT_MS = 24 * 3_600_000
"""How long a preview can be confirmed."""

SWEPT_MS = KEPT_MS + 3_600_000
"""When it is forgotten: late enough that no click that was still in time is under way."""

REDRAWN = 4
"""How many pictures come of it; no page says so, but whatever else draws anew brings four."""


@dataclass(frozen=True)
class Preview:
    """Hold what is shown before anything is spent: `picture` is a JPEG, `price` and `left` are credits."""

    draft: Draft
    parent: Job
    picture: bytes = field(repr=False)
    price: int
    left: int


class Drafts:
    """Show masks over pictures, and let what was shown be redrawn."""

    def __init__(
        self,
        store: Store,
        service: Service,
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

    async def preview(self, asker: Asker, parent_id: str, mask: Picture, prompt: CleanPrompt) -> Preview:
        """Hold a mask against a single picture, keep it, and show both; nothing is reserved, nobody is called.

        Raises `NotOffered`, `NoProvider`, `SinglePictureNeeded`, `PictureGone`, `BadPicture` or `BadMask`.
        """
        if asker.guild_id is None:
            raise NotInServer
        parent = await self._service.find_made(asker, parent_id)
        picture = await self._picture_of(parent)
        given = await self._downloader.unchecked(mask.url, "mask")
        checked = await apart(check_mask, given, picture)
        shown = await apart(overlay, picture, checked.data)
        now = self._clock()
        draft = Draft(new_job_id(now), asker.guild_id, asker.user_id, parent.id, prompt.text, prompt.removed, now)
        await self._media.keep(kept_picture(draft.id, 0), checked.data)
        await self._store.drafts.add(draft)
        balance = await self._store.accounts.balance(asker.guild_id, asker.user_id, asker.roles, now)
        price = self._prices.at(parent.provider).job(Kind.REGION, _params(parent, draft))
        return Preview(draft, parent, shown, price, balance.left)

    async def confirm(self, asker: Asker, draft_id: str, answer: Answer) -> Job:
        """Write down what a preview showed (T0); the worker does the rest.

        Raises `PreviewGone`, `PreviewUsed`, `AlreadyMaking` or `NotYourPreview`, and what has become of the picture:
        `NotOffered` or `NoProvider`.
        """
        draft = await self._open_draft(asker, draft_id)
        parent = await self._service.find_made(asker, draft.parent_job_id)
        job = new_job(
            asker,
            answer,
            self._clock(),
            kind=Kind.REGION,
            provider=parent.provider,
            params=_params(parent, draft),
            dedupe_key=f"region:{draft.id}",
            parent_job_id=parent.id,
        )
        try:
            return await self._service.receive_once(replace(job, id=draft.id))
        except AlreadyMaking:
            # Another click was faster, and what came of it may have ended meanwhile.
            await self._refuse_used(asker, draft_id)
            raise

    async def discard(self, asker: Asker, draft_id: str) -> None:
        """Forget a preview and its mask; raises as `confirm` does."""
        await self._forget((await self._open_draft(asker, draft_id)).id)

    async def sweep(self) -> None:
        """Forget the previews that are too old; what was confirmed stays with its job."""
        for draft_id in await self._store.drafts.older(self._clock() - SWEPT_MS):
            await self._forget(draft_id)

    async def _forget(self, draft_id: str) -> None:
        """Delete a draft's mask, unless a job has it, and then its row."""
        if await self._store.jobs.get(draft_id) is None:
            await self._media.remove(kept_picture(draft_id, 0))
        await self._store.drafts.remove(draft_id)

    async def _open_draft(self, asker: Asker, draft_id: str) -> Draft:
        """Give a draft that its own member may still confirm."""
        await self._refuse_used(asker, draft_id)
        draft = await self._store.drafts.get(draft_id)
        if draft is None or draft.guild_id != asker.guild_id or self._clock() - draft.created_ms >= KEPT_MS:
            raise PreviewGone
        if draft.user_id != asker.user_id:
            raise NotYourPreview
        return draft

    async def _refuse_used(self, asker: Asker, draft_id: str) -> None:
        """Lead the member to the job that was made of their draft, if there is one."""
        made = await self._store.jobs.get(draft_id)
        if made is not None and (made.guild_id, made.user_id) == (asker.guild_id, asker.user_id):
            raise AlreadyMaking(card_link(made)) if made.state in BEING_MADE else PreviewUsed(card_link(made))

    async def _picture_of(self, parent: Job) -> bytes:
        """Read the single picture that a job made."""
        if not is_single(parent):
            raise SinglePictureNeeded(parent.id)
        try:
            (clip,) = await self._store.media.clips(parent.id)
            return await self._media.read(clip.media_file or "")
        except (ValueError, OSError):
            raise PictureGone(parent.id) from None


def is_single(job: Job) -> bool:
    """Tell whether a job makes one picture, neither four nor none."""
    return job.kind in DRAWN and job.params.clips == 1


def _params(parent: Job, draft: Draft) -> Params:
    """Take the draft's own prompt, else that of its picture, which the provider knows and is not sent."""
    return Params(
        prompt=draft.prompt or parent.params.prompt,
        clips=REDRAWN,
        motion=None,
        typed=("prompt",) if draft.prompt else (),
        removed=draft.removed,
    )
