"""/providers: what each enabled provider can do, what it costs, and how it is doing."""

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.services.provider_status import ProviderDirectory
from bot.services.use_cases import UseCases
from bot.ui.interactions import Interaction, answer, defer_private, guild_of
from bot.ui.provider_list import describe


class ProvidersCog(commands.Cog):
    """Tell members about the providers."""

    def __init__(self, directory: ProviderDirectory) -> None:
        self._directory = directory

    @app_commands.command(
        name="providers", description=locale_str("Show what each provider can do, its price, and how it is doing")
    )
    @app_commands.guild_only()
    async def providers(self, interaction: Interaction) -> None:
        """List the providers in this server's order, to the requester alone."""
        guild_id = guild_of(interaction)
        await defer_private(interaction)
        await answer(interaction, describe(await self._directory.all(guild_id)))


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /providers."""
    await bot.add_cog(ProvidersCog(use_cases.directory))
