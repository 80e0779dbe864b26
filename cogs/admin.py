"""/admin: jobs whose submit was never answered, and the order of providers."""

from discord import app_commands
from discord.ext import commands

from bot.services.job_recovery import LostJobs
from bot.services.provider_status import Offers
from bot.ui.interactions import Interaction, answer, guild_of, only_managers
from bot.ui.text import replies

Name = app_commands.Range[str, 1, 128]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class ManagingCog(commands.GroupCog, group_name="admin", group_description="Look after jobs and providers"):
    """Let those who manage the server look after lost jobs, and rank providers; checked here too."""

    def __init__(self, lost: LostJobs, offers: Offers) -> None:
        self._lost = lost
        self._offers = offers
        super().__init__()

    async def interaction_check(self, interaction: Interaction) -> bool:
        """Let only those through who manage the server."""
        return only_managers(interaction)

    @app_commands.command(name="unknown", description="List the jobs that the provider never answered for")
    async def unknown(self, interaction: Interaction) -> None:
        """List the server's jobs in doubt."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await answer(interaction, replies.unknown(await self._lost.unknown(guild_of(interaction))))

    @app_commands.command(name="adopt", description="Tell which of the provider's jobs a job in doubt is")
    @app_commands.describe(job="The job, as /admin unknown names it", remote_id="The id at the provider")
    async def adopt(self, interaction: Interaction, job: Name, remote_id: Name) -> None:
        """Take the provider's id for a job."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        adopted = await self._lost.adopt(guild_of(interaction), job.strip(), remote_id.strip())
        await answer(interaction, replies.adopted(adopted, remote_id.strip()))

    @app_commands.command(name="giveup", description="Strike a job in doubt off the list")
    @app_commands.describe(job="The job, as /admin unknown names it")
    async def giveup(self, interaction: Interaction, job: Name) -> None:
        """Stop looking for a job."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await answer(interaction, replies.given_up(await self._lost.give_up(guild_of(interaction), job.strip())))

    @app_commands.command(name="providers", description="Show or set the order in which new jobs go to providers")
    @app_commands.describe(
        first="The one that new jobs go to",
        second="The next, where the first is unwell or lacks something",
        third="The next one after that",
        fourth="The last one",
    )
    async def providers(
        self,
        interaction: Interaction,
        first: Name | None = None,
        second: Name | None = None,
        third: Name | None = None,
        fourth: Name | None = None,
    ) -> None:
        """Rank the server's providers; without any, tell the order."""
        named = self._offers.named([one for one in (first, second, third, fourth) if one is not None])
        await interaction.response.defer(ephemeral=True, thinking=True)
        ranked = await self._offers.rank(guild_of(interaction), named)
        await answer(interaction, replies.ranked(ranked, changed=bool(named)))

    @providers.autocomplete("first")
    @providers.autocomplete("second")
    @providers.autocomplete("third")
    @providers.autocomplete("fourth")
    async def _enabled(self, _: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [
            app_commands.Choice(name=title, value=name)
            for name, title in self._offers.titles.items()
            if typed.lower() in title.lower()
        ]
