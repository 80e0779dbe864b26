"""Put a job's clips before the member: on the card in as many edits as they need, or as replies where edits fail."""

import logging
from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.db.card_edits import UPLOADING
from bot.db.store import CardFacts, Store
from bot.domain.clock import Clock
from bot.domain.job import Job, State
from bot.errors import CardError, LostLease
from bot.publisher.attachment_batches import AttachmentBatcher, ClipUpload, SizeLimits
from bot.publisher.card_messages import CardMessages, with_frames
from bot.publisher.discord_messages import CardApi, is_gone, is_invalid_form, is_too_large
from bot.publisher.shown_files import MOST_FILES, room_for_clips
from bot.ui.attachments import attachments_by_name, clip_name
from bot.ui.card_data import CardBuilder
from bot.ui.cards import ShownClip, draw_result

log = logging.getLogger(__name__)

EDITS_REFUSED_MS = 3_600_000
"""How long edits that add gallery files are not tried again after one was refused."""


class Delivery:
    """Deliver clips; what is there already is not sent again."""

    def __init__(
        self,
        card_api: CardApi,
        cards: CardMessages,
        batcher: AttachmentBatcher,
        store: Store,
        card_builder: CardBuilder,
        clock: Clock,
    ) -> None:
        self._card_api = card_api
        self._cards = cards
        self._batcher = batcher
        self._store = store
        self._card_builder = card_builder
        self._clock = clock
        self._edits_refused_until_ms = 0

    async def deliver(self, job: Job, *, whole: bool) -> None:
        """Send every clip that is in the media store; `whole` says that no more will come, and ends the card.

        Raises `CardGoneError` when it was deleted: somebody does not want it there.
        """
        facts = await self._read(job)
        replies = _replies(facts)
        facts = await self._cards.ensure_exists(facts)
        if self._store.card_edits.may_have_sent(facts.job):
            facts = await self._find_sent(facts)
        facts = await self._cards.look(facts)
        facts = await self._send_all(facts, SizeLimits())
        await self._end(facts, job, whole=whole)
        for message_id in replies:
            await self._redraw_reply(facts, message_id)

    async def _send_all(self, facts: CardFacts, size_limits: SizeLimits) -> CardFacts:
        job = facts.job
        while True:
            clips = [clip for clip in facts.clips if clip.media_file is not None and clip.attachment_id is None]
            limit = self._card_api.file_limit(job)
            room = room_for_clips(facts)
            async with self._batcher.batch(job, clips, limit, size_limits, most=room or MOST_FILES) as uploads:
                if not uploads:
                    return facts
                try:
                    facts = await (self._send(facts, uploads) if room else self._reply(facts, uploads))
                except discord.HTTPException as error:
                    if not is_too_large(error):
                        raise
                    log.warning("job %s: %d bytes are too large for Discord", job.id, _size(uploads))
                    size_limits.learn(uploads)

    async def _send(self, facts: CardFacts, uploads: Sequence[ClipUpload]) -> CardFacts:
        """Add clips to the card; reply to it where Discord refuses gallery files in edits (discord.md, section 2)."""
        if self._clock() < self._edits_refused_until_ms:
            return await self._reply(facts, uploads)
        job = facts.job
        new = {upload.slot: upload.upload.filename for upload in uploads}
        images = await self._cards.missing_frames(facts)
        card = with_frames(await self._card_builder.build(job, facts), images)
        clips = [ShownClip(clip.slot, new[clip.slot]) if clip.slot in new else clip for clip in card.clips]
        all_there = all(clip.filename or clip.result for clip in clips)
        shown = replace(card, job=replace(card.job, state=State.DONE) if all_there else card.job, clips=clips)
        try:
            return await self._cards.update(shown, facts, [*images, *(upload.upload for upload in uploads)])
        except discord.HTTPException as error:
            if not is_invalid_form(error):
                raise
            if _carried(await self._cards.compare(facts)) != _carried(facts):
                # An edit that landed late had taken files from the card that this one meant to keep.
                raise CardError("the card carries other files than were written down") from error
            log.warning("job %s: Discord refuses gallery files in an edit (%s): replying instead", job.id, error)
            replied = await self._reply(facts, uploads)
            # Only after the reply went well: a refusal of something else tells nothing of edits.
            self._edits_refused_until_ms = self._clock() + EDITS_REFUSED_MS
            return replied

    async def _reply(self, facts: CardFacts, uploads: Sequence[ClipUpload]) -> CardFacts:
        """Show clips on a message of their own, with live buttons; the card links to it."""
        job = facts.job
        await self._store.card_edits.set_card_hash(job.id, UPLOADING)
        files = [upload.upload for upload in uploads]
        new = {upload.slot: upload.upload.filename for upload in uploads}
        card = await self._card_builder.build(job, facts)
        card = replace(
            card,
            job=replace(card.job, state=State.DONE),
            clips=[ShownClip(slot, filename) for slot, filename in sorted(new.items())],
        )
        message = await self._card_api.send(
            job,
            lambda: draw_result(card),
            files,
            f"{job.id}-{min(new)}",
            reply=True,
        )
        facts = replace(facts, job=replace(job, card_hash=UPLOADING))
        return await self._cards.record_attachments(facts, message, files)

    async def _redraw_reply(self, facts: CardFacts, message_id: int) -> None:
        """Draw a reply that was there before anew: whether its clips are hidden may have changed."""
        job = replace(facts.job, state=State.DONE)
        clips = [ShownClip(clip.slot, clip_name(clip)) for clip in facts.clips if clip.message_id == message_id]
        card = replace(await self._card_builder.build(job, facts), clips=clips)
        # The interaction's token reaches the card alone.
        reply = replace(job, message_id=message_id, token=None)
        try:
            await self._card_api.edit(reply, lambda: draw_result(card), lambda: discord.utils.MISSING, wake=True)
        except discord.HTTPException as error:
            if not is_gone(error):
                raise
            log.info("job %s: the reply %d was deleted", job.id, message_id)

    async def _find_sent(self, facts: CardFacts) -> CardFacts:
        """Find what an interrupted try has sent: on the card, and in replies to it."""
        job, facts = facts.job, await self._cards.reconcile(facts)
        names = {clip_name(clip) for clip in facts.clips if clip.attachment_id is None}
        if not names:
            return facts
        try:
            replies = await self._card_api.search(job, lambda message: bool(names & set(attachments_by_name(message))))
        except discord.HTTPException as error:
            log.info("job %s: its channel could not be looked through: %s", job.id, error)
            return facts
        for message in replies:
            facts = await self._cards.record_attachments(facts, message)
        return facts

    async def _end(self, facts: CardFacts, job: Job, *, whole: bool) -> None:
        images = await self._cards.missing_frames(facts)
        state = State.DONE if whole else facts.job.state
        if facts.board is not None and whole and job.state is State.READY:
            facts = replace(facts, board=facts.board.with_done(job.id))
        card = await self._card_builder.build(replace(facts.job, state=state), facts)
        await self._cards.update(with_frames(card, images), facts, images)

    async def _read(self, job: Job) -> CardFacts:
        facts = await self._store.card_facts.read(job.id)
        if facts is None:
            # It was removed meanwhile.
            raise LostLease(job.id)
        return facts


def _replies(facts: CardFacts) -> list[int]:
    """Name the messages that show clips in the card's stead."""
    shown = (clip.message_id for clip in facts.clips if clip.attachment_id is not None)
    return list(dict.fromkeys(one for one in shown if one is not None and one != facts.job.message_id))


def _carried(facts: CardFacts) -> list[int | None]:
    return [one.attachment_id for one in (*facts.clips, *facts.frames.values())]


def _size(uploads: Sequence[ClipUpload]) -> int:
    return sum(upload.upload.size for upload in uploads)
