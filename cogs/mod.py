"""/mod: what those who keep order can do about jobs and members."""

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.domain.job_id import read_job_id
from bot.errors import CannotShow
from bot.services.job_history import JobHistory
from bot.services.use_cases import UseCases
from bot.ui.interactions import Interaction, defer_private, guild_of
from bot.ui.job_access import JobId, can_view_job
from bot.ui.permissions import moderates_job

Reason = app_commands.Range[str, 1, 300]


@app_commands.guild_only()
@app_commands.default_permissions(manage_messages=True)
class ModCog(commands.GroupCog, group_name="mod", group_description=locale_str("Keep order")):
    """Let moderators look after jobs and members; what each command takes is checked here too, not by the menu."""

    def __init__(self, history: JobHistory) -> None:
        self._history = history
        super().__init__()

    @app_commands.command(name="remove", description=locale_str("Remove a job for good, with all that it shows"))
    @app_commands.describe(
        job=locale_str("The job, as its card names it"),
        reason=locale_str("Why, for the moderators"),
    )
    async def remove(self, interaction: Interaction, job: JobId, reason: Reason | None = None) -> None:
        """Remove one job."""
        guild_of(interaction)
        job_id = read_job_id(job)
        await defer_private(interaction, open_to_blocked=True)
        found = await self._history.find(interaction.guild_id, job_id)
        if not await can_view_job(interaction, found) or not await moderates_job(interaction, found):
            raise CannotShow(found.id, "unknown")


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /mod."""
    await bot.add_cog(ModCog(use_cases.history))
