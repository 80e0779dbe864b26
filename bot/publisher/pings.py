"""Tell a member that their job has ended: once, in the way that they chose, and nobody else hears of it."""

import logging

import discord

from bot.db.store import Store
from bot.domain.pings import Notify, Ping
from bot.errors import DatabaseError
from bot.publisher.discord_messages import DISCORD_ERRORS
from bot.publisher.readers import Readers
from bot.ui.text import pings as text
from bot.ui.text.translate import speaking

log = logging.getLogger(__name__)


class PingSender:
    """Send pings; one that does not arrive is not sent again, for it might have."""

    def __init__(self, client: discord.Client, store: Store) -> None:
        self._client = client
        self._store = store
        self._readers = Readers(store.locales)

    async def send(self, ping: Ping) -> None:
        """Reply to the card, or write to the member alone; direct messages that are closed are no error."""
        try:
            match ping.notify:
                case Notify.REPLY:
                    with speaking(await self._readers.server(ping.guild_id)):
                        await self._reply(ping)
                case Notify.DIRECT:
                    with speaking(await self._readers.member(ping.guild_id, ping.user_id)):
                        await self._write(ping)
                case Notify.NONE:
                    return
        except discord.Forbidden as error:
            log.info("job %s: its member is not told of its end: %s", ping.jobs[0].job_id, error)
        except DISCORD_ERRORS as error:
            log.warning("job %s: its member may not have been told of its end: %s", ping.jobs[0].job_id, error)

    async def _reply(self, ping: Ping) -> None:
        channel = self._client.get_partial_messageable(ping.channel_id, guild_id=ping.guild_id)
        card = ping.jobs[0].message_id
        only_them = discord.AllowedMentions(
            everyone=False, roles=False, users=[discord.Object(ping.user_id)], replied_user=False
        )
        if card is None:
            await channel.send(text.reply(ping), allowed_mentions=only_them, nonce=_nonce(ping))
            return
        reference = channel.get_partial_message(card).to_reference(fail_if_not_exists=False)
        await channel.send(text.reply(ping), allowed_mentions=only_them, nonce=_nonce(ping), reference=reference)

    async def _write(self, ping: Ping) -> None:
        channel = await self._client.create_dm(discord.Object(ping.user_id))
        sent = await channel.send(
            text.direct(ping), allowed_mentions=discord.AllowedMentions.none(), nonce=_nonce(ping)
        )
        # Whoever removes a job later would not know that its member was told so: they may choose another way meanwhile.
        if not await self._write_down(ping, channel.id, sent.id):
            await sent.delete()

    async def _write_down(self, ping: Ping, channel_id: int, message_id: int) -> bool:
        """Remember where jobs are shown; False where one of them was removed."""
        try:
            written = [
                await self._store.shown_messages.add(job.job_id, channel_id, message_id, direct=True)
                for job in ping.jobs
            ]
        except DatabaseError as error:
            log.warning("job %s: it is not known where its member was told: %s", ping.jobs[0].job_id, error)
            return True
        return all(written)


def _nonce(ping: Ping) -> str:
    """Name the message, so that a repeat by the library makes no second one."""
    return f"{ping.jobs[0].job_id}-ping"
