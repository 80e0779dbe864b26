"""Put a job's clips before the member: on the card in as many edits as they need, or as replies where edits fail."""

import logging
from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.job import Job, State
from bot.publisher.attachment_batches import Fitting, Parcel, Refusals
from bot.publisher.card_messages import SENDING, CardGoneError, Cards, with_frames
from bot.publisher.discord_messages import Courier, is_invalid_form, is_too_large
from bot.ui.attachments import attachments_by_name, clip_name
from bot.ui.card_data import Facts
from bot.ui.cards import ShownClip, draw_result

log = logging.getLogger(__name__)

EDITS_REFUSED_MS = 3_600_000
"""How long edits that add gallery files are not tried again after one was refused."""


class Delivery:
    """Deliver clips; what is there already is not sent again."""

    def __init__(
        self, courier: Courier, cards: Cards, fitting: Fitting, store: Store, facts: Facts, clock: Clock
    ) -> None:
        self._courier = courier
        self._cards = cards
        self._fitting = fitting
        self._store = store
        self._facts = facts
        self._clock = clock
        self._edits_refused_until_ms = 0

    async def deliver(self, job: Job, *, whole: bool) -> None:
        """Send every clip that is in the media store; `whole` says that no more will come, and ends the card.

        Raises `CardGoneError` when the new card was deleted too: somebody does not want it there.
        """
        refusals = Refusals()
        anew = False
        while True:
            fresh = await self._fresh(job)
            if fresh.message_id is None and anew:
                raise CardGoneError(job.id)
            anew = anew or fresh.message_id is None
            try:
                standing = await self._cards.stand(fresh)
                if standing.shown_hash == SENDING:
                    await self._find_sent(standing)
                await self._send_all(standing, refusals)
                await self._end(standing, whole=whole)
            except CardGoneError:
                continue
            return

    async def _send_all(self, job: Job, refusals: Refusals) -> None:
        while True:
            clips = [
                clip
                for clip in await self._store.media.clips(job.id)
                if clip.media_file is not None and clip.attachment_id is None
            ]
            limit = self._courier.file_limit(job)
            parcels = await self._fitting.batch(job, clips, limit, refusals)
            if not parcels:
                return
            try:
                await self._send(job, parcels)
            except discord.HTTPException as error:
                if not is_too_large(error):
                    raise
                log.warning("job %s: %d bytes are too large for Discord", job.id, _size(parcels))
                refusals.learn(parcels)

    async def _send(self, job: Job, parcels: Sequence[Parcel]) -> None:
        """Add clips to the card; reply to it where Discord refuses gallery files in edits (discord.md, section 2)."""
        if self._clock() < self._edits_refused_until_ms:
            await self._reply(job, parcels)
            return
        new = {parcel.slot: parcel.upload.filename for parcel in parcels}
        pictures = await self._cards.missing_frames(job)
        card = with_frames(await self._facts.gather(await self._fresh(job)), pictures)
        clips = [ShownClip(clip.slot, new[clip.slot]) if clip.slot in new else clip for clip in card.clips]
        all_there = all(clip.filename or clip.result for clip in clips)
        shown = replace(card, job=replace(card.job, state=State.DONE) if all_there else card.job, clips=clips)
        try:
            await self._cards.put(shown, [*pictures, *(parcel.upload for parcel in parcels)])
        except discord.HTTPException as error:
            if not is_invalid_form(error):
                raise
            log.warning("job %s: Discord refuses gallery files in an edit (%s): replying instead", job.id, error)
            await self._reply(job, parcels)
            # Only after the reply went well: a refusal of something else tells nothing of edits.
            self._edits_refused_until_ms = self._clock() + EDITS_REFUSED_MS

    async def _reply(self, job: Job, parcels: Sequence[Parcel]) -> None:
        """Show clips on a message of their own, with live buttons; the card links to it."""
        await self._store.jobs.shown(job.id, SENDING)
        uploads = [parcel.upload for parcel in parcels]
        new = {parcel.slot: parcel.upload.filename for parcel in parcels}
        card = await self._facts.gather(await self._fresh(job))
        card = replace(
            card,
            job=replace(card.job, state=State.DONE),
            clips=[ShownClip(slot, filename) for slot, filename in sorted(new.items())],
        )
        message = await self._courier.send(
            job,
            lambda: draw_result(card),
            uploads,
            f"{job.id}-{min(new)}",
            reply=True,
        )
        await self._cards.note(job, message, uploads)

    async def _find_sent(self, job: Job) -> None:
        """Find what an interrupted try has sent: on the card, and in replies to it."""
        await self._cards.look(job)
        names = {clip_name(clip) for clip in await self._store.media.clips(job.id) if clip.attachment_id is None}
        if not names:
            return
        try:
            replies = await self._courier.search(job, lambda message: bool(names & set(attachments_by_name(message))))
        except discord.HTTPException as error:
            log.info("job %s: its channel could not be looked through: %s", job.id, error)
            return
        for message in replies:
            await self._cards.note(job, message)

    async def _end(self, job: Job, *, whole: bool) -> None:
        fresh = await self._fresh(job)
        pictures = await self._cards.missing_frames(fresh)
        state = State.DONE if whole else fresh.state
        await self._cards.put(with_frames(await self._facts.gather(replace(fresh, state=state)), pictures), pictures)

    async def _fresh(self, job: Job) -> Job:
        return await self._store.jobs.get(job.id) or job


def _size(parcels: Sequence[Parcel]) -> int:
    return sum(len(parcel.upload.data) for parcel in parcels)
