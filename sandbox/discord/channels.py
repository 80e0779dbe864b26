"""Text channels, threads and direct messages."""

from __future__ import annotations

from typing import TypeAlias

from sandbox.discord.accounts import Account
from sandbox.discord.guild_members import GuildMembers, Role
from sandbox.discord.json_types import Json, timestamp
from sandbox.discord.messages import Channel
from sandbox.discord.permissions import (
    ALL,
    DIRECT,
    NOTHING,
    Overwrite,
    Permission,
    apply_overwrites,
    effective,
)
from sandbox.discord.world_context import WorldContext


class TextChannel(Channel):
    """A text channel of a server; `siblings` are the server's channels in order, this one too while it exists."""

    type = 0

    def __init__(
        self,
        guild: GuildMembers,
        siblings: list[TextChannel],
        name: str,
        *,
        channel_id: int,
        nsfw: bool = False,
        topic: str | None = None,
    ) -> None:
        super().__init__(guild.world, channel_id)
        self._guild = guild
        self._siblings = siblings
        self.name = name
        self.nsfw = nsfw
        self.topic = topic
        self.overwrites: dict[int, tuple[Role | Account, Overwrite]] = {}
        self.threads: list[Thread] = []

    def __repr__(self) -> str:
        return f"<TextChannel #{self.name} {self.id}>"

    @property
    def guild(self) -> GuildMembers:
        """The server that it is in."""
        return self._guild

    @property
    def title(self) -> str:
        """The name with its sign."""
        return f"#{self.name}"

    @property
    def _guild_part(self) -> str:
        return str(self.guild.id)

    def permissions_of(self, user: Account) -> Permission:
        """Add up roles and overwrites: @everyone's first, all roles' together, then the member's own."""
        member = self.guild.members.get(user.id)
        if member is None or self.deleted:
            return NOTHING
        base = member.permissions
        if base & Permission.ADMINISTRATOR:
            return ALL
        steps = [[self.guild.id], [role.id for role in member.roles], [user.id]]
        found = [[self.overwrites[key][1] for key in step if key in self.overwrites] for step in steps]
        return effective(apply_overwrites(base, found))

    def set_overwrite(self, target: Role | Account, *, allow: Permission = NOTHING, deny: Permission = NOTHING) -> None:
        """Allow and deny bits to one role or member in this channel."""
        self.overwrites[target.id] = (target, (allow, deny))
        self.guild.emit("CHANNEL_UPDATE", self.to_json())

    def thread(self, name: str, *, owner: Account | None = None, private: bool = False) -> Thread:
        """Open a public thread, or a private one of its owner and the bot."""
        thread_id = self.world.ids.next()
        thread = Thread(self, name, thread_id=thread_id, owner=owner or self.guild.owner, private=private)
        self.threads.append(thread)
        self.guild.emit("THREAD_CREATE", {**thread.to_json(), "newly_created": True})
        return thread

    def delete(self) -> None:
        """Delete the channel, its threads and all their messages."""
        for thread in list(self.threads):
            thread.delete()
        self.deleted = True
        self._siblings.remove(self)
        self.guild.emit("CHANNEL_DELETE", self.to_json())

    def to_json(self) -> Json:
        """Write the channel object."""
        return {
            "id": str(self.id),
            "type": self.type,
            "guild_id": str(self.guild.id),
            "name": self.name,
            "position": self._siblings.index(self) if self in self._siblings else 0,
            "permission_overwrites": [
                {
                    "id": str(target.id),
                    "type": 0 if any(target is role for role in self.guild.roles) else 1,
                    "allow": str(int(allow)),
                    "deny": str(int(deny)),
                }
                for target, (allow, deny) in self.overwrites.values()
            ],
            "nsfw": self.nsfw,
            "parent_id": None,
            "topic": self.topic,
            "rate_limit_per_user": 0,
            "last_message_id": self.last_message_id,
            "flags": 0,
        }


