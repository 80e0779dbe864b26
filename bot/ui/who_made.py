"""Tell who keeps order who asked for a job, and how that member uses the bot."""

import discord
from discord import app_commands
from discord.ui import LayoutView, TextDisplay

from bot.domain.conduct import Conduct
from bot.domain.job import Job
from bot.domain.job_id import read_job_id
from bot.domain.links import read_message_link
from bot.errors import CannotShow, NoJobInMessage
from bot.services.conduct import MemberConduct
from bot.services.job_history import JobHistory
from bot.ui.interactions import Interaction, guild_of
from bot.ui.job_access import can_view_job, moderates_where_shown, sees_where_shown
from bot.ui.job_in_message import job_of_link, job_of_message
from bot.ui.permissions import defer_to_moderator, moderates_server
from bot.ui.remove_menu import remove_row
from bot.ui.text import conduct as text


class WhoMade:
    """Answer /mod who and *Who made this?*; a job of a private thread is told those alone who may read there."""

    def __init__(self, history: JobHistory, conduct: MemberConduct) -> None:
        self._history = history
        self._conduct = conduct

    async def tell_named(self, interaction: Interaction, typed: str) -> None:
        """Tell of the job that an id or a message's link names."""
        guild_id = guild_of(interaction)
        link = read_message_link(typed)
        if link is not None and link.guild_id != guild_id:
            raise NoJobInMessage
        job_id = read_job_id(typed) if link is None else ""
        await defer_to_moderator(interaction)
        if link is not None:
            await self._tell_unless_hidden(interaction, await job_of_link(interaction, self._history, link))
            return
        job = await self._history.find_even_erased(guild_id, job_id)
        if not await can_view_job(interaction, job):
            raise CannotShow(job.id, "unknown")
        await self._tell(interaction, job)

    async def tell_of_message(self, interaction: Interaction, message: discord.Message) -> None:
        """Tell of the job that a message shows."""
        guild_of(interaction)
        await defer_to_moderator(interaction)
        job = await job_of_message(interaction, self._history, message)
        if not await sees_where_shown(interaction, self._history, job):
            raise NoJobInMessage
        await self._tell(interaction, job)

    async def _tell_unless_hidden(self, interaction: Interaction, job: Job) -> None:
        if not await can_view_job(interaction, job):
            raise NoJobInMessage
        await self._tell(interaction, job)

    async def _tell(self, interaction: Interaction, job: Job) -> None:
        if not await moderates_where_shown(interaction, self._history, job):
            raise app_commands.MissingPermissions(["manage_messages"])
        # What a member does in the whole server is told who moderates all of it.
        knows = moderates_server(interaction)
        conduct = await self._conduct.of(guild_of(interaction), job.user_id) if knows else None
        await interaction.edit_original_response(
            view=draw_maker(self._conduct.dated(job), conduct), allowed_mentions=discord.AllowedMentions.none()
        )


def draw_maker(job: Job, conduct: Conduct | None) -> LayoutView:
    """Draw who asked for a job, what they typed, how they use the bot if that is told, and the menu that removes it."""
    view = LayoutView(timeout=None)
    lines = [text.made_by(job), f"-# {text.member_id(job)}", text.words_of(job)]
    view.add_item(TextDisplay("\n".join(filter(None, lines))))
    if conduct is not None:
        view.add_item(TextDisplay(text.conduct(conduct)))
    for row in remove_row([job]):
        view.add_item(row)
    return view
