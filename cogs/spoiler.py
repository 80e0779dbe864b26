"""Hide what a card shows behind Discord's spoiler, and show it openly again: entries of the menu at its end."""

from discord.ext import commands

from bot.client import Animatic
from bot.services.job_history import JobHistory
from bot.services.spoilers import Spoilers
from bot.services.use_cases import UseCases
from bot.ui.interactions import Interaction, defer_update, requester_from
from bot.ui.job_access import moderates_job_id


class SpoilerCog(commands.Cog):
    """Change how ended cards show their media."""

    def __init__(self, spoilers: Spoilers, history: JobHistory) -> None:
        self._spoilers = spoilers
        self._history = history

    async def hide(self, interaction: Interaction, job_id: str) -> None:
        """Hide the media of a card."""
        await self._set(interaction, job_id, hidden=True)

    async def unhide(self, interaction: Interaction, job_id: str) -> None:
        """Show the media of a card openly."""
        await self._set(interaction, job_id, hidden=False)

    async def _set(self, interaction: Interaction, job_id: str, *, hidden: bool) -> None:
        """Let the requester, and who may manage messages in the channel, change it."""
        await defer_update(interaction)
        moderates = await moderates_job_id(interaction, self._history, job_id)
        await self._spoilers.set(requester_from(interaction), job_id, hidden=hidden, moderates=moderates)


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add the two entries."""
    cog = SpoilerCog(use_cases.spoilers, use_cases.history)
    await bot.add_cog(cog)
    bot.click_handlers.on_more("hide", cog.hide)
    bot.click_handlers.on_more("unhide", cog.unhide)
