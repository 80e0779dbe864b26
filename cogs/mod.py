"""/mod: what those who keep order can do about jobs and members."""

import asyncio

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.domain.durations import read_duration
from bot.domain.job_id import read_job_id
from bot.domain.job_lists import JobQuery
from bot.errors import NotReadInTime, RemoveWhat
from bot.services.job_history import JobHistory
from bot.services.job_lists import read_search
from bot.services.member_blocks import MOST_LISTED, MemberBlocks
from bot.services.removals import Removals
from bot.services.use_cases import UseCases
from bot.ui.interactions import Interaction, answer, guild_of, roles_of, say_privately
from bot.ui.job_access import JobId, find_removable
from bot.ui.job_pages import JobPages
from bot.ui.permissions import (
    check_blockable,
    check_moderator_in_time,
    defer_to_moderator,
    only_blockers,
    only_moderators,
)
from bot.ui.removal import draw_all_form
from bot.ui.text import member_blocks as block_text
from bot.ui.text import removals as removal_text
from bot.ui.who_made import WhoMade

Named = app_commands.Range[str, 1, 200]

Length = app_commands.Range[str, 1, 60]

Somebody = discord.Member | discord.User
"""A member, or who has left the server, as Discord sends them."""

Reason = app_commands.Range[str, 1, 300]

FORM_SECONDS = 1.0
"""How long the form waits for what it is about: it must open within 3 s (discord.md, section 1)."""


@app_commands.guild_only()
@app_commands.default_permissions(manage_messages=True)
class ModCog(commands.GroupCog, group_name="mod", group_description=locale_str("Keep order")):
    """Let moderators look after jobs and members; what each command takes is checked here too, not by the menu."""

    def __init__(
        self,
        history: JobHistory,
        removals: Removals,
        blocks: MemberBlocks,
        pages: JobPages,
        who_made: WhoMade,
    ) -> None:
        self._history = history
        self._removals = removals
        self._blocks = blocks
        self._pages = pages
        self._who_made = who_made
        super().__init__()

    @app_commands.command(
        name="remove", description=locale_str("Remove a job for good, or all that a member asked for lately")
    )
    @app_commands.describe(
        job=locale_str("The job, as its card names it"),
        member=locale_str("Instead of a job: whose jobs, also when they have left"),
        since=locale_str("With a member: how far back, such as 1h or 3 days"),
        reason=locale_str("Why, for the moderators"),
    )
    async def remove(
        self,
        interaction: Interaction,
        job: JobId | None = None,
        member: Somebody | None = None,
        since: Length | None = None,
        reason: Reason | None = None,
    ) -> None:
        """Remove one job, or ask whether several are to be removed."""
        guild_of(interaction)
        why = " ".join((reason or "").split())
        if member is not None and since is not None and job is None:
            await self._ask_for_all(interaction, member, read_duration(since), why)
            return
        if job is None or member is not None or since is not None:
            raise RemoveWhat
        job_id = read_job_id(job)
        await defer_to_moderator(interaction)
        found = await find_removable(interaction, self._history, job_id)
        removed = await self._removals.remove(found, interaction.user.id, why)
        await answer(interaction, removal_text.removed(removed))

    async def _ask_for_all(self, interaction: Interaction, member: Somebody, for_ms: int, reason: str) -> None:
        """Open the form that tells how many jobs go; what is sent with it is checked again."""
        only_moderators(interaction)
        await check_moderator_in_time(interaction)
        since_ms = int(interaction.created_at.timestamp() * 1000) - for_ms
        try:
            async with asyncio.timeout(FORM_SECONDS):
                number = await self._removals.count(guild_of(interaction), member.id, since_ms)
        except TimeoutError:
            raise NotReadInTime from None
        if number == 0:
            await say_privately(interaction, removal_text.nothing_to_remove(member.id))
            return
        await interaction.response.send_modal(draw_all_form(number, member.id, since_ms, reason))

    @app_commands.command(name="block", description=locale_str("Keep a member from everything but help and credits"))
    @app_commands.rename(length="for")
    @app_commands.describe(
        member=locale_str("Whom"),
        length=locale_str("How long, such as 1h, 3 days or 2w; no end if you leave it out"),
        reason=locale_str("Why: they are told, and so are moderators"),
    )
    async def block(
        self, interaction: Interaction, member: Somebody, length: Length | None = None, reason: Reason | None = None
    ) -> None:
        """Block a member; what waits of theirs is cancelled and refunded."""
        only_blockers(interaction)
        check_blockable(interaction, member)
        for_ms = None if length is None else read_duration(length)
        await defer_to_moderator(interaction)
        blocked = await self._blocks.block(
            guild_of(interaction),
            member.id,
            by=interaction.user.id,
            for_ms=for_ms,
            reason=" ".join((reason or "").split()),
        )
        await answer(interaction, block_text.blocked(blocked.block, blocked.before, blocked.ended))

    @app_commands.command(name="unblock", description=locale_str("Let a blocked member ask for everything again"))
    @app_commands.describe(member=locale_str("Whom, also when they have left"))
    async def unblock(self, interaction: Interaction, member: Somebody) -> None:
        """Lift a block, and tell what keeps the member from everything still."""
        only_blockers(interaction)
        await defer_to_moderator(interaction)
        unblocked = await self._blocks.unblock(
            guild_of(interaction), member.id, roles_of(member), by=interaction.user.id
        )
        await answer(interaction, block_text.unblocked(member.id, unblocked.lifted, unblocked.still))

    @app_commands.command(name="blocked", description=locale_str("List whom moderators have blocked, why and how long"))
    async def blocked(self, interaction: Interaction) -> None:
        """List the blocks that are in force."""
        only_blockers(interaction)
        await defer_to_moderator(interaction)
        blocks = await self._blocks.blocked(guild_of(interaction))
        await answer(interaction, block_text.listed(blocks, MOST_LISTED))

    @app_commands.command(name="jobs", description=locale_str("List a member's jobs, the newest first"))
    @app_commands.describe(
        member=locale_str("Whose, also when they have left"),
        words=locale_str("Words of the prompt, or their beginnings"),
    )
    async def jobs(self, interaction: Interaction, member: Somebody, words: str | None = None) -> None:
        """List another member's jobs to a moderator alone, with what is known of the member."""
        only_moderators(interaction)
        query = JobQuery(member.id, words=read_search(words), moderated=True)
        await defer_to_moderator(interaction)
        await self._pages.show(interaction, query)

    @app_commands.command(name="who", description=locale_str("See who asked for a job, and how they use the bot"))
    @app_commands.describe(what=locale_str("The job, as its card names it, or a link to a message"))
    async def who(self, interaction: Interaction, what: Named) -> None:
        """Tell who asked for a job."""
        await self._who_made.tell_named(interaction, what)


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /mod."""
    pages = JobPages(use_cases.lists, use_cases.conduct)
    who_made = WhoMade(use_cases.history, use_cases.conduct)
    await bot.add_cog(ModCog(use_cases.history, use_cases.removals, use_cases.member_blocks, pages, who_made))
