"""The language that members speak to the bot in."""

from discord.ext import commands

from bot.client import Animatic
from bot.services.seen_locales import SeenLocales
from bot.services.use_cases import UseCases
from bot.ui.interactions import Interaction


class LocalesCog(commands.Cog):
    """Hear it from each interaction, of whatever kind."""

    def __init__(self, bot: Animatic, locales: SeenLocales) -> None:
        self._bot = bot
        self._locales = locales

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        """Remember the language for what is told to the member when no interaction tells it."""
        guild_id = interaction.guild_id
        if guild_id is not None and self._bot.allows(guild_id) and interaction.is_guild_integration():
            self._locales.heard(guild_id, interaction.user.id, str(interaction.locale))


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Listen to all interactions."""
    await bot.add_cog(LocalesCog(bot, use_cases.locales))
