"""/admin: what to do about jobs whose submit was never answered."""

from discord import app_commands
from discord.ext import commands

from bot import answers
from bot.lost import LostJobs
from cogs.replies import Interaction, answer, guild_of, only_managers

Name = app_commands.Range[str, 1, 128]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class RescueCog(commands.GroupCog, group_name="admin", group_description="Look after jobs in doubt"):
    """Let those who manage the server bring lost jobs and the provider's ids together; checked here too."""

    def __init__(self, lost: LostJobs) -> None:
        self._lost = lost
        super().__init__()

    async def interaction_check(self, interaction: Interaction) -> bool:
        """Let only those through who manage the server."""
        return only_managers(interaction)

    @app_commands.command(name="unknown", description="List the jobs that the provider never answered for")
    async def unknown(self, interaction: Interaction) -> None:
        """List the server's jobs in doubt."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await answer(interaction, answers.unknown(await self._lost.unknown(guild_of(interaction))))

    @app_commands.command(name="adopt", description="Tell which of the provider's jobs a job in doubt is")
    @app_commands.describe(job="The job, as /admin unknown names it", remote_id="The id at the provider")
    async def adopt(self, interaction: Interaction, job: Name, remote_id: Name) -> None:
        """Take the provider's id for a job."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        adopted = await self._lost.adopt(guild_of(interaction), job.strip(), remote_id.strip())
        await answer(interaction, answers.adopted(adopted, remote_id.strip()))

    @app_commands.command(name="giveup", description="Strike a job in doubt off the list")
    @app_commands.describe(job="The job, as /admin unknown names it")
    async def giveup(self, interaction: Interaction, job: Name) -> None:
        """Stop looking for a job."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await answer(interaction, answers.given_up(await self._lost.give_up(guild_of(interaction), job.strip())))
