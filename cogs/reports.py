"""*Report to moderators* in the menu of messages, and the buttons below reports in the mod log."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Animatic
from bot.domain.job import Job
from bot.domain.reports import Outcome, Report
from bot.errors import CannotBlock, CannotShow, NoJobInMessage, NotInServer
from bot.services.job_history import JobHistory
from bot.services.member_blocks import MemberBlocks
from bot.services.removals import Removals
from bot.services.reports import Reports
from bot.services.seen_locales import SeenLocales
from bot.services.use_cases import UseCases
from bot.ui.interactions import Interaction, answer, check_blocked_in_time, defer_private, guild_of, say_privately
from bot.ui.job_access import moderates_where_shown, sees_where_shown
from bot.ui.job_in_message import job_of_link, jobs_named_in
from bot.ui.mod_log import draw_reports
from bot.ui.permissions import check_blockable, only_blockers, update_for_moderator
from bot.ui.report_buttons import ReportButton
from bot.ui.report_form import ReportForm, draw_report_form, read_report_form
from bot.ui.text import reports as text
from bot.ui.text.format import mention
from bot.ui.text.translate import speaking


class ReportsCog(commands.Cog):
    """Let members report what they see, and moderators do something about it."""

    def __init__(
        self, reports: Reports, history: JobHistory, removals: Removals, blocks: MemberBlocks, locales: SeenLocales
    ) -> None:
        self._reports = reports
        self._history = history
        self._removals = removals
        self._blocks = blocks
        self._locales = locales
        self.menu = app_commands.ContextMenu(name="Report to moderators", callback=self._open_form)
        self.menu.guild_only = True

    async def _open_form(self, interaction: Interaction, message: discord.Message) -> None:
        """Ask for a reason, unless the message shows at once that it is none of ours."""
        guild_of(interaction)
        if interaction.client.user is None or message.author.id != interaction.client.user.id:
            raise NoJobInMessage
        named = list(jobs_named_in(message))
        if not named and message.reference is None:
            raise NoJobInMessage
        await check_blocked_in_time(interaction)
        await interaction.response.send_modal(draw_report_form(message.channel.id, message.id, named))

    async def submit_form(self, interaction: Interaction) -> bool:
        """Take a report of a job that the requester may see; False for another form."""
        form = read_report_form(interaction.data or {})
        if form is None:
            return False
        guild_of(interaction)
        await defer_private(interaction)
        job = await self._job_of(interaction, form)
        if not await sees_where_shown(interaction, self._history, job):
            raise NoJobInMessage
        new = await self._reports.send(job, interaction.user.id, form.reason)
        await answer(interaction, text.sent() if new else text.sent_before())
        return True

    async def click(self, interaction: Interaction, button: ReportButton) -> None:
        """Do about a report what a moderator wants, and let its message say who did it."""
        guild_id = guild_of(interaction)
        if button.outcome is Outcome.BLOCKED:
            only_blockers(interaction)
        await update_for_moderator(interaction)
        report, job = await self._reports.find(guild_id, button.job_id, button.user_id)
        if not await moderates_where_shown(interaction, self._history, job):
            raise app_commands.MissingPermissions(["manage_messages"])
        if report.outcome is None:
            await self._act(interaction, button.outcome, job)
            faster = await self._reports.settle(report, button.outcome, interaction.user.id)
            if faster is not None:
                await say_privately(interaction, text.settled_meanwhile(faster, button.outcome))
        else:
            await say_privately(interaction, text.settled_before(report))
        await self._redraw(interaction, report)

    async def _act(self, interaction: Interaction, outcome: Outcome, job: Job) -> None:
        by = interaction.user.id
        match outcome:
            case Outcome.REMOVED:
                await self._removals.remove(job, by, await self._reported(job))
            case Outcome.BLOCKED:
                if job.user_id >= 0:
                    check_blockable(interaction, await _member(interaction, job.user_id))
                # Who was forgotten is nobody whom Discord knows, and is blocked all the same should they be back.
                reason = await self._reported(job)
                await self._blocks.block(job.guild_id, job.user_id, by=by, for_ms=None, reason=reason)
            case Outcome.DISMISSED:
                return

    async def _reported(self, job: Job) -> str:
        """Word the reason as the mod log and the blocked are told it: in the server's language."""
        with speaking(await self._locales.server(job.guild_id)):
            return text.reported()

    async def _redraw(self, interaction: Interaction, report: Report) -> None:
        """Draw the message anew until it shows how things are: somebody may settle another report of it meanwhile."""
        reports = await self._reports.beside(report)
        locale = await self._locales.server(report.guild_id)
        while reports:
            with speaking(locale):
                view = draw_reports(reports)
            await interaction.edit_original_response(view=view, allowed_mentions=discord.AllowedMentions.none())
            shown, reports = reports, await self._reports.beside(report)
            if reports == shown:
                return

    async def _job_of(self, interaction: Interaction, form: ReportForm) -> Job:
        """Give the job that a message is about; raises `NoJobInMessage`."""
        for job_id in form.job_ids:
            try:
                return await self._history.find_even_erased(interaction.guild_id, job_id)
            except CannotShow:
                continue
        return await job_of_link(interaction, self._history, form.link(guild_of(interaction)))


async def _member(interaction: Interaction, user_id: int) -> discord.Member:
    """Find a member; raises `CannotBlock` for who has left."""
    if interaction.guild is None:
        raise NotInServer
    try:
        return await interaction.guild.fetch_member(user_id)
    except discord.NotFound:
        raise CannotBlock(mention(user_id), "left") from None


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add the command to the menu of messages, its form, and the buttons of reports."""
    cog = ReportsCog(
        use_cases.reports, use_cases.history, use_cases.removals, use_cases.member_blocks, use_cases.locales
    )
    await bot.add_cog(cog)
    bot.tree.add_command(cog.menu)
    bot.click_handlers.on_modal(cog.submit_form)
    bot.click_handlers.on_click(ReportButton, cog.click)
