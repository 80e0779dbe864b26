"""/credits for everyone, /quota for those who manage the server."""

from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.domain.blocks import Source
from bot.domain.periods import Period
from bot.domain.usage import Span
from bot.errors import NeverApplies
from bot.services.blocks import Blocks
from bot.services.quotas import QuotaService
from bot.services.use_cases import UseCases
from bot.ui.interactions import Interaction, answer, defer_private, guild_of, roles_of
from bot.ui.permissions import only_managers
from bot.ui.text import quotas as texts
from bot.ui.text import replies
from bot.ui.text.account_errors import blocked_note
from bot.ui.text.format import join_sentences
from bot.ui.usage_answer import UsageAnswer

MOST = 1_000_000
"""Credits that an admin may set or grant at once."""

Target = discord.Member | discord.User | discord.Role
"""Whom a rule is for, as Discord sends them; who has left the server is a user."""

Amount = app_commands.Range[int, 0, MOST]
Gift = app_commands.Range[int, 1, MOST]


class CreditsCog(commands.Cog):
    """Tell members what they have."""

    def __init__(self, quota: QuotaService, blocks: Blocks) -> None:
        self._quota = quota
        self._blocks = blocks

    @app_commands.command(name="credits", description=locale_str("See how many credits you have left"))
    @app_commands.describe(member=locale_str("Somebody else; you if you leave it out"))
    @app_commands.guild_only()
    async def credits(self, interaction: Interaction, member: discord.Member | None = None) -> None:
        """Show a balance to the requester alone; that of somebody else to those who manage the server."""
        guild_id = guild_of(interaction)
        whose = member or interaction.user
        if whose.id != interaction.user.id:
            only_managers(interaction)
        await defer_private(interaction, open_to_blocked=True)
        other = None if whose.id == interaction.user.id else whose.id
        block = await self._blocks.find(guild_id, whose.id, roles_of(whose))
        balance = await self._quota.balance(guild_id, whose.id, roles_of(whose))
        await answer(interaction, join_sentences(blocked_note(block, other), replies.credits_balance(balance, other)))


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class QuotaCog(commands.GroupCog, group_name="quota", group_description=locale_str("Share the server's credits")):
    """Let those who manage the server share its credits; checked here too, because the menu can be overridden."""

    def __init__(self, quota: QuotaService, usage: UsageAnswer) -> None:
        self._quota = quota
        self._usage = usage
        super().__init__()

    async def interaction_check(self, interaction: Interaction) -> bool:
        """Let only those through who manage the server."""
        return only_managers(interaction)

    @app_commands.command(name="set", description=locale_str("Set what a member or a role gets in each period"))
    @app_commands.describe(target=locale_str("A member or a role"), credits=locale_str("How many credits; 0 blocks"))
    async def set_(self, interaction: Interaction, target: Target, credits: Amount) -> None:
        """Set the allowance of a member or a role, or of everyone."""
        guild_id = guild_of(interaction)
        _check_applies(interaction, target)
        await defer_private(interaction, open_to_blocked=True)
        if _is_everyone(target):
            in_force = await self._quota.set_default(guild_id, credits, by=interaction.user.id)
            await answer(interaction, texts.default_set(credits, in_force))
            return
        ended = await self._quota.set_allowance(guild_id, _subject(target), target.id, credits, interaction.user.id)
        await answer(interaction, texts.allowance_set(_subject(target), target.mention, credits, ended))

    @app_commands.command(name="clear", description=locale_str("Forget what was set for a member or a role"))
    @app_commands.describe(target=locale_str("A member or a role"))
    async def clear(self, interaction: Interaction, target: Target) -> None:
        """Forget the allowance of a member, also of one who has left, or a role, or what everyone gets."""
        guild_id = guild_of(interaction)
        await defer_private(interaction, open_to_blocked=True)
        if _is_everyone(target):
            was_set = await self._quota.clear_default(guild_id, interaction.user.id)
            report = await self._quota.usage(guild_id)
            await answer(interaction, texts.default_cleared(report.default, report.period, was_set=was_set))
            return
        was_set = await self._quota.clear_allowance(guild_id, _subject(target), target.id, interaction.user.id)
        await answer(interaction, texts.allowance_cleared(target.mention, was_set=was_set))

    @app_commands.command(name="default", description=locale_str("Set what every member gets"))
    @app_commands.describe(
        credits=locale_str("How many credits"), period=locale_str("How often they renew; as it was if you leave it out")
    )
    async def default(
        self,
        interaction: Interaction,
        credits: Amount,
        period: Literal["day", "week", "month", "never"] | None = None,
    ) -> None:
        """Set the server's default allowance and period."""
        guild_id = guild_of(interaction)
        await defer_private(interaction, open_to_blocked=True)
        renews = Period(period) if period else None
        in_force = await self._quota.set_default(guild_id, credits, renews, interaction.user.id)
        await answer(interaction, texts.default_set(credits, in_force))

    @app_commands.command(name="grant", description=locale_str("Give a member credits on top, for this period"))
    @app_commands.describe(member=locale_str("Who gets them"), credits=locale_str("How many"))
    async def grant(self, interaction: Interaction, member: discord.Member, credits: Gift) -> None:
        """Grant credits once, however often Discord repeats the request."""
        guild_id = guild_of(interaction)
        _check_applies(interaction, member)
        await defer_private(interaction, open_to_blocked=True)
        request_id, by = str(interaction.id), interaction.user.id
        balance = await self._quota.grant(guild_id, member.id, roles_of(member), credits, request_id, by)
        await answer(interaction, texts.granted(member.mention, credits, balance))

    @app_commands.command(name="usage", description=locale_str("See who spent what, with a chart and a table"))
    @app_commands.describe(period=locale_str("How far back: where credits last renewed if you leave it out"))
    async def usage(
        self, interaction: Interaction, period: Literal["day", "week", "month", "year"] | None = None
    ) -> None:
        """Show what was spent in the last days, or in this period."""
        await defer_private(interaction, open_to_blocked=True)
        await self._usage.show(interaction, Span(period) if period else None)


def _subject(target: Target) -> Source:
    return Source.ROLE if isinstance(target, discord.Role) else Source.MEMBER


def _is_everyone(target: Target) -> bool:
    return isinstance(target, discord.Role) and target.is_default()


def _check_applies(interaction: Interaction, target: Target) -> None:
    """Raise `NeverApplies` for whom no rule can ever meet."""
    if not isinstance(target, discord.Role):
        if target.bot:
            raise NeverApplies(target.mention, "bot")
        if not isinstance(target, discord.Member):
            raise NeverApplies(target.mention, "left")
        return
    if target.is_bot_managed():
        raise NeverApplies(target.mention, "bot_role")
    known = interaction.client.get_guild(target.guild.id)
    if known is not None and not known.unavailable and known.get_role(target.id) is None:
        raise NeverApplies(target.name, "role_gone")


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /credits and /quota."""
    await bot.add_cog(CreditsCog(use_cases.quotas, use_cases.blocks))
    await bot.add_cog(QuotaCog(use_cases.quotas, UsageAnswer(use_cases.quotas, use_cases.usage, use_cases.charts)))
