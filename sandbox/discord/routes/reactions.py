"""Reactions to messages, with the bot token."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.discord.accounts import Account
from sandbox.discord.errors import ApiError
from sandbox.discord.json_types import as_id
from sandbox.discord.messages import Message
from sandbox.discord.permissions import Permission
from sandbox.discord.reaction_writes import add_reaction, check_emoji, remove_reaction, remove_reactions
from sandbox.discord.routes.access import channel_of, message_of, require
from sandbox.discord.routing import Call, endpoint

table = web.RouteTableDef()

MESSAGE = "/channels/{channel_id}/messages/{message_id}"

USUAL_PAGE = 25
"""How many people are listed where nobody says how many."""


@table.route("PUT", MESSAGE + "/reactions/{emoji_name}/@me")
@endpoint
def add_own(call: Call) -> Any:
    """React as the bot."""
    add_reaction(call.world, _message(call), call.world.bot_user, _emoji(call))


@table.route("DELETE", MESSAGE + "/reactions/{emoji_name}/@me")
@endpoint
def remove_own(call: Call) -> Any:
    """Take the bot's own reaction away."""
    me = call.world.bot_user
    remove_reaction(call.world, _message(call), me, me, _emoji(call))


@table.route("DELETE", MESSAGE + "/reactions/{emoji_name}/{user_id}")
@endpoint
def remove_of_user(call: Call) -> Any:
    """Take somebody's reaction away."""
    user = call.world.users.get(call.id("user_id"))
    if user is None:
        raise ApiError(404, 10013, "Unknown User")
    remove_reaction(call.world, _message(call), call.world.bot_user, user, _emoji(call))


@table.route("GET", MESSAGE + "/reactions/{emoji_name}")
@endpoint
def list_users(call: Call) -> Any:
    """List who reacted with an emoji, by their ids; nobody gives the reactions that cost money at Discord."""
    message = _message(call)
    require(call, message.channel, Permission.READ_MESSAGE_HISTORY)
    emoji = _emoji(call)
    check_emoji(emoji)
    after, limit = as_id(call.query.get("after")) or 0, as_id(call.query.get("limit")) or USUAL_PAGE
    users: list[Account] = [] if call.query.get("type") == "1" else message.reactions.users(emoji)
    return [user.to_json() for user in users if user.id > after][:limit]


@table.route("DELETE", MESSAGE + "/reactions/{emoji_name}")
@endpoint
def remove_all_of_emoji(call: Call) -> Any:
    """Take all reactions with an emoji away."""
    remove_reactions(call.world, _message(call), call.world.bot_user, _emoji(call))


@table.route("DELETE", MESSAGE + "/reactions")
@endpoint
def remove_all(call: Call) -> Any:
    """Take all reactions away."""
    remove_reactions(call.world, _message(call), call.world.bot_user)


def _message(call: Call) -> Message:
    return message_of(call, channel_of(call))


def _emoji(call: Call) -> str:
    return call.parameters["emoji_name"]
