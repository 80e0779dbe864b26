"""/jobs: a member's own jobs, and a finished one shown again."""

import discord
from discord import app_commands
from discord.ext import commands

from bot import captions
from bot.domain import Job
from bot.errors import CannotShow
from bot.history import History
from bot.requests import Planner
from bot.ui.listing import draw_list
from cogs.replies import Interaction, asker_of, guild_of, promise_card

JobId = app_commands.Range[str, 1, 32]

GONE = (10003, 50001)
"""Discord's codes for a channel that was deleted, or that the bot cannot see."""


@app_commands.guild_only()
class JobsCog(commands.GroupCog, group_name="jobs", group_description="Look back on what you asked for"):
    """Show members their jobs."""

    def __init__(self, planner: Planner, history: History) -> None:
        self._planner = planner
        self._history = history
        super().__init__()

    @app_commands.command(name="list", description="List your newest jobs in this server")
    async def list_(self, interaction: Interaction) -> None:
        """List the asker's jobs to them alone."""
        guild_id = guild_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        jobs = await self._history.newest(guild_id, interaction.user.id)
        await interaction.edit_original_response(view=draw_list(jobs), allowed_mentions=discord.AllowedMentions.none())

    @app_commands.command(name="show", description="Show the clips of a finished job again, here")
    @app_commands.rename(job_id="id")
    @app_commands.describe(job_id="The job, as its card and /jobs list name it")
    async def show(self, interaction: Interaction, job_id: JobId) -> None:
        """Give a finished job a new card in this channel, with all its clips."""
        asker = asker_of(interaction)
        self._planner.check_place(asker)
        answer = await promise_card(interaction)
        job = await self._history.find(asker.guild_id, job_id.strip().lower())
        if not await _may_see(interaction, job):
            raise CannotShow(job.id, "unknown")
        await self._history.show_again(job, asker, answer)

    @show.autocomplete("job_id")
    async def _own_jobs(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        if interaction.guild_id is None:
            return []
        jobs = await self._history.suggestions(interaction.guild_id, interaction.user.id, typed)
        return [app_commands.Choice(name=captions.suggested(job), value=job.id) for job in jobs]


async def _may_see(interaction: Interaction, job: Job) -> bool:
    """Tell whether somebody may see a job: they asked for it, or may read the channel of its card.

    Where that channel is gone, or a private thread, moderators may.
    """
    member = interaction.user
    if member.id == job.user_id:
        return True
    if interaction.channel_id == job.channel_id:
        # Who asks there is there, in a private thread too.
        return interaction.permissions.read_message_history
    channel = await _channel_of(interaction, job)
    if not isinstance(member, discord.Member):
        return False
    if channel is None:
        # In the whole server: what a member may do in the channel where they ask says nothing of another one.
        return member.guild_permissions.manage_messages
    if isinstance(channel, discord.Thread) and channel.parent is None:
        return False
    may = channel.permissions_for(member)
    if isinstance(channel, discord.Thread) and channel.is_private() and not may.manage_threads:
        return False
    return may.view_channel and may.read_message_history


async def _channel_of(interaction: Interaction, job: Job) -> discord.abc.GuildChannel | discord.Thread | None:
    """Find the channel of a job's card, archived threads included; None when it is gone or out of the bot's sight."""
    guild = interaction.guild
    known = guild.get_channel_or_thread(job.channel_id) if guild is not None else None
    if known is not None:
        return known
    try:
        found = await interaction.client.fetch_channel(job.channel_id)
    except discord.HTTPException as error:
        if error.code in GONE:
            return None
        raise
    return found if isinstance(found, discord.abc.GuildChannel | discord.Thread) else None
