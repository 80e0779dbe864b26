"""Whom a message pings (docs/resources/message, Allowed Mentions Object)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.discord.accounts import Account
from sandbox.discord.guild_members import GuildMembers, Role
from sandbox.discord.json_types import Json, as_id, as_list, as_object
from sandbox.discord.permissions import Permission

_USER = re.compile(r"<@!?(\d{1,20})>")
_ROLE = re.compile(r"<@&(\d{1,20})>")
_EVERYONE = re.compile(r"@(everyone|here)\b")


@dataclass
class Pinged:
    """Those who get a notification."""

    users: list[Account] = field(default_factory=list[Account])
    roles: list[Role] = field(default_factory=list[Role])
    everyone: bool = False

    def __bool__(self) -> bool:
        return bool(self.users or self.roles or self.everyone)


def mentioned_users(users: Mapping[int, Account], text: str) -> list[Account]:
    """Return the accounts that a text mentions, each once."""
    found = (users.get(int(match)) for match in _USER.findall(text))
    return list(dict.fromkeys(user for user in found if user))


def mentioned_roles(guild: GuildMembers | None, text: str) -> list[Role]:
    """Return the roles of a server that a text mentions, each once."""
    roles = {role.id: role for role in guild.roles} if guild else {}
    found = (roles.get(int(match)) for match in _ROLE.findall(text))
    return list(dict.fromkeys(role for role in found if role))


@dataclass(frozen=True)
class MentionRules:
    """What decides whom a text pings; `allowed` is the allowed_mentions object, None for everybody it mentions."""

    allowed: object
    author_permissions: Permission
    replied_to: Account | None


def pinged_by(text: str, rules: MentionRules, users: Mapping[int, Account], guild: GuildMembers | None) -> Pinged:
    """Work out who is pinged.

    Code spans and escapes are not taken out: a mention inside them counts here.
    """
    allowed: Json | None = None if rules.allowed is None else as_object(rules.allowed)
    may_mention_everyone = bool(rules.author_permissions & Permission.MENTION_EVERYONE)
    result = Pinged()
    for user in mentioned_users(users, text):
        if _allows(allowed, "users", user.id):
            result.users.append(user)
    for role in mentioned_roles(guild, text):
        if _allows(allowed, "roles", role.id) and (role.mentionable or may_mention_everyone):
            result.roles.append(role)
    everyone = allowed is None or "everyone" in as_list(allowed.get("parse"))
    result.everyone = bool(everyone and may_mention_everyone and _EVERYONE.search(text))
    replied_to = rules.replied_to
    if replied_to and replied_to not in result.users and (allowed is None or allowed.get("replied_user")):
        result.users.append(replied_to)
    return result


def _allows(allowed: Json | None, kind: str, wanted: int) -> bool:
    if allowed is None or kind in as_list(allowed.get("parse")):
        return True
    return wanted in [as_id(item) for item in as_list(allowed.get(kind))]
