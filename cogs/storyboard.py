"""/storyboard: a film of several shots, each a line of a form; it costs nothing before its preview is confirmed."""

from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.domain.params import JobParams, Motion, Resolution
from bot.errors import (
    AnimaticError,
    EmptyShot,
    NoSuchImage,
    PriceChanged,
    PromptTooLong,
    ShotCount,
    ShotsTooLong,
    TooFewCredits,
    Unsupported,
)
from bot.services.job_history import JobHistory
from bot.services.member_settings import MemberSettingsService
from bot.services.requests import DeferredReply, VideoOptions
from bot.services.storyboard_lines import read_shots
from bot.services.storyboard_previews import StoryboardPreviews
from bot.services.storyboards import Storyboards
from bot.services.use_cases import UseCases
from bot.services.validation import RequestValidator
from bot.ui.attachments import image_links
from bot.ui.fresh_button import offer_anew
from bot.ui.interactions import (
    Interaction,
    answer,
    check_blocked_in_time,
    defer_card,
    defer_private,
    defer_update,
    image_upload_from,
    report,
    requester_from,
)
from bot.ui.job_access import can_view_job_id, moderates_job_id, suggest_own
from bot.ui.storyboard_buttons import DropButton, GoOnButton, MakeButton, RefillButton, StopButton
from bot.ui.storyboard_form import read_form, storyboard_form
from bot.ui.storyboard_preview import draw_dropped, draw_refill, draw_storyboard_preview
from bot.ui.text import storyboards as text

Source = app_commands.Range[str, 1, 140]

PREFERRED = ("motion", "resolution", "speed", "provider")
"""What of a member's settings counts for a storyboard; a shot is one clip, and no loop."""

ANY_WORDS = "a shot"
"""What stands for the lines before they are typed: all else can be checked without them."""

LINES_REFUSED = (EmptyShot, PromptTooLong, ShotCount, ShotsTooLong, TooFewCredits, Unsupported)
"""What other lines do away with."""


