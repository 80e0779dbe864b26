"""One card a job, and the record of what stands on it: edited, and made only where Discord named none."""

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain, count

import discord
from discord.ui import LayoutView

from bot.db.card_edits import DELETED, DOUBTED, UPLOADING
from bot.db.store import CardFacts, Store
from bot.domain.job import Job
from bot.errors import BadImage, CardError
from bot.media import CARD_SIDE, MediaStore, run_in_image_thread, thumbnail
from bot.publisher.answers import is_unclear, watch_answers
from bot.publisher.discord_messages import CardApi, is_gone
from bot.publisher.shown_files import kept_and_new, newly_shown, require_all, with_shown
from bot.ui.attachments import (
    Upload,
    clip_name,
    frame_name,
    is_card_of,
    names_shown,
)
from bot.ui.card_data import CardBuilder
from bot.ui.cards import Card, draw

log = logging.getLogger(__name__)


class CardGoneError(Exception):
    """Somebody deleted the card; the row has forgotten it, and none is made again."""


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

    async def update(
        self, card: Card, facts: CardFacts, uploads: Sequence[Upload] = (), *, wake: bool = True
    ) -> CardFacts:
        """Edit the card if it differs from what is shown, and give its facts then.

        Raises `CardGoneError` when it was deleted. An edit whose answer does not come stays counted, for it may still
        land on top of a later one.
        """
        job, edits = card.job, self._store.card_edits
        before = self._shown_before(job)
        if not uploads and before is not None and self._shown.get(job.id) == (_facts(card), before):
            edits.still_shows(job.id, before)
            return facts
        view = self._draw(card)
        shown = fingerprint(view)
        if shown == before and not uploads:
            self._remember(card, shown)
            edits.still_shows(job.id, shown)
            return facts
        self._shown.pop(job.id, None)
        views = chain((view,), (self._draw(card) for _ in count()))  # a further try takes a further one
        attachments = kept_and_new(job, facts, uploads)
        await edits.begin(job, uploading=bool(uploads))
        with watch_answers() as answers:
            try:
                message = await self._card_api.edit(job, lambda: next(views), attachments, wake=wake)
            except discord.HTTPException as error:
                await edits.refused(job, uploading=bool(uploads), surely=answers.clear)
                await self._raise_if_gone(job, error)
                raise
        if uploads or job.card_hash in (UPLOADING, DOUBTED):
            facts = await self._record(job, facts, message, uploads, shown, surely=answers.clear)
        else:
            edits.answered(job.id, shown, surely=answers.clear)
            facts = replace(facts, job=replace(facts.job, card_hash=edits.marker))
        self._remember(card, shown)
        return facts

    async def ensure_exists(self, facts: CardFacts) -> CardFacts:
        """Make sure that there is a card; where Discord's answer named none, find what names the job there, or send it.

        Raises `CardGoneError` when it was deleted.
        """
        job = facts.job
        if job.message_id is not None:
            return facts
        if job.card_hash == DELETED:
            raise CardGoneError(job.id)
        found = await self._card_api.search(job, lambda message: is_card_of(message, job.id))
        if found:
            log.info("job %s: its new card was there already", job.id)
            return await self._adopt(facts, found[0])
        card = await self._card_builder.build(job, facts)
        uploads = await self.missing_frames(facts)
        card = replace(card, frames=dict(_names(uploads)))
        message = await self._card_api.send(job, lambda: self._draw(card), uploads, job.id, reply=False)
        log.info("job %s has a new card", job.id)
        return await self._adopt(facts, message)

    async def look(self, facts: CardFacts) -> CardFacts:
        """Write down what a card in doubt really carries; what it has lost is to be sent again."""
        if facts.job.card_hash == DOUBTED or self._store.card_edits.in_doubt(facts.job):
            return await self.compare(facts)
        return facts

    async def compare(self, facts: CardFacts) -> CardFacts:
        """Write down what a card really carries; gives the facts as they are then.

        Raises `CardGoneError` when it was deleted.
        """
        job = facts.job
        try:
            message = await self._card_api.fetch(job)
        except discord.HTTPException as error:
            await self._raise_if_gone(job, error)
            if is_unclear(error.status):
                raise
            # Who may edit it may still lack the right to read it.
            log.info("job %s: its card could not be looked at: %s", job.id, error)
            return facts
        facts = await self.record_attachments(facts, message)
        names = names_shown(message)
        slots = [clip.slot for clip in facts.clips if clip.message_id == message.id and clip_name(clip) not in names]
        roles = [role for role, frame in facts.frames.items() if frame.attachment_id and frame_name(role) not in names]
        if not slots and not roles:
            return facts
        log.info("job %s: its card has lost clips %s and images %s", job.id, slots, roles)
        await self._store.clips.forget_attachments(job.id, message.id, slots, roles, storyboard_id=job.storyboard_id)
        return await self._store.card_facts.read(job.id) or facts

    async def reconcile(self, facts: CardFacts) -> CardFacts:
        """Search the card for files that an interrupted try has put there."""
        try:
            message = await self._card_api.fetch(facts.job)
        except discord.HTTPException as error:
            log.info("job %s: its card could not be looked at: %s", facts.job.id, error)
            return facts
        return await self.record_attachments(facts, message)

    async def record_attachments(
        self, facts: CardFacts, message: discord.Message, uploads: Sequence[Upload] = ()
    ) -> CardFacts:
        """Write down which attachment of a message shows what.

        Raises `CardError` when the answer does not tell of an upload: it is looked for later, and not sent for ever.
        """
        found = newly_shown(facts.job, facts, message)
        await self._store.card_edits.write_shown(facts.job.id, found)
        require_all(message, uploads)
        return with_shown(facts, found)

    async def missing_frames(self, facts: CardFacts) -> list[Upload]:
        """Find the start and end images that the card does not carry yet, scaled down for it."""
        job, uploads = facts.job, list[Upload]()
        for role, frame in facts.frames.items():
            if frame.attachment_id is None:
                try:
                    data = await self._media.read(frame.media_file)
                except FileNotFoundError:
                    continue
                try:
                    small = await run_in_image_thread(thumbnail, data, CARD_SIDE)
                except BadImage as error:
                    # A card without its image is better than none.
                    log.warning("job %s: its %s picture cannot be shown: %s", job.id, role, error)
                    continue
                uploads.append(Upload(frame_name(role), small))
        return uploads

    async def _record(
        self,
        job: Job,
        facts: CardFacts,
        message: discord.Message,
        uploads: Sequence[Upload],
        shown: str,
        *,
        surely: bool,
    ) -> CardFacts:
        """Write down that an edit was answered, and which files it shows; no more than these if not all are told."""
        found = newly_shown(job, facts, message)
        try:
            require_all(message, uploads)
        except CardError:
            await self._store.card_edits.write_shown(job.id, found)
            raise
        await self._store.card_edits.record(job.id, shown, found, surely=surely)
        facts = with_shown(facts, found)
        return replace(facts, job=replace(facts.job, card_hash=shown, unanswered_edits=0 if surely else 1))

    async def _raise_if_gone(self, job: Job, error: discord.HTTPException) -> None:
        """Forget a card that was deleted, and raise `CardGoneError`."""
        if is_gone(error):
            log.info("job %s: its card was deleted", job.id)
            await self._store.history.clear_card(job.id)
            raise CardGoneError(job.id) from error

    async def _adopt(self, facts: CardFacts, message: discord.Message) -> CardFacts:
        await self._store.card_edits.set_card_hash(facts.job.id, UPLOADING, message.id)
        job = replace(facts.job, message_id=message.id, card_hash=UPLOADING)
        return await self.record_attachments(replace(facts, job=job), message)

    def _shown_before(self, job: Job) -> str | None:
        """Tell what a card shows as far as is known: by its row, or by this process if it was the last to edit it."""
        if not self._store.card_edits.is_ours(job):
            return job.card_hash
        known = self._shown.get(job.id)
        return known[1] if known is not None else None

    def _remember(self, card: Card, shown: str) -> None:
        """Remember what a card shows; the one that was changed longest ago is forgotten first."""
        self._shown.pop(card.job.id, None)
        self._shown[card.job.id] = (_facts(card), shown)
        while len(self._shown) > REMEMBERED:
            del self._shown[next(iter(self._shown))]


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
