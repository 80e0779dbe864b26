"""/help: how to begin, what it costs, and the first picture; open to the blocked too, but for the picture."""

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.domain.prompts import FIRST_PROMPT
from bot.services.jobs import JobService
from bot.services.member_settings import MemberSettingsService
from bot.services.provider_status import ProviderDirectory
from bot.services.server_setup import ServerSetup
from bot.services.use_cases import UseCases
from bot.services.validation import RequestValidator
from bot.ui.help_buttons import FirstPictureButton, HelpTab, HelpTabButton
from bot.ui.help_card import HelpFacts, draw_help
from bot.ui.interactions import Interaction, defer_card, defer_private, defer_update, guild_of, requester_from


class HelpCog(commands.Cog):
    """Show newcomers the way."""

    def __init__(
        self,
        client: Animatic,
        directory: ProviderDirectory,
        server_setup: ServerSetup,
        validator: RequestValidator,
        settings: MemberSettingsService,
        jobs: JobService,
    ) -> None:
        self._client = client
        self._directory = directory
        self._setup = server_setup
        self._validator = validator
        self._settings = settings
        self._jobs = jobs

    @app_commands.command(name="help", description=locale_str("How to make pictures and films, and what they cost"))
    @app_commands.guild_only()
    async def help(self, interaction: Interaction) -> None:
        """Show the first tab to the requester alone."""
        guild_of(interaction)
        await defer_private(interaction, open_to_blocked=True)
        await self._show(interaction, HelpTab.PICTURES)

    async def click_tab(self, interaction: Interaction, button: HelpTabButton) -> None:
        """Show another tab in its place."""
        guild_of(interaction)
        await defer_update(interaction, open_to_blocked=True)
        await self._show(interaction, button.tab)

    async def click_first_picture(self, interaction: Interaction, button: FirstPictureButton) -> None:
        """Promise a card for the first picture, and write the request down; one at a time."""
        requester = requester_from(interaction)
        self._validator.check_channel(requester)
        card = await defer_card(interaction)
        preferred = await self._settings.preferred(requester)
        request = self._validator.imagine(requester, FIRST_PROMPT, None, translate=False, preferred=preferred)
        await self._jobs.create_first(requester, request, card)

    async def _show(self, interaction: Interaction, tab: HelpTab) -> None:
        guild_id = guild_of(interaction)
        offers = await self._directory.offers(guild_id)
        period = await self._setup.period(guild_id)
        facts = HelpFacts(offers, period, self._client.command_mentions)
        await interaction.edit_original_response(view=draw_help(tab, facts))


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /help and its buttons."""
    cog = HelpCog(
        bot,
        use_cases.directory,
        use_cases.server_setup,
        use_cases.validator,
        use_cases.member_settings,
        use_cases.jobs,
    )
    await bot.add_cog(cog)
    bot.click_handlers.on_click(HelpTabButton, cog.click_tab)
    bot.click_handlers.on_click(FirstPictureButton, cog.click_first_picture)
