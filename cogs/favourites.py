"""/favourites, and the stars that members give to cards."""

from typing import Literal

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.domain.job_lists import JobQuery, Only
from bot.errors import CannotShow
from bot.services.conduct import MemberConduct
from bot.services.favourites import Favourites
from bot.services.job_history import JobHistory
from bot.services.job_lists import JobLists, read_search
from bot.services.use_cases import UseCases
from bot.ui.interactions import Interaction, answer, defer_private, guild_of
from bot.ui.job_access import can_view_job
from bot.ui.job_pages import JobPages
from bot.ui.list_buttons import UnstarButton
from bot.ui.text import job_lists as text


class FavouritesCog(commands.Cog):
    """Let members keep what they want to find again."""

    def __init__(self, favourites: Favourites, history: JobHistory, lists: JobLists, conduct: MemberConduct) -> None:
        self._favourites = favourites
        self._history = history
        self._pages = JobPages(lists, conduct)

    @app_commands.command(
        name="favourites", description=locale_str("List what you starred in this server, the newest star first")
    )
    @app_commands.describe(
        only=locale_str("What to list: everything if you leave it out"),
        words=locale_str("Words of the prompt, or their beginnings"),
    )
    @app_commands.guild_only()
    async def favourites(
        self,
        interaction: Interaction,
        only: Literal["films", "pictures", "failed"] | None = None,
        words: str | None = None,
    ) -> None:
        """List what the requester starred to them alone."""
        guild_of(interaction)
        narrowed = Only(only) if only else None
        query = JobQuery(interaction.user.id, starred=True, only=narrowed, words=read_search(words))
        await defer_private(interaction)
        await self._pages.show(interaction, query)

    async def choose_star(self, interaction: Interaction, job_id: str) -> None:
        """Star a job whose card the requester sees; twice is no more than once."""
        guild_id = guild_of(interaction)
        await defer_private(interaction)
        job = await self._history.find(guild_id, job_id)
        if not await can_view_job(interaction, job):
            raise CannotShow(job.id, "unknown")
        new = await self._favourites.star(job, interaction.user.id)
        await answer(interaction, text.starred(job) if new else text.starred_before(job))

    async def click_unstar(self, interaction: Interaction, button: UnstarButton) -> None:
        """Take a star away, also from what the requester may not see any more."""
        await defer_private(interaction)
        gone = await self._favourites.unstar(button.job_id, interaction.user.id)
        await answer(interaction, text.unstarred(button.job_id) if gone else text.not_starred(button.job_id))


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /favourites, the star in the menu of cards, and the button that takes one away."""
    cog = FavouritesCog(use_cases.favourites, use_cases.history, use_cases.lists, use_cases.conduct)
    await bot.add_cog(cog)
    bot.click_handlers.on_more("star", cog.choose_star)
    bot.click_handlers.on_click(UnstarButton, cog.click_unstar)
