"""Show jobs on their cards; all that the worker knows of Discord."""

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import discord

from bot.db.card_edits import DOUBTED, UPLOADING
from bot.db.store import CardFacts, Store
from bot.domain.clock import Clock
from bot.domain.job import Clip, Job, State
from bot.domain.pings import Ping
from bot.domain.storyboard import FILM_PLACE
from bot.errors import CardError, LostLease
from bot.locks import NamedLocks
from bot.media import MediaStore
from bot.publisher.attachment_batches import AttachmentBatcher
from bot.publisher.card_messages import CardGoneError, CardMessages, with_frames
from bot.publisher.delivery import Delivery
from bot.publisher.discord_messages import DISCORD_ERRORS, UNREACHABLE_CODES, CardApi, is_token_over
from bot.publisher.pings import PingSender
from bot.ui.attachments import attachments_by_name, clip_name, frame_name
from bot.ui.card_data import CardBuilder
from bot.ui.refusal_buttons import refusal_buttons
from bot.ui.text.errors import describe_error_code
from bot.ui.text.translate import speaking

log = logging.getLogger(__name__)

DELIVERIES = 4
"""How many jobs' clips are sent at a time: each request holds up to 25 MiB in memory."""

UPDATED_STATES = (State.QUEUED, State.SUBMITTING, State.RUNNING, State.READY)
"""The states in which a card is kept up to date; before them it thinks, and the end has its own words."""


