"""Servers, their roles and their members."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.discord.channels import TextChannel
from sandbox.discord.json_types import Json, timestamp
from sandbox.discord.permissions import (
    ALL,
    EVERYONE,
    NOTHING,
    Overwrite,
    Permission,
)

if TYPE_CHECKING:
    from sandbox.discord.users import User
    from sandbox.discord.world import World

MIB = 1024 * 1024
UPLOAD_LIMITS = (10 * MIB, 10 * MIB, 50 * MIB, 100 * MIB)
"""Bytes per file by boost tier."""

GUILDS = 1 << 0
GUILD_MEMBERS = 1 << 1


@dataclass(eq=False)
class Role:
    """A role of one server; the one with the server's own id is @everyone."""

    guild: Guild
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
        return {
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

    guild: Guild
    user: User
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
        self.guild.emit("GUILD_MEMBER_UPDATE", payload, GUILD_MEMBERS)

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


class Guild:
    """A server."""

    def __init__(self, world: World, name: str, *, guild_id: int, owner: User, tier: int, locale: str) -> None:
        self.world = world
        self.id = guild_id
        self.name = name
        self.owner = owner
        self.tier = tier
        self.locale = locale
        self.members: dict[int, Member] = {}
        self.everyone = Role(self, self.id, "@everyone", EVERYONE, 0)
        self.roles: list[Role] = [self.everyone]
        self.channels: list[TextChannel] = []
        self.bot_role: Role | None = None
        self._denied_to_bot = NOTHING
        self.join(owner)

    def __repr__(self) -> str:
        return f"<Guild {self.name!r} {self.id}>"

    @property
    def upload_limit(self) -> int:
        """Bytes per file that the boost tier allows."""
        return UPLOAD_LIMITS[self.tier]

    @property
    def has_bot(self) -> bool:
        """Whether the bot is a member."""
        return self.world.bot_user.id in self.members

    def join(self, user: User, *, roles: list[Role] | None = None) -> Member:
        """Make a person a member, or give a member more roles."""
        if existing := self.members.get(user.id):
            existing.give(*(roles or []))
            return existing
        member = Member(self, user, self.world.now(), list(roles or []))
        self.members[user.id] = member
        self.emit("GUILD_MEMBER_ADD", {"guild_id": str(self.id), **member.to_json()}, GUILD_MEMBERS)
        return member

    def leave(self, user: User) -> None:
        """End a membership; the bot's own end is `remove_bot`."""
        if self.members.pop(user.id, None):
            payload = {"guild_id": str(self.id), "user": user.to_json()}
            self.emit("GUILD_MEMBER_REMOVE", payload, GUILD_MEMBERS)

    def join_bot(self) -> None:
        """Invite the bot: it becomes a member with a role of its own and is told of the server."""
        bot = self.world.bot_user
        self.bot_role = Role(self, self.world.ids.next(), bot.name, EVERYONE, len(self.roles), managed=True)
        self.roles.append(self.bot_role)
        self.members[bot.id] = Member(self, bot, self.world.now(), [self.bot_role])
        self.emit("GUILD_CREATE", self.to_gateway_json())

    def remove_bot(self) -> None:
        """Remove the bot: it is told, and loses its access."""
        self.emit("GUILD_DELETE", {"id": str(self.id)})
        self.members.pop(self.world.bot_user.id, None)
        if self.bot_role:
            self.roles.remove(self.bot_role)
            self.bot_role = None

    def role(self, name: str, permissions: Permission = NOTHING, *, mentionable: bool = False, color: int = 0) -> Role:
        """Create a role."""
        role = Role(self, self.world.ids.next(), name, permissions, len(self.roles), mentionable, color=color)
        self.roles.append(role)
        self.emit("GUILD_ROLE_CREATE", {"guild_id": str(self.id), "role": role.to_json()})
        return role

    def set_bot_permissions(self, permissions: Permission) -> None:
        """Let the bot do exactly this: its role allows it, every channel denies it what @everyone has beyond."""
        if self.bot_role is None:
            raise ValueError("the bot is not a member")
        self.bot_role.set_permissions(permissions)
        self._denied_to_bot = self.everyone.permissions & ~permissions
        for channel in self.channels:
            self._deny_to_bot(channel)

    def _deny_to_bot(self, channel: TextChannel) -> None:
        if self._denied_to_bot or self.world.bot_user.id in channel.overwrites:
            channel.set_overwrite(self.world.bot_user, deny=self._denied_to_bot)

    def text_channel(
        self,
        name: str,
        *,
        overwrites: dict[Role | User, Overwrite] | None = None,
        nsfw: bool = False,
        topic: str | None = None,
    ) -> TextChannel:
        """Create a text channel; an overwrite is a pair of allowed and denied bits."""
        channel = TextChannel(self, name, channel_id=self.world.ids.next(), nsfw=nsfw, topic=topic)
        for target, (allow, deny) in (overwrites or {}).items():
            channel.overwrites[target.id] = (target, (allow, deny))
        self.channels.append(channel)
        self.world.channels[channel.id] = channel
        if self._denied_to_bot:
            channel.overwrites[self.world.bot_user.id] = (self.world.bot_user, (NOTHING, self._denied_to_bot))
        self.emit("CHANNEL_CREATE", channel.to_json())
        return channel

    def emit(self, event: str, payload: Json, intent: int = GUILDS) -> None:
        """Tell the bot, if it is a member, and those who look on."""
        if self.has_bot:
            self.world.emit(event, payload, guild_id=self.id, intent=intent)
        self.world.place_changed()

    def to_json(self) -> Json:
        """Write the guild object of the HTTP API."""
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "description": None,
            "home_header": None,
            "incidents_data": None,
            "splash": None,
            "discovery_splash": None,
            "features": [],
            "banner": None,
            "owner_id": str(self.owner.id),
            "application_id": None,
            "region": "deprecated",
            "afk_channel_id": None,
            "afk_timeout": 300,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "widget_enabled": False,
            "widget_channel_id": None,
            "verification_level": 0,
            "roles": [role.to_json() for role in self.roles],
            "default_message_notifications": 0,
            "mfa_level": 0,
            "explicit_content_filter": 0,
            "max_presences": None,
            "max_members": 500_000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "vanity_url_code": None,
            "premium_tier": self.tier,
            "premium_subscription_count": 0,
            "preferred_locale": self.locale,
            "rules_channel_id": None,
            "safety_alerts_channel_id": None,
            "public_updates_channel_id": None,
            "premium_progress_bar_enabled": False,
            "nsfw": False,
            "nsfw_level": 0,
            "emojis": [],
            "stickers": [],
        }

    def to_gateway_json(self) -> Json:
        """Write GUILD_CREATE's object: the bot's own member, the channels and threads it may see."""
        bot = self.members[self.world.bot_user.id]
        visible = [channel for channel in self.channels if channel.permissions_of(bot.user) & Permission.VIEW_CHANNEL]
        return {
            **self.to_json(),
            "joined_at": timestamp(bot.joined_at),
            "large": False,
            "member_count": len(self.members),
            "members": [bot.to_json()],
            "channels": [channel.to_json() for channel in visible],
            "threads": [thread.to_json() for channel in visible for thread in channel.threads if not thread.archived],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }
