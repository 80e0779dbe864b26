"""/credits for everyone, /quota for those who manage the server."""

from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.domain.periods import Period
from bot.services.quotas import QuotaService
from bot.services.use_cases import UseCases
from bot.ui.interactions import (
    Interaction,
    answer,
    guild_of,
    only_managers,
    roles_of,
)
from bot.ui.text import replies

MOST = 1_000_000
"""Credits that an admin may set or grant at once."""

Amount = app_commands.Range[int, 0, MOST]
Gift = app_commands.Range[int, 1, MOST]


class CreditsCog(commands.Cog):
    """Tell members what they have."""

    def __init__(self, quota: QuotaService) -> None:
        self._quota = quota

    @app_commands.command(name="credits", description=locale_str("See how many credits you have left"))
    @app_commands.describe(member=locale_str("Somebody else; you if you leave it out"))
    @app_commands.guild_only()
    async def credits(self, interaction: Interaction, member: discord.Member | None = None) -> None:
        """Show a balance to the requester alone."""
        guild_id = guild_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        whose = member or interaction.user
        balance = await self._quota.balance(guild_id, whose.id, roles_of(whose))
        await answer(
            interaction, replies.credits_balance(balance, None if whose.id == interaction.user.id else whose.id)
        )


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class QuotaCog(commands.GroupCog, group_name="quota", group_description=locale_str("Share the server's credits")):
    """Let those who manage the server share its credits; checked here too, because the menu can be overridden."""

    def __init__(self, quota: QuotaService) -> None:
        self._quota = quota
        super().__init__()

    async def interaction_check(self, interaction: Interaction) -> bool:
        """Let only those through who manage the server."""
        return only_managers(interaction)

    @app_commands.command(name="set", description=locale_str("Set what a member or a role gets in each period"))
    @app_commands.describe(target=locale_str("A member or a role"), credits=locale_str("How many credits; 0 blocks"))
    async def set_(self, interaction: Interaction, target: discord.Member | discord.Role, credits: Amount) -> None:
        """Set the allowance of a member or a role."""
        guild_id = guild_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._quota.set_allowance(guild_id, _subject(target), target.id, credits)
        await answer(interaction, replies.quota_set(target.mention, credits))

    @app_commands.command(name="clear", description=locale_str("Forget what was set for a member or a role"))
    @app_commands.describe(target=locale_str("A member or a role"))
    async def clear(self, interaction: Interaction, target: discord.Member | discord.Role) -> None:
        """Forget the allowance of a member or a role."""
        guild_id = guild_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        was_set = await self._quota.clear_allowance(guild_id, _subject(target), target.id)
        await answer(interaction, replies.quota_cleared(target.mention, was_set=was_set))

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
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._quota.set_default(guild_id, credits, Period(period) if period else None)
        await answer(interaction, replies.quota_default(credits, period))

    @app_commands.command(name="grant", description=locale_str("Give a member credits on top, for this period"))
    @app_commands.describe(member=locale_str("Who gets them"), credits=locale_str("How many"))
    async def grant(self, interaction: Interaction, member: discord.Member, credits: Gift) -> None:
        """Grant credits once, however often Discord repeats the request."""
        guild_id = guild_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        balance = await self._quota.grant(guild_id, member.id, roles_of(member), credits, str(interaction.id))
        await answer(interaction, replies.quota_granted(member.mention, credits, balance.left))

    @app_commands.command(name="usage", description=locale_str("See who spent what in this period"))
    async def usage(self, interaction: Interaction) -> None:
        """List the period's spending."""
        guild_id = guild_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await answer(interaction, replies.quota_usage(*await self._quota.usage(guild_id)))


def _subject(target: discord.Member | discord.Role) -> str:
    return "role" if isinstance(target, discord.Role) else "member"


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /credits and /quota."""
    await bot.add_cog(CreditsCog(use_cases.quotas))
    await bot.add_cog(QuotaCog(use_cases.quotas))
