"""Who is in a server, and what their roles allow there."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.discord.accounts import Account
from sandbox.discord.json_types import Json, timestamp
from sandbox.discord.permissions import ALL, EVERYONE, NOTHING, Permission
from sandbox.discord.world_context import WorldContext

MIB = 1024 * 1024
UPLOAD_LIMITS = (10 * MIB, 10 * MIB, 50 * MIB, 100 * MIB)
"""Bytes per file by boost tier."""

GUILDS_INTENT = 1 << 0
GUILD_MEMBERS_INTENT = 1 << 1


@dataclass(eq=False)
class Role:
    """A role of one server; the one with the server's own id is @everyone."""

    guild: GuildMembers
    id: int
    name: str
    permissions: Permission
    position: int
    mentionable: bool = False
    managed: bool = False
    color: int = 0
    """0xRRGGBB; 0 is none."""

    @property
    def mention(self) -> str:
        """The text that mentions this role."""
        return f"<@&{self.id}>"

    def set_permissions(self, permissions: Permission) -> None:
        """Change what the role allows."""
        self.permissions = permissions
        self.guild.emit("GUILD_ROLE_UPDATE", {"guild_id": str(self.guild.id), "role": self.to_json()})

    def to_json(self) -> Json:
        """Write the role object."""
        bots: Json = {"tags": {"bot_id": str(self.guild.world.bot_user.id)}} if self.managed else {}
        return {
            **bots,
            "id": str(self.id),
            "name": self.name,
            "description": None,
            "color": self.color,
            "colors": {"primary_color": self.color, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "icon": None,
            "unicode_emoji": None,
            "position": self.position,
            "permissions": str(int(self.permissions)),
            "managed": self.managed,
            "mentionable": self.mentionable,
            "flags": 0,
        }


@dataclass(eq=False)
class Member:
    """An account's membership of one server."""

    guild: GuildMembers
    user: Account
    joined_at: float
    roles: list[Role] = field(default_factory=list["Role"])
    nick: str | None = None

    @property
    def permissions(self) -> Permission:
        """What the roles allow, before any channel's overwrites."""
        if self.guild.owner is self.user:
            return ALL
        total = self.guild.everyone.permissions
        for role in self.roles:
            total |= role.permissions
        return ALL if total & Permission.ADMINISTRATOR else total

    def give(self, *roles: Role) -> None:
        """Add roles."""
        self.roles += [role for role in roles if role not in self.roles]
        self._updated()

    def take(self, *roles: Role) -> None:
        """Remove roles."""
        self.roles = [role for role in self.roles if role not in roles]
        self._updated()

    def _updated(self) -> None:
        payload = {"guild_id": str(self.guild.id), **self.to_json()}
        self.guild.emit("GUILD_MEMBER_UPDATE", payload, GUILD_MEMBERS_INTENT)

    def to_json(self, *, with_user: bool = True) -> Json:
        """Write the guild member object."""
        body: Json = {
            "nick": self.nick,
            "avatar": None,
            "banner": None,
            "roles": [str(role.id) for role in self.roles],
            "joined_at": timestamp(self.joined_at),
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
            "communication_disabled_until": None,
        }
        if with_user:
            body["user"] = self.user.to_json()
        return body


class GuildMembers:
    """The owner, members and roles of a server; `guilds.Guild` adds its channels."""

    def __init__(
        self, world: WorldContext, name: str, *, guild_id: int, owner: Account, tier: int, locale: str
    ) -> None:
        self.world = world
        self.id = guild_id
        self.name = name
        self.owner = owner
        self.tier = tier
        self.locale = locale
        self.members: dict[int, Member] = {}
        self.everyone = Role(self, self.id, "@everyone", EVERYONE, 0)
        self.roles: list[Role] = [self.everyone]
        self.join(owner)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r} {self.id}>"

    @property
    def upload_limit(self) -> int:
        """Bytes per file that the boost tier allows."""
        return UPLOAD_LIMITS[self.tier]

    @property
    def has_bot(self) -> bool:
        """Whether the bot is a member."""
        return self.world.bot_user.id in self.members

    def join(self, user: Account, *, roles: list[Role] | None = None) -> Member:
        """Make a person a member, or give a member more roles."""
        if existing := self.members.get(user.id):
            existing.give(*(roles or []))
            return existing
        member = Member(self, user, self.world.now(), list(roles or []))
        self.members[user.id] = member
        self.emit("GUILD_MEMBER_ADD", {"guild_id": str(self.id), **member.to_json()}, GUILD_MEMBERS_INTENT)
        return member

    def leave(self, user: Account) -> None:
        """End a membership; the bot's own end is `remove_bot`."""
        if self.members.pop(user.id, None):
            payload = {"guild_id": str(self.id), "user": user.to_json()}
            self.emit("GUILD_MEMBER_REMOVE", payload, GUILD_MEMBERS_INTENT)

    def role(self, name: str, permissions: Permission = NOTHING, *, mentionable: bool = False, color: int = 0) -> Role:
        """Create a role."""
        role = Role(self, self.world.ids.next(), name, permissions, len(self.roles), mentionable, color=color)
        self.roles.append(role)
        self.emit("GUILD_ROLE_CREATE", {"guild_id": str(self.id), "role": role.to_json()})
        return role

    def emit(self, event: str, payload: Json, intent: int = GUILDS_INTENT) -> None:
        """Tell the bot, if it is a member, and the observers."""
        if self.has_bot:
            self.world.emit(event, payload, guild_id=self.id, intent=intent)
        self.world.guild_changed()
