"""/info: how a member stands in the server."""

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client import Animatic
from bot.services.blocks import Blocks
from bot.services.quotas import QuotaService
from bot.services.usage import UsageOverview
from bot.services.use_cases import UseCases
from bot.ui.interactions import Interaction, answer, defer_private, guild_of, roles_of
from bot.ui.permissions import defer_to_moderator, manages_server, only_moderators
from bot.ui.text import member_info as text
from bot.ui.text.account_errors import blocked_note


class InfoCog(commands.Cog):
    """Tell members, and those who keep order, how somebody stands."""

    def __init__(self, quota: QuotaService, overview: UsageOverview, blocks: Blocks) -> None:
        self._quota = quota
        self._overview = overview
        self._blocks = blocks

    @app_commands.command(
        name="info", description=locale_str("See what you have under way, and what you made and spent so far")
    )
    @app_commands.describe(member=locale_str("Somebody else, for moderators; you if you leave it out"))
    @app_commands.guild_only()
    async def info(self, interaction: Interaction, member: discord.Member | discord.User | None = None) -> None:
        """Tell the requester alone; of others moderators, of their credits those who manage the server."""
        guild_id = guild_of(interaction)
        whose = member or interaction.user
        is_own = whose.id == interaction.user.id
        if not is_own:
            only_moderators(interaction)
        await (defer_private if is_own else defer_to_moderator)(interaction)
        found = await self._overview.of_member(guild_id, whose.id)
        balance = None
        if is_own or manages_server(interaction):
            balance = await self._quota.balance(guild_id, whose.id, roles_of(whose))
        other = None if is_own else whose.id
        blocked = "" if is_own else blocked_note(await self._blocks.find(guild_id, whose.id, roles_of(whose)), other)
        await answer(interaction, text.info(found, balance, other, blocked))


async def setup(bot: Animatic, use_cases: UseCases) -> None:
    """Add /info."""
    await bot.add_cog(InfoCog(use_cases.quotas, use_cases.usage, use_cases.blocks))
