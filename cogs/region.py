"""/region: a part of an image is drawn anew, once its member has seen which and what it costs."""

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.domain.job_id import read_job_id
from bot.domain.job_lists import Needed
from bot.errors import NoSuchJob
from bot.services.job_history import JobHistory
from bot.services.region_previews import RegionPreviews, is_single
from bot.services.use_cases import UseCases
from bot.services.validation import RequestValidator
from bot.ui.buttons import DiscardButton, RedrawButton
from bot.ui.interactions import Interaction, defer_card, defer_private, defer_update, image_upload_from, requester_from
from bot.ui.job_access import JobId, can_view_job_id, suggest_own
from bot.ui.region_preview import draw_discarded, draw_preview, preview_file


class RegionCog(commands.Cog):
    """Show masks over images, and take them up when they are confirmed."""

    def __init__(self, validator: RequestValidator, previews: RegionPreviews, history: JobHistory) -> None:
        self._validator = validator
        self._previews = previews
        self._history = history

    @app_commands.command(
        name="region", description=locale_str("Redraw a part of a picture; first you see which, for free")
    )
    @app_commands.describe(
        job=locale_str("The picture's job, as its card and /jobs list name it"),
        mask=locale_str("An image of the same size: white is redrawn, black stays; or the picture with a hole in it"),
        prompt=locale_str("What to draw there; the picture's own prompt if you leave it out"),
        spoiler=locale_str("Hide the pictures until somebody clicks on them"),
    )
    @app_commands.guild_only()
    async def region(
        self,
        interaction: Interaction,
        job: JobId,
        mask: discord.Attachment,
        prompt: str | None = None,
        spoiler: bool | None = None,
    ) -> None:
        """Check what the payload shows, then show the mask over the image, to the requester alone."""
        requester = requester_from(interaction)
        uploaded = image_upload_from(mask)
        cleaned = self._validator.region(requester, uploaded, prompt)
        job_id = read_job_id(job)
        await defer_private(interaction)
        if not await can_view_job_id(interaction, self._history, job_id):
            raise NoSuchJob(job_id)
        preview = await self._previews.preview(requester, job_id, uploaded, cleaned, spoiler=spoiler)
        await interaction.edit_original_response(
            view=draw_preview(preview),
            attachments=[preview_file(preview)],
            allowed_mentions=discord.AllowedMentions.none(),
        )

    @region.autocomplete("job")
    async def _own_images(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await suggest_own(self._history, interaction, typed, Needed.PICTURES, is_single)

    async def click_redraw(self, interaction: Interaction, button: RedrawButton) -> None:
        """Promise a card for a preview, and write the request down."""
        requester = requester_from(interaction)
        self._validator.check_channel(requester)
        card = await defer_card(interaction)
        await self._previews.confirm(requester, button.preview_id, card)

    async def click_discard(self, interaction: Interaction, button: DiscardButton) -> None:
        """Throw a preview away, and say so in its place."""
        requester = requester_from(interaction)
        await defer_update(interaction)
        await self._previews.discard(requester, button.preview_id)
        await interaction.edit_original_response(view=draw_discarded(), attachments=[])


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /region and the buttons below its previews."""
    cog = RegionCog(use_cases.validator, use_cases.previews, use_cases.history)
    await bot.add_cog(cog)
    bot.click_handlers.on_click(RedrawButton, cog.click_redraw)
    bot.click_handlers.on_click(DiscardButton, cog.click_discard)
