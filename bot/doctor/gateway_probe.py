"""Hear of one click at the gateway, on the shard that it comes to."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import discord
from discord.gateway import DiscordWebSocket
from yarl import URL

from bot.config import Settings
from bot.doctor.discord_check import Visitor
from bot.doctor.findings import CHECK_SECONDS


class Listener(Visitor):
    """Hear of the first click on one button; a bot that runs beside it, with the same token, hears of it too."""

    def __init__(self, settings: Settings, custom_id: str, shard_id: int, shard_count: int) -> None:
        super().__init__(settings, shard_id=shard_id, shard_count=shard_count)
        self.clicked: asyncio.Future[discord.Interaction] = asyncio.get_running_loop().create_future()
        self._custom_id = custom_id
        self._let_in = asyncio.Event()

    async def on_connect(self) -> None:
        """Note that Discord has let it in."""
        self._let_in.set()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Hand the first click over."""
        if (interaction.data or {}).get("custom_id") == self._custom_id and not self.clicked.done():
            self.clicked.set_result(interaction)

    @asynccontextmanager
    async def joined(self) -> AsyncGenerator[asyncio.Task[None]]:
        """Be connected until the block ends, and give the task that ends with the connection.

        Raises what discord.py does, ConnectionError or TimeoutError when Discord does not let it in. A connection that
        ends by itself closes the client.
        """
        connection = asyncio.create_task(self.connect(reconnect=False))
        let_in = asyncio.create_task(self._let_in.wait())
        try:
            await asyncio.wait((connection, let_in), timeout=CHECK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if connection.done():
                connection.result()
                raise ConnectionError("the connection was closed")
            if not let_in.done():
                raise TimeoutError
            yield connection
        finally:
            await self.close()
            for task in (connection, let_in):
                task.cancel()
            await asyncio.gather(connection, let_in, return_exceptions=True)


async def shard_of(visitor: Visitor, settings: Settings, channel_id: int) -> tuple[int, int]:
    """Find the shard that hears clicks in a channel, and how many there are; raises what discord.py does."""
    channel = await visitor.fetch_channel(channel_id)
    recommended, url, _ = await visitor.http.get_bot_gateway()
    DiscordWebSocket.DEFAULT_GATEWAY = URL(url)
    count = settings.shard_count or recommended
    guild = getattr(channel, "guild", None)
    return (0 if guild is None else (int(guild.id) >> 22) % count), count
