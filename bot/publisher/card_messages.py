"""One card a job, and the record of what stands on it: edited, found again, or made anew where it was deleted."""

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

import discord
from discord.ui import LayoutView

from bot.db.card_edits import DOUBTED, UPLOADING
from bot.db.store import Store
from bot.domain.job import Job
from bot.errors import BadImage, CardError
from bot.media import MediaStore, run_in_image_thread, thumbnail
from bot.publisher.answers import is_unclear, watch_answers
from bot.publisher.discord_messages import CardApi, is_gone
from bot.ui.attachments import (
    KeptAttachment,
    Upload,
    attachments_by_name,
    clip_name,
    frame_name,
    is_card_of,
    names_shown,
)
from bot.ui.card_data import CardBuilder
from bot.ui.cards import Card, draw

log = logging.getLogger(__name__)

FRAME_PIXELS = 1280
"""The longest side of the image on the card: enough to make another film from."""


class CardGoneError(Exception):
    """The card was deleted; the row has forgotten it."""


REMEMBERED = 200
"""How many cards are not drawn again while nothing of them changes; more than wait within sight."""


class CardMessages:
    """Edit cards and write down what is on them; `draw` turns a card's facts into what is sent."""

    def __init__(
        self,
        card_api: CardApi,
        store: Store,
        media: MediaStore,
        card_builder: CardBuilder,
        draw: Callable[[Card], LayoutView] = draw,
    ) -> None:
        self._card_api = card_api
        self._store = store
        self._media = media
        self._card_builder = card_builder
        self._draw = draw
        self._shown: dict[str, tuple[Card, str]] = {}

    async def update(self, card: Card, uploads: Sequence[Upload] = (), *, wake: bool = True) -> None:
        """Edit the card if it differs from what is shown; raises `CardGoneError` when it was deleted.

        An edit whose answer does not come stays counted, for it may still land on top of a later one.
        """
        job, edits = card.job, self._store.card_edits
        if not uploads and self._shows(card):
            return
        shown = fingerprint(self._draw(card))
        if shown == job.card_hash and not uploads:
            self._remember(card, shown)
            return
        attachments = await self._attachments(job, uploads)
        await edits.begin(job.id, UPLOADING if uploads else None)
        with watch_answers() as answers:
            try:
                message = await self._card_api.edit(job, lambda: self._draw(card), attachments, wake=wake)
            except discord.HTTPException as error:
                await edits.answered(job.id, surely=answers.clear)
                await self._raise_if_gone(job, error)
                raise
        if uploads:
            await self.record_attachments(job, message, uploads)
        await edits.answered(job.id, shown, surely=answers.clear)
        self._remember(card, shown)

    async def ensure_exists(self, job: Job) -> Job:
        """Make sure that there is a card: ours that names the job if the channel has one, else a new one."""
        if job.message_id is not None:
            return job
        found = await self._card_api.search(job, lambda message: is_card_of(message, job.id))
        if found:
            log.info("job %s: its new card was there already", job.id)
            return await self._adopt(job, found[0])
        card = await self._card_builder.build(job)
        uploads = await self.missing_frames(job)
        card = replace(card, frames=dict(_names(uploads)))
        message = await self._card_api.send(job, lambda: self._draw(card), uploads, job.id, reply=False)
        log.info("job %s has a new card", job.id)
        return await self._adopt(job, message)

    async def look(self, job: Job) -> None:
        """Write down what a card in doubt really carries; what it has lost is to be sent again."""
        if job.card_hash == DOUBTED or job.unanswered_edits:
            await self.compare(job)

    async def compare(self, job: Job) -> bool:
        """Write down what a card really carries; tells whether that is other than what was written before.

        Raises `CardGoneError` when it was deleted.
        """
        try:
            message = await self._card_api.fetch(job)
        except discord.HTTPException as error:
            await self._raise_if_gone(job, error)
            if is_unclear(error.status):
                raise
            # Who may edit it may still lack the right to read it.
            log.info("job %s: its card could not be looked at: %s", job.id, error)
            return False
        before = await self._carried(job)
        await self.record_attachments(job, message)
        names = names_shown(message)
        clips, frames = await self._store.clips.clips(job.id), await self._store.clips.frames(job.id)
        slots = [clip.slot for clip in clips if clip.message_id == message.id and clip_name(clip) not in names]
        roles = [role for role, frame in frames.items() if frame.attachment_id and frame_name(role) not in names]
        if slots or roles:
            log.info("job %s: its card has lost clips %s and images %s", job.id, slots, roles)
            await self._store.clips.forget_attachments(job.id, message.id, slots, roles)
        return await self._carried(job) != before

    async def _carried(self, job: Job) -> list[int | None]:
        clips, frames = await self._store.clips.clips(job.id), await self._store.clips.frames(job.id)
        return [one.attachment_id for one in (*clips, *frames.values())]

    async def reconcile(self, job: Job) -> None:
        """Search the card for files that an interrupted try has put there."""
        try:
            message = await self._card_api.fetch(job)
        except discord.HTTPException as error:
            log.info("job %s: its card could not be looked at: %s", job.id, error)
        else:
            await self.record_attachments(job, message)

    async def record_attachments(self, job: Job, message: discord.Message, uploads: Sequence[Upload] = ()) -> None:
        """Write down which attachment of a message shows what.

        Raises `CardError` when the answer does not tell of an upload: it is looked for later, and not sent for ever.
        """
        shown = attachments_by_name(message)
        for clip in await self._store.clips.clips(job.id):
            item = shown.get(clip_name(clip))
            if item is not None and item.attachment_id is not None and item.attachment_id != clip.attachment_id:
                await self._store.clips.set_clip_attachment(job.id, clip.slot, message.id, item.attachment_id)
        for role, frame in (await self._store.clips.frames(job.id)).items():
            item = shown.get(frame_name(role)) if message.id == job.message_id else None
            if item is not None and item.attachment_id is not None and item.attachment_id != frame.attachment_id:
                await self._store.clips.set_frame_attachment(job.id, role, item.attachment_id)
        unreported = {upload.filename for upload in uploads} - set(shown)
        if unreported:
            raise CardError(f"Discord does not say where {', '.join(sorted(unreported))} is")

    async def missing_frames(self, job: Job) -> list[Upload]:
        """Find the start and end images that the card does not carry yet, scaled down for it."""
        uploads: list[Upload] = []
        for role, frame in (await self._store.clips.frames(job.id)).items():
            if frame.attachment_id is None:
                try:
                    data = await self._media.read(frame.media_file)
                except FileNotFoundError:
                    continue
                try:
                    small = await run_in_image_thread(thumbnail, data, FRAME_PIXELS)
                except BadImage as error:
                    # A card without its image is better than none.
                    log.warning("job %s: its %s picture cannot be shown: %s", job.id, role, error)
                    continue
                uploads.append(Upload(frame_name(role), small))
        return uploads

    async def _raise_if_gone(self, job: Job, error: discord.HTTPException) -> None:
        """Forget a card that was deleted, and raise `CardGoneError`."""
        if is_gone(error):
            log.info("job %s: its card was deleted", job.id)
            await self._store.history.clear_card(job.id)
            raise CardGoneError(job.id) from error

    async def _adopt(self, job: Job, message: discord.Message) -> Job:
        await self._store.jobs.set_card_hash(job.id, UPLOADING, message.id)
        adopted = replace(job, message_id=message.id, card_hash=UPLOADING)
        await self.record_attachments(adopted, message)
        return adopted

    def _shows(self, card: Card) -> bool:
        """Tell, without drawing it, whether a card stands there already as it would be drawn: nothing of it changed."""
        return self._shown.get(card.job.id) == (_facts(card), card.job.card_hash)

    def _remember(self, card: Card, shown: str) -> None:
        """Remember what a card shows; the one that was changed longest ago is forgotten first."""
        self._shown.pop(card.job.id, None)
        self._shown[card.job.id] = (_facts(card), shown)
        while len(self._shown) > REMEMBERED:
            del self._shown[next(iter(self._shown))]

    async def _attachments(
        self, job: Job, uploads: Sequence[Upload]
    ) -> Callable[[], list[discord.Attachment | discord.File]]:
        """List the files that the card keeps, then the new ones; without new ones nothing needs to be listed."""
        if not uploads:
            return lambda: discord.utils.MISSING
        kept = [
            KeptAttachment(frame.attachment_id, frame_name(role))
            for role, frame in (await self._store.clips.frames(job.id)).items()
            if frame.attachment_id is not None
        ]
        kept += [
            KeptAttachment(clip.attachment_id, clip_name(clip))
            for clip in await self._store.clips.clips(job.id)
            if clip.attachment_id is not None and clip.message_id == job.message_id
        ]
        # discord.py asks of a kept attachment only that it can write itself down.
        return lambda: [*(cast("discord.Attachment", file) for file in kept), *(upload.file() for upload in uploads)]


def with_frames(card: Card, uploads: Sequence[Upload]) -> Card:
    """Show start and end images that are about to be uploaded."""
    return replace(card, frames={**card.frames, **dict(_names(uploads))})


def _facts(card: Card) -> Card:
    return replace(card, job=replace(card.job, card_hash=None, unanswered_edits=0))


def _names(uploads: Sequence[Upload]) -> list[tuple[str, str]]:
    return [(upload.filename.split(".")[0], upload.filename) for upload in uploads]


def fingerprint(view: LayoutView) -> str:
    """Tell one look of a card from another."""
    payload = json.dumps(view.to_components(), sort_keys=True, default=str)
    return hashlib.sha256(payload.encode()).hexdigest()[:16]
