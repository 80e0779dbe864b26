"""/mod: what those who keep order can do about jobs and members."""

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.domain.durations import read_duration
from bot.domain.job_id import read_job_id
from bot.domain.job_lists import JobQuery
from bot.errors import CannotShow
from bot.services.job_history import JobHistory
from bot.services.job_lists import read_search
from bot.services.member_blocks import MOST_LISTED, MemberBlocks
from bot.services.use_cases import UseCases
from bot.ui.interactions import Interaction, answer, guild_of, roles_of
from bot.ui.job_access import JobId, can_view_job
from bot.ui.job_pages import JobPages
from bot.ui.permissions import check_blockable, defer_to_moderator, moderates_job, only_blockers, only_moderators
from bot.ui.text import member_blocks as block_text
from bot.ui.who_made import WhoMade

Named = app_commands.Range[str, 1, 200]

Length = app_commands.Range[str, 1, 60]

Somebody = discord.Member | discord.User
"""A member, or who has left the server, as Discord sends them."""

Reason = app_commands.Range[str, 1, 300]


@app_commands.guild_only()
@app_commands.default_permissions(manage_messages=True)
class ModCog(commands.GroupCog, group_name="mod", group_description=locale_str("Keep order")):
    """Let moderators look after jobs and members; what each command takes is checked here too, not by the menu."""

    def __init__(self, history: JobHistory, blocks: MemberBlocks, pages: JobPages, who_made: WhoMade) -> None:
        self._history = history
        self._blocks = blocks
        self._pages = pages
        self._who_made = who_made
        super().__init__()

    @app_commands.command(name="remove", description=locale_str("Remove a job for good, with all that it shows"))
    @app_commands.describe(
        job=locale_str("The job, as its card names it"),
        reason=locale_str("Why, for the moderators"),
    )
    async def remove(self, interaction: Interaction, job: JobId, reason: Reason | None = None) -> None:
        """Remove one job."""
        guild_of(interaction)
        job_id = read_job_id(job)
        await defer_to_moderator(interaction)
        found = await self._history.find(interaction.guild_id, job_id)
        if not await can_view_job(interaction, found) or not await moderates_job(interaction, found):
            raise CannotShow(found.id, "unknown")

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
        block, ended = await self._blocks.block(
            guild_of(interaction),
            member.id,
            by=interaction.user.id,
            for_ms=for_ms,
            reason=" ".join((reason or "").split()),
        )
        await answer(interaction, block_text.blocked(block, ended))

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
    await bot.add_cog(ModCog(use_cases.history, use_cases.member_blocks, pages, who_made))
