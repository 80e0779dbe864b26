"""Servers, members and roles, with the bot token."""

from __future__ import annotations

from typing import Any

from ..errors import ApiError, missing_access
from ..guilds import Guild
from ..routing import Call, RouteTable

table = RouteTable()


def _guild_of(call: Call) -> Guild:
    guild = call.world.guilds.get(call.id("guild_id"))
    if guild is None:
        raise ApiError(404, 10004, "Unknown Guild")
    if not guild.has_bot:
        raise missing_access()
    return guild


@table.on("GET", "/guilds/{guild_id}")
def get_guild(call: Call) -> Any:
    """Answer with a server."""
    guild = _guild_of(call)
    counts = {"approximate_member_count": len(guild.members), "approximate_presence_count": 0}
    return {**guild.to_json(), **(counts if call.flag("with_counts") else {})}


@table.on("GET", "/guilds/{guild_id}/channels")
def list_channels(call: Call) -> Any:
    """List a server's channels."""
    return [channel.to_json() for channel in _guild_of(call).channels]


@table.on("GET", "/guilds/{guild_id}/roles")
def list_roles(call: Call) -> Any:
    """List a server's roles."""
    return [role.to_json() for role in _guild_of(call).roles]


@table.on("GET", "/guilds/{guild_id}/roles/{role_id}")
def get_role(call: Call) -> Any:
    """Answer with one role."""
    role = next((role for role in _guild_of(call).roles if role.id == call.id("role_id")), None)
    if role is None:
        raise ApiError(404, 10011, "Unknown Role")
    return role.to_json()


@table.on("GET", "/guilds/{guild_id}/members/{user_id}")
def get_member(call: Call) -> Any:
    """Answer with one member."""
    member = _guild_of(call).members.get(call.id("user_id"))
    if member is None:
        known = call.id("user_id") in call.world.users
        raise ApiError(404, 10007, "Unknown Member") if known else ApiError(404, 10013, "Unknown User")
    return member.to_json()