class StoryboardCog(commands.Cog):
    """Take storyboards from the form to the joined film."""

    def __init__(
        self,
        validator: RequestValidator,
        previews: StoryboardPreviews,
        storyboards: Storyboards,
        history: JobHistory,
        settings: MemberSettingsService,
    ) -> None:
        self._validator = validator
        self._previews = previews
        self._storyboards = storyboards
        self._history = history
        self._settings = settings

    @app_commands.command(
        name="storyboard", description=locale_str("Make a film of several shots; first you see them and the price")
    )
    @app_commands.describe(
        image=locale_str("The picture that it starts with"),
        source=locale_str("Instead of an image: a job, or a provider's own picture as id#2"),
        motion=locale_str("How much moves: low if you leave it out"),
        resolution=locale_str("sd, or hd, which is larger and costs more credits"),
        provider=locale_str("Who makes it"),
        spoiler=locale_str("Hide picture and films until somebody clicks on them"),
    )
    @app_commands.guild_only()
    async def storyboard(
        self,
        interaction: Interaction,
        image: discord.Attachment | None = None,
        source: Source | None = None,
        motion: Literal["low", "high"] | None = None,
        resolution: Literal["sd", "hd"] | None = None,
        provider: str | None = None,
        spoiler: bool | None = None,
    ) -> None:
        """Check what the payload shows, then open the form for the shots; what it is about is written down."""
        requester = requester_from(interaction)
        request = self._validator.video(
            requester,
            VideoOptions(
                prompt=ANY_WORDS,
                image=image_upload_from(image) if image else None,
                source=source,
                motion=Motion(motion) if motion else None,
                resolution=Resolution(resolution) if resolution else None,
                clips=1,
                provider=provider,
                spoiler=spoiler,
            ),
        )
        await check_blocked_in_time(interaction)
        storyboard_id = await self._previews.remember(requester, request)
        await interaction.response.send_modal(storyboard_form(storyboard_id))

    @storyboard.autocomplete("provider")
    async def _providers_that_fit(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [
            app_commands.Choice(name=provider.title, value=provider.name)
            for provider in self._validator.fitting(VideoOptions(prompt="", clips=1))
            if typed.lower() in provider.title.lower()
        ]

    @storyboard.autocomplete("source")
    async def _own_images(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await suggest_own(self._history, interaction, typed)

    async def edit(self, interaction: Interaction, job_id: str) -> None:
        """Open the form of a storyboard that has ended, filled in; what comes of it is another one."""
        requester = requester_from(interaction)
        self._validator.check_channel(requester)
        await check_blocked_in_time(interaction)
        storyboard_id, lines = await self._previews.remember_again(requester, job_id)
        await interaction.response.send_modal(storyboard_form(storyboard_id, lines))

    async def submit_form(self, interaction: Interaction) -> bool:
        """Show what a sent form would make and cost, to its member alone; False for a form that is not ours."""
        form = read_form(interaction.data or {})
        if form is None:
            return False
        storyboard_id, typed = form
        try:
            await self._preview(interaction, storyboard_id, typed)
        except LINES_REFUSED as error:
            self._previews.keep_lines(requester_from(interaction), storyboard_id, typed)
            await report(interaction, error, typed, draw_refill(storyboard_id))
        except AnimaticError as error:
            await report(interaction, error, typed)
        return True

    async def click_refill(self, interaction: Interaction, button: RefillButton) -> None:
        """Open a form once more whose lines were refused."""
        requester = requester_from(interaction)
        self._validator.check_channel(requester)
        await check_blocked_in_time(interaction)
        lines = await self._previews.kept_lines(requester, button.storyboard_id)
        await interaction.response.send_modal(storyboard_form(button.storyboard_id, lines))

    async def _preview(self, interaction: Interaction, storyboard_id: str, typed: str) -> None:
        requester = requester_from(interaction)
        self._validator.check_channel(requester)
        read_shots(typed, JobParams(""))
        await defer_private(interaction)
        shown = await self._previews.image(requester, storyboard_id)
        if shown is not None and not await can_view_job_id(interaction, self._history, shown.job_id):
            raise NoSuchImage(shown.job_id, shown.position)
        preferred = (await self._settings.preferred(requester)).options.only(*PREFERRED)
        priced = await self._previews.preview(requester, storyboard_id, typed, preferred)
        await interaction.edit_original_response(
            view=draw_storyboard_preview(priced), allowed_mentions=discord.AllowedMentions.none()
        )

    async def click_make(self, interaction: Interaction, button: MakeButton) -> None:
        """Promise a card for a preview, and write all its shots down."""
        requester = requester_from(interaction)
        self._validator.check_channel(requester)
        card = await defer_card(interaction)
        try:
            await self._storyboards.make(requester, button.storyboard_id, card, button.price)
        except PriceChanged as changed:
            await offer_anew(interaction, changed, MakeButton(button.storyboard_id, changed.least))

    async def click_drop(self, interaction: Interaction, button: DropButton) -> None:
        """Throw a preview away, and say so in its place."""
        requester = requester_from(interaction)
        await defer_update(interaction)
        await self._previews.discard(requester, button.storyboard_id)
        await interaction.edit_original_response(view=draw_dropped())

    async def click_stop(self, interaction: Interaction, button: StopButton) -> None:
        """Take back the shots that wait; moderators are those who may manage messages in the channel."""
        await defer_private(interaction, open_to_blocked=True)
        job_id = await self._storyboards.first_job(button.storyboard_id)
        moderates = await moderates_job_id(interaction, self._history, job_id)
        shots = await self._storyboards.stop(requester_from(interaction), button.storyboard_id, moderates=moderates)
        await answer(interaction, text.cancelled(len(shots), sum(job.cost for job in shots)))

    async def click_go_on(self, interaction: Interaction, button: GoOnButton) -> None:
        """Write the rest of a storyboard down; its card goes on showing it."""
        requester = requester_from(interaction)
        self._validator.check_channel(requester)
        await defer_update(interaction)
        clicked = interaction.message.id if interaction.message is not None else None
        card = DeferredReply(clicked, interaction.token, int(interaction.expires_at.timestamp() * 1000))
        shown = image_links(interaction.message).get("start")
        shot = button.shot - 1
        try:
            await self._storyboards.go_on(requester, button.storyboard_id, shot, card, shown, button.price)
        except PriceChanged as changed:
            await offer_anew(interaction, changed, GoOnButton(button.storyboard_id, button.shot, changed.least))


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /storyboard, its form, and the buttons of its previews and cards."""
    cog = StoryboardCog(
        use_cases.validator,
        use_cases.storyboard_previews,
        use_cases.storyboards,
        use_cases.history,
        use_cases.member_settings,
    )
    await bot.add_cog(cog)
    bot.click_handlers.on_modal(cog.submit_form)
    bot.click_handlers.on_more("shots", cog.edit)
    bot.click_handlers.on_click(MakeButton, cog.click_make)
    bot.click_handlers.on_click(RefillButton, cog.click_refill)
    bot.click_handlers.on_click(DropButton, cog.click_drop)
    bot.click_handlers.on_click(StopButton, cog.click_stop)
    bot.click_handlers.on_click(GoOnButton, cog.click_go_on)
