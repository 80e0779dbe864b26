"""Servers that the bot joins or is removed from: no command, but what Discord says of them."""

import discord
from discord.ext import commands

from bot.client import Animatic
from bot.services.servers import Servers
from bot.services.use_cases import UseCases


class ServersCog(commands.Cog):
    """Hand on where the bot is; a server that cannot be reached for a while is not one that it was removed from."""

    def __init__(self, client: Animatic, servers: Servers) -> None:
        self._client = client
        self._servers = servers

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Work for a server."""
        await self._servers.join(guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Refund what waits in a server."""
        await self._servers.leave(guild.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Catch up with what happened meanwhile: now the gateway has named every server, those in an outage too."""
        await self._servers.reconcile(self._client.is_in)


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Follow which servers the bot is in."""
    await bot.add_cog(ServersCog(bot, use_cases.servers))
