"""*Who made this?*: who asked for what a message shows, for those who keep order."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Animatic
from bot.services.use_cases import UseCases
from bot.ui.interactions import Interaction
from bot.ui.who_made import WhoMade


class WhoCog(commands.Cog):
    """Offer moderators a command in the menu of messages."""

    def __init__(self, who_made: WhoMade) -> None:
        self._who_made = who_made
        self.menu = app_commands.ContextMenu(name="Who made this?", callback=self._tell)
        self.menu.guild_only = True
        self.menu.default_permissions = discord.Permissions(manage_messages=True)

    async def _tell(self, interaction: Interaction, message: discord.Message) -> None:
        """Tell who asked for the job of a message."""
        await self._who_made.tell_of_message(interaction, message)


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add the command to the menu of messages."""
    cog = WhoCog(WhoMade(use_cases.history, use_cases.conduct))
    await bot.add_cog(cog)
    bot.tree.add_command(cog.menu)
