"""Whom a message pings (docs/resources/message, Allowed Mentions Object)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.discord.json_types import Json, as_id, as_list, as_object
from sandbox.discord.permissions import Permission

if TYPE_CHECKING:
    from sandbox.discord.channels import AnyChannel
    from sandbox.discord.guilds import Role
    from sandbox.discord.users import User
    from sandbox.discord.world import World

_USER = re.compile(r"<@!?(\d{1,20})>")
_ROLE = re.compile(r"<@&(\d{1,20})>")
_EVERYONE = re.compile(r"@(everyone|here)\b")


@dataclass
class Pinged:
    """Those who get a notification."""

    users: list[User] = field(default_factory=list["User"])
    roles: list[Role] = field(default_factory=list["Role"])
    everyone: bool = False

    def __bool__(self) -> bool:
        return bool(self.users or self.roles or self.everyone)


def named_users(world: World, text: str) -> list[User]:
    """Return the accounts that a text mentions, each once."""
    found = (world.users.get(int(match)) for match in _USER.findall(text))
    return list(dict.fromkeys(user for user in found if user))


def named_roles(channel: AnyChannel, text: str) -> list[Role]:
    """Return the roles of the channel's server that a text mentions, each once."""
    roles = {role.id: role for role in channel.guild.roles} if channel.guild else {}
    found = (roles.get(int(match)) for match in _ROLE.findall(text))
    return list(dict.fromkeys(role for role in found if role))


def pinged(
    world: World, channel: AnyChannel, author: User, text: str, allowed: object, replied_to: User | None
) -> Pinged:
    """Work out who is pinged; `allowed` is the allowed_mentions object, or None for everybody who is mentioned.

    Code spans and escapes are not taken out: a mention inside them counts here.
    """
    rules: Json | None = None if allowed is None else as_object(allowed)
    result = Pinged()
    permissions = channel.permissions_of(author)
    for user in named_users(world, text):
        if _allows(rules, "users", user.id):
            result.users.append(user)
    for role in named_roles(channel, text):
        if _allows(rules, "roles", role.id) and (role.mentionable or permissions & Permission.MENTION_EVERYONE):
            result.roles.append(role)
    everyone = rules is None or "everyone" in as_list(rules.get("parse"))
    result.everyone = bool(everyone and permissions & Permission.MENTION_EVERYONE and _EVERYONE.search(text))
    if replied_to and replied_to not in result.users and (rules is None or rules.get("replied_user")):
        result.users.append(replied_to)
    return result


def _allows(rules: Json | None, kind: str, wanted: int) -> bool:
    if rules is None or kind in as_list(rules.get("parse")):
        return True
    return wanted in [as_id(item) for item in as_list(rules.get(kind))]
