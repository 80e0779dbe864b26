"""/region: a part of a picture is drawn anew, once its member has seen which and what it costs."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import NotOffered
from bot.services.job_history import History
from bot.services.region_previews import Drafts, is_single
from bot.services.validation import Planner
from bot.ui.interactions import Interaction, asker_of, promise_card
from bot.ui.job_access import JobId, may_see_id, suggest_own
from bot.ui.region_preview import draw_discarded, draw_preview, preview_file
from cogs.images import picture_of


class RegionCog(commands.Cog):
    """Show masks over pictures, and take them up when they are confirmed."""

    def __init__(self, planner: Planner, drafts: Drafts, history: History) -> None:
        self._planner = planner
        self._drafts = drafts
        self._history = history

    @app_commands.command(name="region", description="Redraw a part of a picture; first you see which, for free")
    @app_commands.describe(
        job="The picture's job, as its card and /jobs list name it",
        mask="An image of the same size: white is redrawn, black stays",
        prompt="What to draw there; the picture's own prompt if you leave it out",
    )
    @app_commands.guild_only()
    async def region(
        self, interaction: Interaction, job: JobId, mask: discord.Attachment, prompt: str | None = None
    ) -> None:
        """Check what the payload shows, then show the mask over the picture, to the asker alone."""
        asker = asker_of(interaction)
        given = picture_of(mask)
        cleaned = self._planner.region(asker, given, prompt)
        await interaction.response.defer(ephemeral=True, thinking=True)
        job_id = job.strip().lower()
        if not await may_see_id(interaction, self._history, job_id):
            raise NotOffered(job_id)
        preview = await self._drafts.preview(asker, job_id, given, cleaned)
        await interaction.edit_original_response(
            view=draw_preview(preview),
            attachments=[preview_file(preview)],
            allowed_mentions=discord.AllowedMentions.none(),
        )

    @region.autocomplete("job")
    async def _own_pictures(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await suggest_own(self._history, interaction, typed, is_single)

    async def press_redraw(self, interaction: Interaction, draft_id: str) -> None:
        """Promise a card for a preview, and write the request down."""
        asker = asker_of(interaction)
        self._planner.check_place(asker)
        card = await promise_card(interaction)
        await self._drafts.confirm(asker, draft_id, card)

    async def press_discard(self, interaction: Interaction, draft_id: str) -> None:
        """Throw a preview away, and say so in its place."""
        asker = asker_of(interaction)
        await interaction.response.defer()
        await self._drafts.discard(asker, draft_id)
        await interaction.edit_original_response(view=draw_discarded(), attachments=[])
