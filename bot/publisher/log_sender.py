"""Write in mod logs, and to owners of servers that have none."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import discord
from discord.ui import LayoutView

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.log_turns import Batch
from bot.domain.reports import Report
from bot.publisher.discord_messages import DISCORD_ERRORS, SEARCHED, UNREACHABLE_CODES
from bot.publisher.readers import Readers
from bot.ui.attachments import custom_ids_in
from bot.ui.mod_log import draw_digest, draw_events, draw_reports, draw_urgent
from bot.ui.text.format import escape_for_sentence
from bot.ui.text.translate import speaking

log = logging.getLogger(__name__)

PAUSES_SECONDS = (1.0, 4.0)
"""How long it is waited before a message is tried again of which nobody knows whether it arrived: its nonce keeps it
single."""


class LogSender:
    """Send what was taken from the outbox; what surely did not arrive in a mod log goes to the owner."""

    def __init__(self, client: discord.Client, store: Store, clock: Clock) -> None:
        self._client = client
        self._store = store
        self._readers = Readers(store.locales)
        self._clock = clock

    async def send(self, batch: Batch) -> bool:
        """Send one batch; False where it may not have arrived, or its channel is gone or locked.

        Raises nothing for Discord's sake; an owner who takes no messages is told nothing.
        """
        try:
            with speaking(await self._readers.server(batch.guild_id)):
                await (self._write_owner(batch) if batch.channel_id is None else self._write(batch, batch.channel_id))
        except discord.HTTPException as error:
            log.warning("server %s could not be told of %d events: %s", batch.guild_id, len(batch.events), error)
            if batch.channel_id is None:
                return error.status < 500 and error.status != 429
            if error.code in UNREACHABLE_CODES:
                await self._store.mod_log.return_to_owner(batch, self._clock())
            return False
        except DISCORD_ERRORS as error:
            log.warning("server %s may not have been told of %d events: %r", batch.guild_id, len(batch.events), error)
            return False
        return True

    async def _write(self, batch: Batch, channel_id: int) -> None:
        channel = self._client.get_partial_messageable(channel_id, guild_id=batch.guild_id)
        if batch.has_reports:
            reports = await self._store.reports.in_message(batch.id)
            if batch.tries and await self._stand_there(channel, reports):
                return
            pages = [lambda: draw_reports(reports)] if reports else []
        else:
            count = len(draw_events(batch.events, self._clock()))
            pages = [lambda page=page: draw_events(batch.events, self._clock())[page] for page in range(count)]
        for page, view in enumerate(pages):
            await _patiently(lambda view=view, page=page: channel.send(view=view(), nonce=_nonce(batch, page)))

    async def _stand_there(self, channel: discord.abc.Messageable, reports: Sequence[Report]) -> bool:
        """Tell whether reports stand in a channel already; who may not look there sends them again."""
        ours = {f":{report.job_id}:{report.user_id}" for report in reports}
        me = self._client.user
        try:
            async for message in channel.history(limit=SEARCHED):
                if me is None or message.author.id != me.id:
                    continue
                if any(
                    custom_id.startswith("report:") and custom_id.endswith(tuple(ours))
                    for custom_id in custom_ids_in(message)
                ):
                    return True
        except discord.HTTPException as error:
            if error.status >= 500:
                raise
        return False

    async def _write_owner(self, batch: Batch) -> None:
        guild = self._client.get_guild(batch.guild_id) or await self._client.fetch_guild(batch.guild_id)
        if guild.owner_id is None:
            return
        draw = draw_urgent if batch.is_urgent else draw_digest
        server = escape_for_sentence(guild.name)
        channel = await self._client.create_dm(discord.Object(guild.owner_id))

        def view() -> LayoutView:
            return draw(batch.events, server, batch.lost_channel_id)

        with speaking(await self._readers.member(batch.guild_id, guild.owner_id)):
            await _patiently(lambda: channel.send(view=view(), nonce=_nonce(batch, 0)))


async def _patiently(send: Callable[[], Awaitable[object]]) -> None:
    """Send, and once more where nobody knows whether it arrived."""
    for pause in (*PAUSES_SECONDS, None):
        try:
            await send()
        except discord.HTTPException as error:
            if error.status < 500 or pause is None:
                raise
        except DISCORD_ERRORS:
            if pause is None:
                raise
        else:
            return
        await asyncio.sleep(pause)


def _nonce(batch: Batch, page: int) -> str:
    """Name a message, so that it is one however often it is tried."""
    return f"{batch.id}-log{page}"
