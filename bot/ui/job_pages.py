"""Fill an answer that one person alone sees with a page of a list of jobs."""

import discord

from bot.domain.job import Job
from bot.domain.job_lists import JobQuery, Place
from bot.errors import NotYourList
from bot.services.conduct import MemberConduct
from bot.services.job_lists import JobLists
from bot.ui.attachments import Upload
from bot.ui.interactions import Interaction, defer_update, guild_of
from bot.ui.job_access import can_view_job
from bot.ui.job_list import draw_page, thumbnail_name
from bot.ui.list_buttons import ListPageButton
from bot.ui.permissions import only_moderators, update_for_moderator
from bot.ui.text import conduct as text


class JobPages:
    """Show pages, and turn them in place."""

    def __init__(self, lists: JobLists, conduct: MemberConduct) -> None:
        self._lists = lists
        self._conduct = conduct

    async def show(self, interaction: Interaction, query: JobQuery, place: Place | None = None) -> None:
        """Fill a deferred answer with a page; jobs on it that who asks may not see tell nothing."""
        guild_id = guild_of(interaction)
        page = await self._lists.page(guild_id, query, place)
        seen: list[Job] = [job for job in page.jobs if await can_view_job(interaction, job)]
        thumbnails = await self._lists.thumbnails(seen)
        hidden = {job.id for job in page.jobs} - {job.id for job in seen}
        note = text.conduct(await self._conduct.of(guild_id, query.user_id)) if query.moderated else ""
        await interaction.edit_original_response(
            view=draw_page(page, thumbnails.keys(), hidden, note=note),
            attachments=[Upload(thumbnail_name(job_id), data).file() for job_id, data in thumbnails.items()],
            allowed_mentions=discord.AllowedMentions.none(),
        )

    async def turn(self, interaction: Interaction, button: ListPageButton) -> None:
        """Show another page in place of one; raises `NotYourList`."""
        if button.query.moderated:
            only_moderators(interaction)
            await update_for_moderator(interaction)
        elif interaction.user.id != button.query.user_id:
            raise NotYourList
        else:
            await defer_update(interaction)
        await self.show(interaction, button.query, button.place)
