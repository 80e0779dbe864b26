"""Who may keep order: the one place that answers it, in code, whatever the menu of commands lets through.

A moderator has Manage Messages in the channel of a job, and for lists and members in the server; an admin has Manage
Server; who blocks others moderates the server and has Moderate Members too.
"""

import asyncio
import logging
from typing import Literal

import discord
from discord import app_commands

from bot.domain.job import Job
from bot.errors import CannotBlock, DatabaseError
from bot.services.requests import DeferredReply
from bot.ui.interactions import FORM_SECONDS, Interaction, check_own_block, defer_private, defer_update, guild_of

log = logging.getLogger(__name__)

GONE = (10003, 50001)
"""Discord's codes for a channel that was deleted, or that the bot cannot see."""


def manages_server(interaction: Interaction) -> bool:
    """Tell whether who asks is an admin: no channel's rules change that permission."""
    return interaction.permissions.manage_guild or interaction.permissions.administrator


def moderates_server(interaction: Interaction) -> bool:
    """Tell whether who asks moderates the whole server; what they may do in one channel says nothing of another."""
    member = interaction.user
    if interaction.permissions.administrator:
        return True
    return isinstance(member, discord.Member) and member.guild_permissions.manage_messages


def may_block(interaction: Interaction) -> bool:
    """Tell whether who asks may block members: they moderate the server, and have Moderate Members."""
    held = interaction.permissions
    return moderates_server(interaction) and (held.moderate_members or held.administrator)


async def defer_to_moderator(interaction: Interaction) -> DeferredReply:
    """Promise a private answer to who keeps order; then raise `Blocked` for those who are blocked themselves.

    An allowance of 0 that is a role's or everybody's keeps nobody from that, nor anything an admin.
    """
    reply = await defer_private(interaction, open_to_blocked=True)
    await _check_keeper(interaction)
    return reply


async def update_for_moderator(interaction: Interaction) -> None:
    """Answer who keeps order that the message of a button is to change, and check them in the same way."""
    await defer_update(interaction, open_to_blocked=True)
    await _check_keeper(interaction)


async def check_moderator_in_time(interaction: Interaction) -> None:
    """Check them before a form, which is the first answer itself; what comes of it is checked again."""
    try:
        async with asyncio.timeout(FORM_SECONDS):
            await _check_keeper(interaction)
    except (TimeoutError, DatabaseError) as error:
        log.warning("interaction %s: nobody knows in time who is blocked: %r", interaction.id, error)


async def moderates_channel(interaction: Interaction, channel_id: int) -> bool:
    """Tell whether who asks moderates a channel of their server; of one that is gone, who moderates the server does."""
    if interaction.channel_id == channel_id:
        # What the payload says holds in a private thread too.
        return interaction.permissions.manage_messages or interaction.permissions.administrator
    channel = await channel_of(interaction, channel_id)
    if channel is None:
        return moderates_server(interaction)
    may = permissions_in(interaction, channel)
    return may is not None and may.view_channel and may.manage_messages


async def moderates_job(interaction: Interaction, job: Job) -> bool:
    """Tell whether who asks moderates a job of their server: where it was asked for, or where its card is now."""
    if job.guild_id != interaction.guild_id:
        return False
    for channel_id in dict.fromkeys((job.asked_channel_id, job.channel_id)):
        if await moderates_channel(interaction, channel_id):
            return True
    return False


def only_managers(interaction: Interaction) -> bool:
    """Let admins through, raise `MissingPermissions` for all others."""
    guild_of(interaction)
    return _require("manage_server", has=manages_server(interaction))


def only_moderators(interaction: Interaction) -> bool:
    """Let those through who moderate the server, raise `MissingPermissions` for all others."""
    guild_of(interaction)
    return _require("manage_messages", has=moderates_server(interaction))


def only_blockers(interaction: Interaction) -> bool:
    """Let those through who may block members, raise `MissingPermissions` for all others."""
    only_moderators(interaction)
    return _require("moderate_members", has=may_block(interaction))


def check_blockable(interaction: Interaction, target: discord.Member | discord.User) -> None:
    """Raise `CannotBlock` for whom nobody may block."""
    if (why := _not_blockable(interaction, target)) is not None:
        raise CannotBlock(target.mention, why)


def _not_blockable(
    interaction: Interaction, target: discord.Member | discord.User
) -> Literal["bot", "yourself", "left", "owner", "admin"] | None:
    if target.bot:
        return "bot"
    if target.id == interaction.user.id:
        return "yourself"
    if not isinstance(target, discord.Member):
        return "left"
    if target.id == target.guild.owner_id:
        return "owner"
    # As the payload says: the cache may lack roles, after a start or an outage.
    held = target.resolved_permissions or target.guild_permissions
    return "admin" if held.manage_guild or held.administrator else None


def permissions_in(
    interaction: Interaction, channel: discord.abc.GuildChannel | discord.Thread
) -> discord.Permissions | None:
    """Give what who asks may do in another channel than theirs; None where they may not even see it.

    Whether they belong to a private thread is not known: from elsewhere, only who manages threads sees it.
    """
    member = interaction.user
    if not isinstance(member, discord.Member) or (isinstance(channel, discord.Thread) and channel.parent is None):
        return None
    may = channel.permissions_for(member)
    if isinstance(channel, discord.Thread) and channel.is_private() and not may.manage_threads:
        return None
    return may


async def channel_of(interaction: Interaction, channel_id: int) -> discord.abc.GuildChannel | discord.Thread | None:
    """Find a channel, archived threads included; None when the bot sees none."""
    guild = interaction.guild
    known = guild.get_channel_or_thread(channel_id) if guild is not None else None
    if known is not None:
        return known
    try:
        found = await interaction.client.fetch_channel(channel_id)
    except discord.HTTPException as error:
        if error.code in GONE:
            return None
        raise
    return found if isinstance(found, discord.abc.GuildChannel | discord.Thread) else None


async def _check_keeper(interaction: Interaction) -> None:
    if not manages_server(interaction):
        await check_own_block(interaction)


def _require(permission: str, *, has: bool) -> bool:
    if not has:
        raise app_commands.MissingPermissions([permission])
    return True