class Thread(Channel):
    """A thread; it inherits its channel's permissions, a private one for its members and who manages threads."""

    def __init__(
        self, parent: TextChannel, name: str, *, thread_id: int, owner: Account, private: bool = False
    ) -> None:
        super().__init__(parent.world, thread_id)
        self.type = 12 if private else 11
        self.private = private
        self.members = {owner.id, parent.world.bot_user.id}
        self.parent = parent
        self.name = name
        self.nsfw = parent.nsfw
        self.owner = owner
        self.archived = False
        self.locked = False
        self._archive_time = self.world.now()
        self._created = self.world.now()

    def __repr__(self) -> str:
        return f"<Thread {self.name!r} {self.id}>"

    @property
    def guild(self) -> GuildMembers:
        """The server that it is in."""
        return self.parent.guild

    @property
    def title(self) -> str:
        """The name."""
        return self.name

    @property
    def _guild_part(self) -> str:
        return str(self.guild.id)

    def permissions_of(self, user: Account) -> Permission:
        """Return what the parent channel allows; nothing to those whom a private thread keeps out."""
        permissions = self.parent.permissions_of(user)
        kept_out = self.private and user.id not in self.members and not permissions & Permission.MANAGE_THREADS
        return NOTHING if self.deleted or kept_out else permissions

    def add(self, user: Account) -> None:
        """Add a member to a private thread."""
        self.members.add(user.id)

    def may_write(self, permissions: Permission) -> bool:
        """Threads have a permission of their own for sending."""
        return bool(permissions & Permission.SEND_MESSAGES_IN_THREADS)

    def archive(self, *, locked: bool = False) -> None:
        """Archive the thread; a locked one wakes up only for those who manage threads."""
        self.archived, self.locked = True, locked
        self._archive_time = self.world.now()
        self.guild.emit("THREAD_UPDATE", self.to_json())

    def unarchive(self) -> None:
        """Make the thread active again."""
        self.archived = self.locked = False
        self._archive_time = self.world.now()
        self.guild.emit("THREAD_UPDATE", self.to_json())

    def delete(self) -> None:
        """Delete the thread and its messages."""
        self.deleted = True
        self.parent.threads.remove(self)
        keys = ("id", "guild_id", "parent_id", "type")
        body = self.to_json()
        self.guild.emit("THREAD_DELETE", {key: body[key] for key in keys})

    def to_json(self) -> Json:
        """Write the thread's channel object."""
        return {
            "id": str(self.id),
            "type": self.type,
            "guild_id": str(self.guild.id),
            "name": self.name,
            "parent_id": str(self.parent.id),
            "owner_id": str(self.owner.id),
            "message_count": len(self.messages),
            "member_count": 1,
            "total_message_sent": len(self.history),
            "rate_limit_per_user": 0,
            "last_message_id": self.last_message_id,
            "flags": 0,
            "thread_metadata": {
                "archived": self.archived,
                "locked": self.locked,
                "auto_archive_duration": 1440,
                "archive_timestamp": timestamp(self._archive_time),
                "create_timestamp": timestamp(self._created),
            },
        }


class DirectChannel(Channel):
    """The direct messages between one person and the bot."""

    type = 1
    nsfw = False
    name = None

    def __init__(self, world: WorldContext, recipient: Account, channel_id: int) -> None:
        super().__init__(world, channel_id)
        self.recipient = recipient
        self.closed = False
        """Whether this person takes no direct messages from the bot."""

    def __repr__(self) -> str:
        return f"<DirectChannel with {self.recipient.name} {self.id}>"

    @property
    def guild(self) -> None:
        """No server has it."""

    @property
    def title(self) -> str:
        """What stands for a name."""
        return f"the direct messages with {self.recipient.title}"

    @property
    def _guild_part(self) -> str:
        return "@me"

    def permissions_of(self, user: Account) -> Permission:
        """Return what both sides may do."""
        return DIRECT if user.id in (self.recipient.id, self.world.bot_user.id) else NOTHING

    def to_json(self) -> Json:
        """Write the DM channel object."""
        return {
            "id": str(self.id),
            "type": self.type,
            "last_message_id": self.last_message_id,
            "flags": 0,
            "recipients": [self.recipient.to_json()],
        }


AnyChannel: TypeAlias = TextChannel | Thread | DirectChannel
