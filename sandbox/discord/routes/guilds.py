"""Servers, members and roles, with the bot token."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.discord.errors import ApiError, missing_access
from sandbox.discord.guilds import Guild
from sandbox.discord.json_types import as_id
from sandbox.discord.routing import Call, endpoint

table = web.RouteTableDef()

MY_GUILDS = 200
"""Servers that are listed at once unless fewer are asked for."""


def _guild_of(call: Call) -> Guild:
    guild = call.world.guilds.get(call.id("guild_id"))
    if guild is None:
        raise ApiError(404, 10004, "Unknown Guild")
    if not guild.has_bot:
        raise missing_access()
    return guild


@table.route("GET", "/users/@me/guilds")
@endpoint
def list_my_guilds(call: Call) -> Any:
    """List the bot's servers by id, each with what its roles allow there, before any channel's overwrites."""
    world = call.world
    joined = sorted((guild for guild in world.guilds.values() if guild.has_bot), key=lambda guild: guild.id)
    after, before = as_id(call.query.get("after")), as_id(call.query.get("before"))
    limit = as_id(call.query.get("limit")) or MY_GUILDS
    if after is None and before is not None:
        listed = [guild for guild in joined if guild.id < before][-limit:]
    else:
        listed = [guild for guild in joined if guild.id > (after or 0)][:limit]
    return [
        {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": guild.owner is world.bot_user,
            "permissions": str(int(guild.members[world.bot_user.id].permissions)),
            "features": [],
        }
        for guild in listed
    ]


@table.route("GET", "/guilds/{guild_id}")
@endpoint
def get_guild(call: Call) -> Any:
    """Answer with a server."""
    guild = _guild_of(call)
    counts = {"approximate_member_count": len(guild.members), "approximate_presence_count": 0}
    return {**guild.to_json(), **(counts if call.flag("with_counts") else {})}


@table.route("GET", "/guilds/{guild_id}/channels")
@endpoint
def list_channels(call: Call) -> Any:
    """List a server's channels."""
    return [channel.to_json() for channel in _guild_of(call).channels]


@table.route("GET", "/guilds/{guild_id}/roles")
@endpoint
def list_roles(call: Call) -> Any:
    """List a server's roles."""
    return [role.to_json() for role in _guild_of(call).roles]


@table.route("GET", "/guilds/{guild_id}/roles/{role_id}")
@endpoint
def get_role(call: Call) -> Any:
    """Answer with one role."""
    role = next((role for role in _guild_of(call).roles if role.id == call.id("role_id")), None)
    if role is None:
        raise ApiError(404, 10011, "Unknown Role")
    return role.to_json()


@table.route("GET", "/guilds/{guild_id}/members/{user_id}")
@endpoint
def get_member(call: Call) -> Any:
    """Answer with one member."""
    member = _guild_of(call).members.get(call.id("user_id"))
    if member is None:
        known = call.id("user_id") in call.world.users
        raise ApiError(404, 10007, "Unknown Member") if known else ApiError(404, 10013, "Unknown User")
    return member.to_json()