class CardPublisher:
    """Show jobs on their cards, through the interaction token while it lasts and the bot token after that."""

    def __init__(
        self,
        client: discord.Client,
        store: Store,
        media: MediaStore,
        batcher: AttachmentBatcher,
        card_builder: CardBuilder,
        card_locks: NamedLocks,
        clock: Clock,
    ) -> None:
        self._store = store
        self._card_builder = card_builder
        self._card_api = CardApi(client, clock, card_locks.are_sure)
        self._cards = CardMessages(self._card_api, store, media, card_builder)
        self._delivery = Delivery(self._card_api, self._cards, batcher, store, card_builder, clock)
        self._deliveries = asyncio.Semaphore(DELIVERIES)
        self._card_locks = card_locks
        self._pings = PingSender(client, store)

    async def show(self, job_id: str) -> None:
        """Bring the card of a job under way up to date as well as possible; never raises for Discord's sake.

        A card that was deleted is not made anew.
        """
        async with self._card_locks.acquire(job_id):
            # Read inside the lock, so that an older state never covers a newer one.
            facts = await self._store.card_facts.read(job_id)
            if facts is not None and facts.board is None:
                await self._show(facts)
        if facts is not None and facts.board is not None:
            # The shots of a storyboard share one card, and its lock.
            async with self._card_locks.acquire(facts.board.storyboard.id):
                facts = await self._store.card_facts.read(job_id)
                if facts is not None:
                    await self._show(facts)

    async def _show(self, facts: CardFacts) -> None:
        job = facts.job
        if not _is_under_way(facts) or job.message_id is None:
            return
        try:
            uploads = await self._cards.missing_frames(facts)
            card = with_frames(await self._card_builder.build(job, facts), uploads)
            await self._cards.update(card, facts, uploads, wake=False)
        except CardGoneError:
            log.info("job %s goes on without a card", job.id)
        except (CardError, *DISCORD_ERRORS) as error:
            log.warning("job %s: its card could not be brought up to date: %s", job.id, error)

    async def deliver(self, job: Job, *, whole: bool = True) -> bool:
        """Put the clips that are in the media store on the card, in as many edits as their sizes need.

        `whole` says that no more will come. Clips that an earlier try has put there are not sent again, and a card that
        somebody deleted is not made again. False when no way to the member is left. Raises `CardError` for what may
        pass, `LostLease` where the job was removed.
        """
        async with self._card_lock(job), self._deliveries:
            reached = await _reach(job, self._delivery.deliver(job, whole=whole))
            if not reached:
                await self._say_undelivered(job)
            return reached

    async def tell_failure(self, job: Job) -> bool:
        """Say why a job failed: privately while nothing was charged, else on the card.

        False when no way to the member is left. Raises `CardError` for what may pass, `LostLease` where it was removed.
        """
        async with self._card_lock(job):
            if job.storyboard_id is not None:
                return await _reach(job, self._tell_shot_failure(job))
            return await _reach(job, self._tell_failure(job))

    async def image_link(self, job: Job, role: str) -> str | None:
        """Give a fresh link to the start or end image that the card shows; None when it shows none."""
        card, shown_as = await self._on_card(job, role)
        try:
            shown = attachments_by_name(await self._card_api.fetch(card))
        except DISCORD_ERRORS as error:
            log.warning("job %s: its card could not be read: %s", job.id, error)
            return None
        item = shown.get(frame_name(shown_as))
        return item.url if item is not None else None

    async def _on_card(self, job: Job, role: str) -> tuple[Job, str]:
        """Name whose card shows one of a job's images, and as what: a shot without one of its own began as all did."""
        facts = await self._store.card_facts.read(job.id) if job.storyboard_id is not None else None
        if facts is None:
            return job, role
        return facts.job, next((frame.role for frame in facts.frames.values() if frame.job_id == job.id), role)

    async def ping(self, ping: Ping) -> None:
        """Tell a member that what they asked for has ended, in the way that they chose; never raises for Discord."""
        await self._pings.send(ping)

    async def clip_link(self, job: Job, clip: Clip) -> str | None:
        """Give a fresh link to a clip from the message that shows it; None when none does."""
        if clip.message_id is None or clip.attachment_id is None:
            return None
        # Another message than the card was sent by the bot itself.
        shows = job if clip.message_id == job.message_id else replace(job, message_id=clip.message_id, token=None)
        try:
            shown = attachments_by_name(await self._card_api.fetch(shows))
        except DISCORD_ERRORS as error:
            log.warning("job %s: the message with clip %d could not be read: %s", job.id, clip.slot + 1, error)
            return None
        item = shown.get(clip_name(await self._clip_on_card(job, clip)))
        return item.url if item is not None else None

    async def _clip_on_card(self, job: Job, clip: Clip) -> Clip:
        """Give a clip as its card numbers it: a shot's by its place."""
        facts = await self._store.card_facts.read(job.id) if job.storyboard_id is not None else None
        shown = facts.clips if facts is not None else ()
        return next((one for one in shown if one.job_id == clip.job_id and one.slot != FILM_PLACE), clip)

    async def _tell_failure(self, job: Job) -> None:
        if not await self._tell_privately(job):
            await self._update_existing(job)

    async def _tell_shot_failure(self, job: Job) -> None:
        """Tell on the card of all shots why one ended, and bring there what was made; or privately, if none was paid.

        Of those that were refused together, the first is told.
        """
        facts = await self._store.card_facts.read(job.id)
        if facts is None or facts.board is None:
            raise LostLease(job.id)
        asked_with_it = [shot.shot or 0 for shot in facts.board.jobs if shot.created_ms == job.created_ms]
        if not job.charged and job.shot != min(asked_with_it):
            return
        keep_card = any(shot.charged for shot in facts.board.jobs)
        if not await self._tell_privately(job, keep_card=keep_card):
            await self._delivery.deliver(job, whole=True)

    async def _tell_privately(self, job: Job, *, keep_card: bool = False) -> bool:
        """Tell the requester alone why nothing is made for them; False once the card must say it."""
        if job.charged or not self._card_api.token_lasts(job):
            return False
        with speaking(job.locale):
            sentence = describe_error_code(job.error_code or "internal", job.error_data)
            buttons = None if job.storyboard_id else refusal_buttons(job, self._card_builder.again(job))
            try:
                await self._card_api.tell_privately(job, sentence, buttons, keep_card=keep_card)
            except discord.HTTPException as error:
                if not is_token_over(error):
                    raise
                return False
        return True

    async def _update_existing(self, job: Job) -> None:
        facts = await self._store.card_facts.read(job.id)
        if facts is None:
            # It was removed meanwhile.
            raise LostLease(job.id)
        facts = await self._cards.look(await self._cards.ensure_exists(facts))
        await self._cards.update(await self._card_builder.build(facts.job, facts), facts)

    async def _say_undelivered(self, job: Job) -> None:
        """Where only the files are refused, the card can still say how to get them."""
        facts = await self._store.card_facts.read(job.id)
        if facts is None or facts.job.message_id is None:
            return
        ended = replace(facts.job, state=State.DONE, error_code="undeliverable")
        try:
            await self._cards.update(await self._card_builder.build(ended, facts), facts, wake=False)
        except (CardGoneError, *DISCORD_ERRORS) as error:
            log.info("job %s: not even its card could be told: %s", job.id, error)

    def _card_lock(self, job: Job) -> AbstractAsyncContextManager[None]:
        """Lock one card: edits that overlap would each upload its files, and drop the other's.

        Across processes too: another one may work on the job as soon as this one has put it back.
        """
        return self._card_locks.acquire(job.storyboard_id or job.id)


def _is_under_way(facts: CardFacts) -> bool:
    """Tell whether a card is to be kept up to date: not while it thinks, and not once its end is told."""
    job = facts.job
    if facts.board is not None:
        shots = [shot.state for shot in facts.board.jobs if shot.charged]
        if State.READY in shots and job.card_hash in (UPLOADING, DOUBTED):
            return False
        return any(state in UPDATED_STATES for state in shots)
    if job.state is State.READY and (job.lease is not None or job.card_hash in (UPLOADING, DOUBTED)):
        # Its end is being told, or has been, or is to be looked at: what is under way is no news any more.
        return False
    return job.state in UPDATED_STATES


async def _reach(job: Job, attempt: Awaitable[None]) -> bool:
    """Carry out what must reach the member; False when no way is left, `CardError` for what may pass."""
    try:
        await attempt
    except CardGoneError:
        # Whoever asked for it is told where to find it, by the transaction that ends it.
        log.info("job %s ends without a card: it was deleted", job.id)
        return True
    except discord.HTTPException as error:
        if error.code in UNREACHABLE_CODES:
            log.warning("job %s: no way to its member is left: %s", job.id, error)
            return False
        raise CardError(str(error)) from error
    except DISCORD_ERRORS as error:
        raise CardError(repr(error)) from error
    return True
