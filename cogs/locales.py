"""The languages that members speak to the bot in, and that their servers prefer."""

import discord
from discord.ext import commands

from bot.client import Animatic
from bot.services.seen_locales import SeenLocales
from bot.services.use_cases import UseCases
from bot.ui.interactions import Interaction


class LocalesCog(commands.Cog):
    """Hear them from each interaction, of whatever kind, and from what Discord tells of servers."""

    def __init__(self, bot: Animatic, locales: SeenLocales) -> None:
        self._bot = bot
        self._locales = locales

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        """Remember the language for what is told to the member when no interaction tells it."""
        guild_id = interaction.guild_id
        if guild_id is not None and self._bot.allows(guild_id) and interaction.is_guild_integration():
            self._locales.heard(guild_id, interaction.user.id, interaction.locale.value)
            if interaction.guild_locale is not None:
                self._locales.heard_server(guild_id, interaction.guild_locale.value)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Remember the language of a server that was there before the bot connected."""
        self._hear_server(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Remember the language of a new server."""
        self._hear_server(guild)

    @commands.Cog.listener()
    async def on_guild_update(self, _: discord.Guild, after: discord.Guild) -> None:
        """Remember the language that a server changes to."""
        self._hear_server(after)

    def _hear_server(self, guild: discord.Guild) -> None:
        if self._bot.allows(guild.id):
            self._locales.heard_server(guild.id, guild.preferred_locale.value)


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Listen to all interactions and servers."""
    await bot.add_cog(LocalesCog(bot, use_cases.locales))
