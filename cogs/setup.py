"""/setup: everything that a server decides, on one private card."""

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.domain.server_settings import Area, ServerSettings
from bot.errors import ChangedMeanwhile, Refused
from bot.services.server_setup import ServerSetup
from bot.services.setup_edits import SetupForm
from bot.services.use_cases import UseCases
from bot.ui.interactions import Interaction, defer_private, defer_update, guild_of, report
from bot.ui.permissions import only_managers
from bot.ui.setup_buttons import SetupButton
from bot.ui.setup_card import draw_setup
from bot.ui.setup_checks import check_choices, gone_from, keep_gone
from bot.ui.setup_forms import draw_setup_form, read_setup_form


class SetupCog(commands.Cog):
    """Let those who manage the server decide for it; each button and form asks for that again."""

    def __init__(self, server_setup: ServerSetup) -> None:
        self._setup = server_setup

    @app_commands.command(name="setup", description=locale_str("See and change what this server decides"))
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def setup(self, interaction: Interaction) -> None:
        """Show all settings to the admin alone."""
        only_managers(interaction)
        await defer_private(interaction, open_to_blocked=True)
        await self._show(interaction, await self._setup.get(guild_of(interaction)))

    async def click(self, interaction: Interaction, button: SetupButton) -> None:
        """Open the form of an area."""
        only_managers(interaction)
        settings = await self._setup.get_in_time(guild_of(interaction))
        gone = gone_from(interaction.guild, settings)
        await interaction.response.send_modal(draw_setup_form(button.area, settings, self._setup.usual, gone))

    async def submit(self, interaction: Interaction) -> bool:
        """Change what a sent form says, and show what counts now; False for another form."""
        form = read_setup_form(interaction.data or {})
        if form is None:
            return False
        only_managers(interaction)
        await defer_update(interaction, open_to_blocked=True)
        await self._change(interaction, guild_of(interaction), form)
        return True

    async def _change(self, interaction: Interaction, guild_id: int, form: SetupForm) -> None:
        try:
            checked = check_choices(interaction.guild, form)
            before = await self._setup.get(guild_id)
            kept = keep_gone(form, checked, before, gone_from(interaction.guild, before))
            await self._show(interaction, await self._setup.change(guild_id, kept, interaction.user.id))
        except Refused as refused:
            await report(interaction, refused, form.first("words") if form.area is Area.WORDS else "")
            if isinstance(refused, ChangedMeanwhile):
                await self._show(interaction, await self._setup.get(guild_id))

    async def _show(self, interaction: Interaction, settings: ServerSettings) -> None:
        view = draw_setup(settings, self._setup.usual, gone_from(interaction.guild, settings))
        await interaction.edit_original_response(view=view)


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /setup, its buttons, and what is done with its forms."""
    cog = SetupCog(use_cases.server_setup)
    await bot.add_cog(cog)
    bot.click_handlers.on_click(SetupButton, cog.click)
    bot.click_handlers.on_modal(cog.submit)
