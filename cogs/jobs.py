"""/jobs: a member's own jobs, and a finished one shown again."""

from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.domain.job_id import read_job_id
from bot.domain.job_lists import JobQuery, Only
from bot.errors import CannotShow
from bot.services.conduct import MemberConduct
from bot.services.job_history import JobHistory
from bot.services.job_lists import JobLists, read_search
from bot.services.use_cases import UseCases
from bot.services.validation import RequestValidator
from bot.ui.interactions import Interaction, defer_card, defer_private, guild_of, requester_from
from bot.ui.job_access import JobId, can_view_job, suggest_own
from bot.ui.job_pages import JobPages
from bot.ui.list_buttons import ListPageButton, ShowButton


@app_commands.guild_only()
class JobsCog(commands.GroupCog, group_name="jobs", group_description=locale_str("Look back on what you asked for")):
    """Show members their jobs."""

    def __init__(
        self, bot: Animatic, validator: RequestValidator, history: JobHistory, lists: JobLists, conduct: MemberConduct
    ) -> None:
        self._bot = bot
        self._validator = validator
        self._history = history
        self._pages = JobPages(lists, conduct)
        super().__init__()

    @app_commands.command(name="list", description=locale_str("List your jobs in this server, the newest first"))
    @app_commands.describe(
        only=locale_str("What to list: everything if you leave it out"),
        words=locale_str("Words of the prompt, or their beginnings"),
    )
    async def list_(
        self,
        interaction: Interaction,
        only: Literal["films", "pictures", "failed"] | None = None,
        words: str | None = None,
    ) -> None:
        """List the requester's jobs to them alone."""
        guild_of(interaction)
        query = JobQuery(interaction.user.id, only=Only(only) if only else None, words=read_search(words))
        await defer_private(interaction)
        await self._pages.show(interaction, query)

    async def click_page(self, interaction: Interaction, button: ListPageButton) -> None:
        """Show another page of a list in its place."""
        await self._pages.turn(interaction, button)

    @app_commands.command(name="show", description=locale_str("Show the clips of a finished job again, here"))
    @app_commands.rename(job_id="id")
    @app_commands.describe(job_id=locale_str("The job, as its card and /jobs list name it"))
    async def show(self, interaction: Interaction, job_id: JobId) -> None:
        """Give a finished job a new card in this channel, with all its clips."""
        await self._show(interaction, read_job_id(job_id))

    async def click_show(self, interaction: Interaction, button: ShowButton) -> None:
        """Do the same for a job on a list."""
        await self._show(interaction, button.job_id)

    async def _show(self, interaction: Interaction, job_id: str) -> None:
        requester = requester_from(interaction)
        self._validator.check_channel(requester)
        answer = await defer_card(interaction)
        job = await self._history.find(requester.guild_id, job_id)
        if not await can_view_job(interaction, job):
            raise CannotShow(job.id, "unknown")
        await self._history.show_again(job, requester, answer)

    @commands.Cog.listener()
    async def on_raw_thread_update(self, event: discord.RawThreadUpdateEvent) -> None:
        """Let a thread catch up that was locked when its films were made."""
        if not event.data["thread_metadata"].get("locked"):
            await self._history.catch_up(event.thread_id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Let those catch up that were unlocked while the bot was away."""
        for channel_id in await self._history.unreached_channels():
            channel = self._bot.get_channel(channel_id)
            if isinstance(channel, discord.Thread) and not channel.locked:
                await self._history.catch_up(channel_id)

    @show.autocomplete("job_id")
    async def _own_jobs(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await suggest_own(self._history, interaction, typed)


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /jobs, and the buttons of lists."""
    cog = JobsCog(bot, use_cases.validator, use_cases.history, use_cases.lists, use_cases.conduct)
    await bot.add_cog(cog)
    bot.click_handlers.on_click(ListPageButton, cog.click_page)
    bot.click_handlers.on_click(ShowButton, cog.click_show)
