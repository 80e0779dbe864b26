"""The only sender of cards: every change is an edit of the one answer, so doing it twice is harmless."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from typing import cast
from weakref import WeakValueDictionary

import aiohttp
import discord
from discord.ui import LayoutView

from bot import text
from bot.clock import Clock
from bot.domain import Clip, Job, State
from bot.errors import CardError
from bot.media import MediaStore, thumbnail
from bot.store import Store
from bot.ui.cards import Card, ShownClip, draw
from bot.ui.facts import Facts
from bot.ui.files import KeptFile, Upload, attachments_by_name, clip_name, frame_name

log = logging.getLogger(__name__)

TOKEN_SPARE_MS = 30_000
"""How long before its end an interaction token is no longer trusted."""

REQUEST_BYTES = 24 * 1024 * 1024
"""How much one request may carry; Discord's limit is 25 MiB for all of it (discord.md, section 2)."""

FRAME_PIXELS = 1280
"""The longest side of the picture on the card: enough to make another film from."""

UNDER_WAY = (State.QUEUED, State.SUBMITTING, State.RUNNING, State.READY)
"""The states in which a card is kept up to date; before them it thinks, and the end has its own words."""

TOO_LARGE = 40005
UNKNOWN_MESSAGE = 10008
NO_WAY = frozenset({10003, 50001, 50013})
"""Error codes after which the bot cannot reach the channel: it is gone, or access or permission is."""

TROUBLE = (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError)
"""What a request to Discord may raise; a dropped connection is no discord.py exception (discord.md, section 4)."""


