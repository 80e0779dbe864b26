"""/privacy: what is kept of a member, given to them, and forgotten when they ask for it; blocked members may too."""

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.services.privacy import Privacy
from bot.services.use_cases import UseCases
from bot.ui.film import draw_sentence
from bot.ui.interactions import Interaction, answer, defer_private, defer_update, guild_of
from bot.ui.privacy import PrivacyButton, Step, draw_privacy, draw_question
from bot.ui.text import privacy as text


class PrivacyCog(commands.Cog):
    """Answer whoever asks about themselves: nobody learns anything of somebody else here."""

    def __init__(self, privacy: Privacy) -> None:
        self._privacy = privacy

    @app_commands.command(name="privacy", description=locale_str("See what is kept of you, get it, or be forgotten"))
    @app_commands.guild_only()
    async def privacy(self, interaction: Interaction) -> None:
        """Say what is kept, for how long, and where it went."""
        guild_of(interaction)
        await defer_private(interaction, open_to_blocked=True)
        await interaction.edit_original_response(view=draw_privacy(self._privacy.facts()))

    async def click(self, interaction: Interaction, button: PrivacyButton) -> None:
        """Show what is kept, ask whether it is to be forgotten, or forget it."""
        guild_id = guild_of(interaction)
        if button.step is Step.SHOW:
            await self._show(interaction, guild_id)
            return
        await defer_update(interaction, open_to_blocked=True)
        match button.step:
            case Step.ASK:
                view = draw_question()
            case Step.KEEP:
                view = draw_privacy(self._privacy.facts())
            case Step.FORGET:
                await self._privacy.forget(guild_id, interaction.user.id)
                view = draw_sentence(text.being_forgotten())
        await interaction.edit_original_response(view=view)

    async def _show(self, interaction: Interaction, guild_id: int) -> None:
        await defer_private(interaction, open_to_blocked=True)
        if self._privacy.is_exporting(guild_id, interaction.user.id):
            await answer(interaction, text.being_written())
            return
        limit = interaction.filesize_limit
        async with self._privacy.export(guild_id, interaction.user.id, limit) as export:
            if export is None:
                await answer(interaction, text.too_much(limit))
                return
            await interaction.edit_original_response(
                content=text.all_of_it(export.size), attachments=[discord.File(export.file, export.name)]
            )


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /privacy and its buttons."""
    cog = PrivacyCog(use_cases.privacy)
    await bot.add_cog(cog)
    bot.click_handlers.on_click(PrivacyButton, cog.click)
