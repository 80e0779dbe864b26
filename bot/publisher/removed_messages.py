"""Messages that show removed jobs: found where nobody wrote them down, and deleted."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import discord

from bot.domain.clock import Clock
from bot.domain.job import Job
from bot.errors import CardError
from bot.publisher.discord_messages import DISCORD_ERRORS, CardApi
from bot.ui.attachments import is_card_of, names_shown

log = logging.getLogger(__name__)

SEARCHED = 300
"""How many messages since the end of a job are looked through for replies and pings."""

SPARE_MS = 60_000
"""How much earlier the search begins than the end was written down."""

NOWHERE = frozenset({10003, 10004, 10008})
"""Discord's codes for a channel, a server or a message that is gone: nothing is left to be deleted."""

CLOSED = frozenset({50001, 50007, 50013})
"""Its codes for a channel that the bot cannot read, and for a member who takes no direct messages."""


class RemovedMessages:
    """Delete what the bot itself sent about a job."""

    def __init__(self, client: discord.Client, card_api: CardApi, clock: Clock) -> None:
        self._client = client
        self._card_api = card_api
        self._clock = clock

    async def delete(self, job: Job, channel_id: int, message_id: int) -> None:
        """Delete one message; that it is gone already is no error. Raises `CardError` for what may pass."""
        token = job.token if message_id == job.message_id else None
        try:
            await self._card_api.delete(replace(job, channel_id=channel_id, message_id=message_id, token=token))
        except discord.HTTPException as error:
            if error.code not in NOWHERE:
                raise CardError(str(error)) from error
        except DISCORD_ERRORS as error:
            raise CardError(repr(error)) from error

    async def find(self, job: Job, card_ids: Sequence[int]) -> Sequence[int]:
        """Name the messages in its channel that show a job, reply to its cards or lead there, since its end.

        Raises `CardError` for what may pass.
        """
        return await self._search(job, self._client.get_partial_messageable(job.channel_id), card_ids)

    async def find_direct(self, job: Job, card_id: int | None) -> tuple[int, Sequence[int]]:
        """Name the direct messages to its member that lead to its card, and their channel; raises `CardError`."""
        try:
            channel = await self._client.create_dm(discord.Object(job.user_id))
        except discord.HTTPException as error:
            if error.code in NOWHERE | CLOSED:
                return 0, ()
            raise CardError(str(error)) from error
        except DISCORD_ERRORS as error:
            raise CardError(repr(error)) from error
        return channel.id, await self._search(job, channel, [card_id] if card_id is not None else [])

    async def _search(self, job: Job, channel: discord.abc.Messageable, card_ids: Sequence[int]) -> Sequence[int]:
        since_ms = self._clock.to_wall(job.finished_ms or job.removed_ms or job.created_ms) - SPARE_MS
        after = datetime.fromtimestamp(since_ms / 1000, UTC)
        try:
            return [
                message.id
                async for message in channel.history(limit=SEARCHED, after=after, oldest_first=True)
                if self._is_about(message, job, card_ids)
            ]
        except discord.HTTPException as error:
            if error.code in NOWHERE | CLOSED:
                log.info("job %s: its channel could not be looked through: %s", job.id, error)
                return ()
            raise CardError(str(error)) from error
        except DISCORD_ERRORS as error:
            raise CardError(repr(error)) from error

    def _is_about(self, message: discord.Message, job: Job, card_ids: Sequence[int]) -> bool:
        me = self._client.user
        if me is None or message.author.id != me.id:
            return False
        # Who presses a button of its card is answered by a message that replies to it, with what they asked for.
        if message.interaction_metadata is None:
            reference = message.reference
            leads_there = any(f"/{one}" in message.content for one in card_ids)
            if leads_there or (reference is not None and reference.message_id in card_ids):
                return True
        return (
            is_card_of(message, job.id)
            or f"id:{job.id}" in message.content
            or any(name.startswith(f"animatic-{job.id}-") for name in names_shown(message))
        )
