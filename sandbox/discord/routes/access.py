"""What the bot may reach with its token."""

from __future__ import annotations

from sandbox.discord.channels import DirectChannel, Thread
from sandbox.discord.errors import (
    ApiError,
    missing_access,
    missing_permissions,
    thread_is_archived,
    unknown_channel,
    unknown_message,
)
from sandbox.discord.guild_members import UPLOAD_LIMITS
from sandbox.discord.messages import Channel, Message
from sandbox.discord.permissions import Permission
from sandbox.discord.routing import Call


def channel_of(call: Call) -> Channel:
    """Return the channel of the path if the bot sees it."""
    channel = call.world.channels.get(call.id("channel_id"))
    if channel is None or channel.deleted:
        raise unknown_channel()
    if not channel.permissions_of(call.world.bot_user) & Permission.VIEW_CHANNEL:
        raise missing_access()
    return channel


def message_of(call: Call, channel: Channel) -> Message:
    """Return the message of the path; the bot token never reaches an ephemeral one."""
    message = channel.history.get(call.id("message_id"))
    if message is None or message.deleted or message.ephemeral:
        raise unknown_message()
    return message


def require(call: Call, channel: Channel, permission: Permission) -> None:
    """Raise 403 / 50013 where the bot lacks a permission."""
    if not channel.permissions_of(call.world.bot_user) & permission:
        raise missing_permissions()


def require_writing(call: Call, channel: Channel) -> None:
    """Raise where the bot may not send: 403 / 50013, 50083 in a locked thread, 50007 to who takes nothing from it."""
    if isinstance(channel, DirectChannel) and channel.closed:
        raise ApiError(403, 50007, "Cannot send messages to this user")
    if not channel.may_write(channel.permissions_of(call.world.bot_user)):
        raise missing_permissions()
    require_unlocked(call, channel)


def require_unlocked(call: Call, channel: Channel) -> None:
    """Raise 403 / 50083 in a thread that the bot cannot wake up."""
    permissions = channel.permissions_of(call.world.bot_user)
    if isinstance(channel, Thread) and channel.locked and not permissions & Permission.MANAGE_THREADS:
        raise thread_is_archived(403)


def require_active(channel: Channel) -> None:
    """Raise 400 / 50083 in an archived thread."""
    if isinstance(channel, Thread) and channel.archived:
        raise thread_is_archived(400)


def may_attach(call: Call, channel: Channel) -> bool:
    """Whether the bot may attach files here."""
    return bool(channel.permissions_of(call.world.bot_user) & Permission.ATTACH_FILES)


def upload_limit(channel: Channel) -> int:
    """Bytes per file for uploads with the bot token: the server's boost tier decides."""
    return channel.guild.upload_limit if channel.guild else UPLOAD_LIMITS[0]
