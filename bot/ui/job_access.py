"""Which jobs a member may see, and those of their own that are suggested while they type."""

from discord import app_commands

from bot.domain.job import Job
from bot.domain.job_lists import Needed
from bot.errors import CannotShow, NotYoursToRemove
from bot.services.job_history import JobFilter, JobHistory, any_job
from bot.ui.attachments import has_button
from bot.ui.interactions import Interaction
from bot.ui.permissions import channel_of, moderates_channel, moderates_job, moderates_server, permissions_in
from bot.ui.text import captions

JobId = app_commands.Range[str, 1, 32]


async def suggest_own(
    history: JobHistory,
    interaction: Interaction,
    typed: str,
    needed: Needed = Needed.ANY,
    fits: JobFilter = any_job,
) -> list[app_commands.Choice[str]]:
    """Suggest the requester's own finished jobs, of those that are needed and fit, by id and prompt."""
    if interaction.guild_id is None:
        return []
    jobs = await history.suggestions(interaction.guild_id, interaction.user.id, typed, needed, fits)
    return [app_commands.Choice(name=captions.suggested(job), value=job.id) for job in jobs]


async def can_view_job_id(interaction: Interaction, history: JobHistory, job_id: str) -> bool:
    """Tell whether there is such a job in this server, and the requester may see it."""
    try:
        job = await history.find(interaction.guild_id, job_id)
    except CannotShow:
        return False
    return await can_view_job(interaction, job)


async def find_removable(interaction: Interaction, history: JobHistory, job_id: str) -> Job:
    """Give a job that who asks may remove: one of their own, or one that they moderate where it is shown.

    Raises `CannotShow` for any that they may not see, `NotYoursToRemove` for another member's.
    """
    job = await history.find_even_erased(interaction.guild_id, job_id)
    if job.user_id == interaction.user.id:
        return job
    moderates = await moderates_where_shown(interaction, history, job)
    if not moderates and not await can_view_job(interaction, job):
        raise CannotShow(job.id, "unknown")
    if not moderates:
        raise NotYoursToRemove
    return job


async def moderates_job_id(interaction: Interaction, history: JobHistory, job_id: str) -> bool:
    """Tell whether there is such a job in this server, and who asks moderates it, whatever message was clicked."""
    try:
        job = await history.find(interaction.guild_id, job_id)
    except CannotShow:
        return False
    return await moderates_job(interaction, job)


async def moderates_where_shown(interaction: Interaction, history: JobHistory, job: Job) -> bool:
    """Tell whether who asks moderates a job, or a channel where a message of ours shows it, shared ones too."""
    if await moderates_job(interaction, job):
        return True
    if job.guild_id != interaction.guild_id:
        return False
    for channel_id in await history.shown_in(job):
        if await moderates_channel(interaction, channel_id):
            return True
    return False


async def sees_where_shown(interaction: Interaction, history: JobHistory, job: Job) -> bool:
    """Tell whether somebody may see a job, or reads a channel where a message of ours shows it, shared ones too."""
    if await can_view_job(interaction, job):
        return True
    for channel_id in await history.shown_in(job):
        if await _reads(interaction, channel_id):
            return True
    return False


async def may_use_job(interaction: Interaction, history: JobHistory, job_id: str) -> bool:
    """Tell whether who sent a modal may see its job, or opened it by a button on a card of it that they do see."""
    custom_id = str((interaction.data or {}).get("custom_id", ""))
    if interaction.message is not None and has_button(interaction.message, custom_id):
        return True
    return await can_view_job_id(interaction, history, job_id)


async def can_view_job(interaction: Interaction, job: Job) -> bool:
    """Tell whether somebody may see a job: they asked for it, or may read the channel where it was asked for.

    It stays so wherever its card is shown later. Where that channel is gone, or a private thread, moderators may.
    """
    member = interaction.user
    if member.id == job.user_id:
        return True
    return await _reads(interaction, job.asked_channel_id)


async def _reads(interaction: Interaction, channel_id: int) -> bool:
    if interaction.channel_id == channel_id:
        # Who asks there is there, in a private thread too.
        return interaction.permissions.read_message_history
    channel = await channel_of(interaction, channel_id)
    if channel is None:
        # In the whole server: what a member may do in the channel where they ask says nothing of another one.
        return moderates_server(interaction)
    may = permissions_in(interaction, channel)
    return may is not None and may.view_channel and may.read_message_history
