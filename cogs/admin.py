"""/admin: jobs whose submit was never answered, and the order of providers."""

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.domain.job_id import read_job_id
from bot.services.job_recovery import JobRecovery
from bot.services.provider_status import ProviderDirectory
from bot.services.use_cases import UseCases
from bot.ui.interactions import Interaction, answer, defer_private, guild_of
from bot.ui.permissions import only_managers
from bot.ui.text import replies

Name = app_commands.Range[str, 1, 128]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class AdminCog(commands.GroupCog, group_name="admin", group_description=locale_str("Look after jobs and providers")):
    """Let those who manage the server look after lost jobs, and rank providers; checked here too."""

    def __init__(self, recovery: JobRecovery, directory: ProviderDirectory) -> None:
        self._recovery = recovery
        self._directory = directory
        super().__init__()

    async def interaction_check(self, interaction: Interaction) -> bool:
        """Let only those through who manage the server."""
        return only_managers(interaction)

    @app_commands.command(name="unknown", description=locale_str("List the jobs that the provider never answered for"))
    async def unknown(self, interaction: Interaction) -> None:
        """List the server's jobs in doubt."""
        await defer_private(interaction, open_to_blocked=True)
        await answer(interaction, replies.admin_unknown(await self._recovery.unconfirmed(guild_of(interaction))))

    @app_commands.command(name="undelivered", description=locale_str("List what was paid for and not delivered"))
    async def undelivered(self, interaction: Interaction) -> None:
        """List what the server's members paid for and did not get."""
        await defer_private(interaction, open_to_blocked=True)
        await answer(interaction, replies.admin_undelivered(await self._recovery.undelivered(guild_of(interaction))))

    @app_commands.command(name="adopt", description=locale_str("Tell which of the provider's jobs a job in doubt is"))
    @app_commands.describe(
        job=locale_str("The job, as /admin unknown or undelivered names it"),
        remote_id=locale_str("The id at the provider"),
    )
    async def adopt(self, interaction: Interaction, job: Name, remote_id: Name) -> None:
        """Take the provider's id for a job."""
        named = read_job_id(job)
        await defer_private(interaction, open_to_blocked=True)
        adopted = await self._recovery.adopt(guild_of(interaction), named, remote_id.strip())
        await answer(interaction, replies.admin_adopted(adopted, remote_id.strip()))

    @app_commands.command(
        name="giveup", description=locale_str("Strike a job off the lists of those in doubt or undelivered")
    )
    @app_commands.describe(job=locale_str("The job, as /admin unknown or undelivered names it"))
    async def giveup(self, interaction: Interaction, job: Name) -> None:
        """Stop looking for a job."""
        named = read_job_id(job)
        await defer_private(interaction, open_to_blocked=True)
        await answer(interaction, replies.admin_given_up(await self._recovery.give_up(guild_of(interaction), named)))

    @app_commands.command(
        name="providers", description=locale_str("Show or set the order in which new jobs go to providers")
    )
    @app_commands.describe(
        first=locale_str("The one that new jobs go to"),
        second=locale_str("The next, where the first is unwell or lacks something"),
        third=locale_str("The next one after that"),
        fourth=locale_str("The last one"),
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
        named = self._directory.find_names([one for one in (first, second, third, fourth) if one is not None])
        await defer_private(interaction, open_to_blocked=True)
        ranked = await self._directory.rank(guild_of(interaction), named, interaction.user.id)
        await answer(interaction, replies.admin_providers(ranked, changed=bool(named)))

    @providers.autocomplete("first")
    @providers.autocomplete("second")
    @providers.autocomplete("third")
    @providers.autocomplete("fourth")
    async def _enabled(self, _: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [
            app_commands.Choice(name=title, value=name)
            for name, title in self._directory.titles.items()
            if typed.lower() in title.lower()
        ]


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /admin."""
    await bot.add_cog(AdminCog(use_cases.recovery, use_cases.directory))