class CardPublisher:
    """Show jobs on their cards, through the interaction token while it lasts and the bot token after that."""

    def __init__(self, client: discord.Client, store: Store, media: MediaStore, facts: Facts, clock: Clock) -> None:
        self._client = client
        self._store = store
        self._media = media
        self._facts = facts
        self._clock = clock
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def show(self, job_id: str) -> None:
        """Bring the card of a job under way up to date as well as possible; never raises for Discord's sake."""
        async with self._alone(job_id):
            # Read inside the lock, so that an older state never covers a newer one.
            job = await self._store.jobs.get(job_id)
            if job is None or job.state not in UNDER_WAY:
                return
            try:
                card = await self._facts.gather(job)
                uploads = await self._missing_frames(card)
                names = {**card.frames, **{upload.filename.split(".")[0]: upload.filename for upload in uploads}}
                await self._edit(replace(card, frames=names), uploads)
            except TROUBLE as error:
                log.warning("job %s: its card could not be brought up to date: %s", job.id, error)

    async def deliver(self, job: Job) -> bool:
        """Put the clips on the card, in as many edits as their sizes need; False when no way to the member is left.

        Clips that an earlier try has put there are not sent again. Raises `CardError` for what may pass.
        """
        async with self._alone(job.id):
            return await _reach(self._deliver(job))

    async def tell_failure(self, job: Job) -> bool:
        """Say why a job failed: privately while nothing was charged, else on the card.

        False when no way to the member is left. Raises `CardError` for what may pass.
        """
        async with self._alone(job.id):
            return await _reach(self._tell_failure(job))

    async def picture_link(self, job: Job, place: str) -> str | None:
        """Give a fresh link to a picture that the card shows; None when it shows none."""
        try:
            shown = attachments_by_name(await self._partial(job).fetch())
        except TROUBLE as error:
            log.warning("job %s: its card could not be read: %s", job.id, error)
            return None
        item = shown.get(frame_name(place))
        return item.url if item is not None else None

    async def _tell_failure(self, job: Job) -> None:
        if not job.charged and self._token_lasts(job):
            try:
                await self._refuse(job)
            except discord.HTTPException as error:
                if not _token_is_over(error):
                    raise
            else:
                return
        await self._edit(await self._facts.gather(job), [])

    async def _refuse(self, job: Job) -> None:
        """Take the public answer back and tell only the asker."""
        webhook = self._webhook(job)
        try:
            await webhook.delete_message(job.message_id or 0)
        except discord.NotFound:
            log.debug("job %s: its answer was gone already", job.id)
        await webhook.send(text.explain(job.error_code or "internal", job.error_data), ephemeral=True)

    async def _deliver(self, job: Job) -> None:
        if job.tries:
            await self._find_shown(job)
        too_large: set[int] = set()
        while batch := await self._next_batch(job, too_large):
            if not await self._send_clips(job, batch):
                too_large |= {clip.slot for clip in batch}
        shown = await self._store.jobs.get(job.id) or job
        await self._edit(await self._facts.gather(replace(shown, state=State.DONE)), [])

    async def _missing_frames(self, card: Card) -> list[Upload]:
        """Find the pictures that the card does not carry yet, scaled down for it."""
        uploads: list[Upload] = []
        for place, frame in (await self._store.media.frames(card.job.id)).items():
            if frame.attachment_id is None:
                try:
                    data = await self._media.read(frame.media_file)
                except FileNotFoundError:
                    continue
                uploads.append(Upload(frame_name(place), await asyncio.to_thread(thumbnail, data, FRAME_PIXELS)))
        return uploads

    async def _find_shown(self, job: Job) -> None:
        """After a failed try, look at the card for clips that are there already."""
        try:
            await self._note_shown(job, await self._partial(job).fetch())
        except discord.HTTPException as error:
            log.info("job %s: its card could not be looked at: %s", job.id, error)

    async def _next_batch(self, job: Job, but: set[int]) -> list[Clip]:
        """Choose the next clips that are not on the card yet and fit into one request together."""
        batch: list[Clip] = []
        size = 0
        for clip in await self._store.media.clips(job.id):
            if clip.media_file is None or clip.attachment_id is not None or clip.slot in but:
                continue
            size += clip.bytes or 0
            if batch and size > REQUEST_BYTES:
                break
            batch.append(clip)
        return batch

    async def _send_clips(self, job: Job, batch: Sequence[Clip]) -> bool:
        """Add clips to the card by one edit; False when Discord finds them too large."""
        uploads = [
            Upload(clip_name(job.id, clip.slot), await self._media.read(clip.media_file or "")) for clip in batch
        ]
        new = {clip.slot: upload.filename for clip, upload in zip(batch, uploads, strict=True)}
        card = await self._facts.gather(job)
        clips = [replace(clip, filename=new.get(clip.slot, clip.filename)) for clip in card.clips]
        all_there = all(clip.filename for clip in clips)
        shown = replace(job, state=State.DONE) if all_there else job
        try:
            await self._edit(replace(card, job=shown, clips=clips), uploads)
        except discord.HTTPException as error:
            if error.status != 413 and error.code != TOO_LARGE:
                raise
            log.warning("job %s: clips of %d bytes are too large", job.id, sum(len(upload.data) for upload in uploads))
            return False
        return True

    async def _edit(self, card: Card, uploads: Sequence[Upload]) -> None:
        """Send the card if it differs from what is shown, and write down which attachments show what."""
        job = card.job
        shown = _fingerprint(draw(card))
        if shown == job.shown_hash and not uploads:
            return
        try:
            message = await self._edited(card, uploads)
        except discord.NotFound as error:
            if error.code != UNKNOWN_MESSAGE:
                raise
            message = await self._replace(card)
        await self._store.jobs.shown(job.id, shown, message.id)
        if uploads or message.id != job.message_id:
            await self._note_shown(job, message)

    async def _edited(self, card: Card, uploads: Sequence[Upload]) -> discord.Message:
        """Edit the card with the token that still works; view and files are made anew for each request."""
        job = card.job
        if self._token_lasts(job) and job.message_id is not None:
            attachments = await self._attachments(job, uploads)
            try:
                return await self._webhook(job).edit_message(job.message_id, view=draw(card), attachments=attachments)
            except discord.HTTPException as error:
                if not _token_is_over(error):
                    raise
                log.info("job %s: its token ended before its time", job.id)
        return await self._partial(job).edit(view=draw(card), attachments=await self._attachments(job, uploads))

    async def _replace(self, card: Card) -> discord.Message:
        """Make a new card with all its files where the old one was deleted; the nonce keeps a repeated try single."""
        job = card.job
        uploads = [
            Upload(clip_name(job.id, clip.slot), await self._media.read(clip.media_file))
            for clip in await self._store.media.clips(job.id)
            if clip.media_file is not None
        ]
        shown = {upload.filename for upload in uploads}
        clips = [
            ShownClip(clip.slot, name if (name := clip_name(job.id, clip.slot)) in shown else None, clip.link)
            for clip in card.clips
        ]
        view = draw(replace(card, frames={}, clips=clips))
        channel = self._client.get_partial_messageable(job.channel_id, guild_id=job.guild_id)
        return await channel.send(view=view, files=[upload.file() for upload in uploads], nonce=job.id)

    async def _attachments(self, job: Job, uploads: Sequence[Upload]) -> list[discord.Attachment | discord.File]:
        """List the files that the card keeps, then the new ones; without new ones nothing needs to be listed."""
        if not uploads:
            return discord.utils.MISSING
        kept = [
            KeptFile(frame.attachment_id, frame_name(place))
            for place, frame in (await self._store.media.frames(job.id)).items()
            if frame.attachment_id is not None
        ]
        kept += [
            KeptFile(clip.attachment_id, clip_name(job.id, clip.slot))
            for clip in await self._store.media.clips(job.id)
            if clip.attachment_id is not None
        ]
        # discord.py asks of a kept attachment only that it can write itself down.
        return [*(cast("discord.Attachment", file) for file in kept), *(upload.file() for upload in uploads)]

    async def _note_shown(self, job: Job, message: discord.Message) -> None:
        """Write down which attachment of a message shows what."""
        shown = attachments_by_name(message)
        for clip in await self._store.media.clips(job.id):
            item = shown.get(clip_name(job.id, clip.slot))
            if item is not None and item.attachment_id is not None and item.attachment_id != clip.attachment_id:
                await self._store.media.clip_shown(job.id, clip.slot, message.id, item.attachment_id)
        for place, frame in (await self._store.media.frames(job.id)).items():
            item = shown.get(frame_name(place))
            if item is not None and item.attachment_id is not None and item.attachment_id != frame.attachment_id:
                await self._store.media.frame_shown(job.id, place, item.attachment_id)

    def _alone(self, job_id: str) -> asyncio.Lock:
        """Give the lock of one card: edits that overlap would each upload its files, and drop the other's."""
        lock = self._locks.get(job_id)
        if lock is None:
            lock = self._locks[job_id] = asyncio.Lock()
        return lock

    def _token_lasts(self, job: Job) -> bool:
        return job.token is not None and self._clock() < job.token_until_ms - TOKEN_SPARE_MS

    def _webhook(self, job: Job) -> discord.Webhook:
        webhook = discord.Webhook.partial(self._client.application_id or 0, job.token or "", client=self._client)
        # An interaction's token is an application's webhook; only those may send what one member alone sees.
        webhook.type = discord.WebhookType.application
        return webhook

    def _partial(self, job: Job) -> discord.PartialMessage:
        channel = self._client.get_partial_messageable(job.channel_id, guild_id=job.guild_id)
        return channel.get_partial_message(job.message_id or 0)


async def _reach(telling: Awaitable[None]) -> bool:
    """Carry out what must reach the member; False when no way is left, `CardError` for what may pass."""
    try:
        await telling
    except discord.HTTPException as error:
        if error.code in NO_WAY:
            return False
        raise CardError(str(error)) from error
    except TROUBLE as error:
        raise CardError(repr(error)) from error
    return True


def _token_is_over(error: discord.HTTPException) -> bool:
    """Tell whether Discord knows an interaction token no more (discord.md, section 1: 401 with code 50027)."""
    return error.status == 401 or error.code in (50027, 10015)


def _fingerprint(view: LayoutView) -> str:
    payload = json.dumps(view.to_components(), sort_keys=True, default=str)
    return hashlib.sha256(payload.encode()).hexdigest()[:16]
