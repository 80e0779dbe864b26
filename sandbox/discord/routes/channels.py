"""Channels and their messages, with the bot token."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.discord.attachments import MessagePayload
from sandbox.discord.channels import Thread
from sandbox.discord.errors import ApiError, FormError
from sandbox.discord.json_types import Json, as_id, as_object
from sandbox.discord.message_writes import edit_content, write_content
from sandbox.discord.messages import REPLY, Channel, Message
from sandbox.discord.permissions import Permission
from sandbox.discord.rate_limits import check_old_edit
from sandbox.discord.routes.access import (
    channel_of,
    may_attach,
    message_of,
    require,
    require_active,
    require_writing,
    upload_limit,
)
from sandbox.discord.routing import Call, endpoint

table = web.RouteTableDef()


@table.route("GET", "/channels/{channel_id}")
@endpoint
def get_channel(call: Call) -> Any:
    """Answer with a channel or thread."""
    return channel_of(call).to_json()


@table.route("PATCH", "/channels/{channel_id}")
@endpoint
def modify_thread(call: Call) -> Any:
    """Archive a thread or bring it back, which takes no more than writing does as long as it is not locked."""
    channel = channel_of(call)
    if not isinstance(channel, Thread) or set(call.body) - {"archived"}:
        raise FormError({"channel_id": "Only a thread's archived can be changed here."})
    if call.body.get("archived") is False:
        require_writing(call, channel)
        channel.unarchive()
    else:
        require(call, channel, Permission.MANAGE_THREADS)
        channel.archive(locked=channel.locked)
    return channel.to_json()


@table.route("POST", "/channels/{channel_id}/typing")
@endpoint
def trigger_typing(call: Call) -> Any:
    """Show that the bot is typing."""
    require_writing(call, channel_of(call))


@table.route("POST", "/channels/{channel_id}/messages")
@endpoint
def create_message(call: Call) -> Any:
    """Send a message, once for each enforced nonce."""
    channel = channel_of(call)
    require_writing(call, channel)
    nonce = call.body.get("nonce")
    enforced = bool(call.body.get("enforce_nonce")) and nonce is not None
    if enforced and (existing := call.world.sent_with_nonce(channel, nonce)):
        return existing.to_json()
    reference = _reference(call, channel)
    message = Message(
        call.world, channel, call.world.bot_user, kind=REPLY if reference else 0, reference=reference, nonce=nonce
    )
    write_content(message, _payload(call, channel))
    if enforced:
        call.world.remember_nonce(message, nonce)
    call.world.publish(message)
    return message.to_json()


@table.route("GET", "/channels/{channel_id}/messages")
@endpoint
def list_messages(call: Call) -> Any:
    """List messages, newest first, before, after or around another."""
    channel = channel_of(call)
    if not channel.permissions_of(call.world.bot_user) & Permission.READ_MESSAGE_HISTORY:
        return []
    limit = as_id(call.query.get("limit", "50"))
    if limit is None or not 1 <= limit <= 100:
        raise FormError({"limit": "Must be between 1 and 100."})
    messages = channel.messages
    if (before := as_id(call.query.get("before"))) is not None:
        messages = [message for message in messages if message.id < before]
    elif (after := as_id(call.query.get("after"))) is not None:
        messages = [message for message in messages if message.id > after][:limit]
    elif (around := as_id(call.query.get("around"))) is not None:
        older = [message for message in messages if message.id < around]
        newer = [message for message in messages if message.id >= around]
        messages = older[max(0, len(older) - limit // 2) :] + newer[: limit - limit // 2]
    return [_as_seen(call, message) for message in reversed(messages[-limit:])]


@table.route("GET", "/channels/{channel_id}/messages/{message_id}")
@endpoint
def get_message(call: Call) -> Any:
    """Answer with one message."""
    channel = channel_of(call)
    require(call, channel, Permission.READ_MESSAGE_HISTORY)
    return _as_seen(call, message_of(call, channel))


@table.route("PATCH", "/channels/{channel_id}/messages/{message_id}")
@endpoint
def edit_message(call: Call) -> Any:
    """Edit one of the bot's own messages."""
    channel = channel_of(call)
    message = message_of(call, channel)
    if message.author is not call.world.bot_user:
        raise ApiError(403, 50005, "Cannot edit a message authored by another user")
    require_active(channel)
    check_old_edit(message)
    edit_content(message, _payload(call, channel))
    call.world.republish(message)
    return message.to_json()


@table.route("DELETE", "/channels/{channel_id}/messages/{message_id}")
@endpoint
def delete_message(call: Call) -> Any:
    """Delete a message."""
    channel = channel_of(call)
    message = message_of(call, channel)
    if message.author is not call.world.bot_user:
        require(call, channel, Permission.MANAGE_MESSAGES)
    require_active(channel)
    call.world.delete(message)


def _as_seen(call: Call, message: Message) -> Json:
    """Show a message to an application that has no message content intent."""
    payload = message.to_json()
    return call.world.without_content(message, payload) or payload


def _payload(call: Call, channel: Channel) -> MessagePayload:
    return MessagePayload(call.body, call.uploads, upload_limit(channel), may_attach(call, channel))


def _reference(call: Call, channel: Channel) -> Message | None:
    wanted = as_object(call.body.get("message_reference"))
    if not wanted:
        return None
    require(call, channel, Permission.READ_MESSAGE_HISTORY)
    message = channel.history.get(as_id(wanted.get("message_id")) or 0)
    if message is not None and not message.deleted and not message.ephemeral:
        return message
    if wanted.get("fail_if_not_exists") is False:
        return None
    raise ApiError(400, 50035, "Invalid Form Body: message_reference: Unknown message")
