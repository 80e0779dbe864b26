"""Servers: their members and channels, and what the bot is told of them."""

from __future__ import annotations

from sandbox.discord.accounts import Account
from sandbox.discord.channels import TextChannel
from sandbox.discord.guild_members import GuildMembers, Member, Role
from sandbox.discord.json_types import Json, timestamp
from sandbox.discord.permissions import EVERYONE, NOTHING, Overwrite, Permission
from sandbox.discord.world_context import WorldContext


class Guild(GuildMembers):
    """A server, with its members, roles and channels."""

    def __init__(
        self, world: WorldContext, name: str, *, guild_id: int, owner: Account, tier: int, locale: str
    ) -> None:
        super().__init__(world, name, guild_id=guild_id, owner=owner, tier=tier, locale=locale)
        self.channels: list[TextChannel] = []
        self.bot_role: Role | None = None
        self.system_channel: TextChannel | None = None
        """Where Discord itself says who has joined."""
        self._denied_to_bot = NOTHING

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

    def set_locale(self, locale: str) -> None:
        """Prefer another language; who is connected is told."""
        self.locale = locale
        self.emit("GUILD_UPDATE", self.to_json())

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
        overwrites: dict[Role | Account, Overwrite] | None = None,
        nsfw: bool = False,
        topic: str | None = None,
    ) -> TextChannel:
        """Create a text channel; an overwrite is a pair of allowed and denied bits."""
        channel = TextChannel(self, self.channels, name, channel_id=self.world.ids.next(), nsfw=nsfw, topic=topic)
        for target, (allow, deny) in (overwrites or {}).items():
            channel.overwrites[target.id] = (target, (allow, deny))
        self.channels.append(channel)
        if self._denied_to_bot:
            channel.overwrites[self.world.bot_user.id] = (self.world.bot_user, (NOTHING, self._denied_to_bot))
        self.emit("CHANNEL_CREATE", channel.to_json())
        return channel

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
            "system_channel_id": str(self.system_channel.id) if self.system_channel else None,
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
