"""Everything that this Discord knows, and the ways to set a scene."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from sandbox.discord.channels import DirectChannel, TextChannel, Thread
from sandbox.discord.client import Client
from sandbox.discord.commands import CommandBook
from sandbox.discord.fault_injection import Faults, Knobs
from sandbox.discord.files import FileStore, StoredFile
from sandbox.discord.guilds import Guild
from sandbox.discord.json_types import Json, Snowflakes
from sandbox.discord.messages import Message
from sandbox.discord.observable import Observable
from sandbox.discord.permissions import Permission
from sandbox.discord.users import User

if TYPE_CHECKING:
    from sandbox.discord.channels import AnyChannel
    from sandbox.discord.interactions import Interaction
    from sandbox.discord.observers import Observer
    from sandbox.discord.request_log import Recorded

GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 9, 1 << 12

Emit = Callable[[str, Json, int | None, int, Json | None], None]


class World(Observable):
    """The state of one Discord with one application, whose bot and owner exist from the start."""

    def __init__(self, *, checks: bool = True, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.checks = checks
        self.knobs = Knobs()
        self.faults = Faults()
        self.violations: list[str] = []
        self.requests: list[Recorded] = []
        self.onlookers: list[Observer] = []
        self._clock = clock
        self._advanced = 0.0
        self.ids = Snowflakes(self.now)
        self.base_url = ""
        self.files = FileStore(self)
        self.commands = CommandBook(self)
        self.client = Client(self)
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, AnyChannel] = {}
        self.interactions: dict[str, Interaction] = {}
        self.nonces: dict[tuple[int, str], Message] = {}
        self._direct: dict[int, DirectChannel] = {}
        self.owner = self.user("owner")
        self.bot_user = self._account("animatic", bot=True)
        self.application_id = self.bot_user.id
        prefix = base64.urlsafe_b64encode(str(self.application_id).encode()).decode().rstrip("=")
        self.token = f"{prefix}.sandbox.{secrets.token_urlsafe(24)}"
        self.transmit: Emit = lambda event, payload, guild_id, intent, redacted: None

    # Time.

    def now(self) -> float:
        """Return the sandbox's time in Unix seconds."""
        return self._clock() + self._advanced

    def advance(self, seconds: float) -> None:
        """Move the sandbox's clock on: tokens, links and open windows grow older."""
        self._advanced += seconds
        for interaction in list(self.interactions.values()):
            interaction.check_window()

    # Setting a scene.

    def user(self, name: str, *, locale: str = "en-US") -> User:
        """Return the person of that name, new if need be."""
        existing = next((user for user in self.users.values() if user.name == name and not user.bot), None)
        return existing or self._account(name, locale=locale)

    def app(self, name: str) -> User:
        """Return the bot of another application, new if need be."""
        others = (user for user in self.users.values() if user.bot and user is not self.bot_user)
        return next((user for user in others if user.name == name), None) or self._account(name, bot=True)

    def guild(
        self,
        name: str,
        *,
        owner: User | None = None,
        tier: int = 0,
        joined: bool = True,
        locale: str = "en-US",
        guild_id: int | None = None,
    ) -> Guild:
        """Create a server, owned by the application's owner unless said otherwise; `tier` is its boost level."""
        new_id = self.ids.next() if guild_id is None else guild_id
        guild = Guild(self, name, guild_id=new_id, owner=owner or self.owner, tier=tier, locale=locale)
        self.guilds[guild.id] = guild
        if joined:
            guild.join_bot()
        return guild

    def direct_channel(self, user: User) -> DirectChannel:
        """Return the direct messages between a person and the bot."""
        if user.id not in self._direct:
            channel = DirectChannel(self, user, self.ids.next())
            self._direct[user.id] = channel
            self.channels[channel.id] = channel
        return self._direct[user.id]

    def attachment(
        self, filename: str, data: bytes, content_type: str | None = None, size: int | None = None
    ) -> StoredFile:
        """Make what a member attaches to a command; the claimed type and size (bytes) may be lies."""
        return self.files.keep(
            filename, data, self.application_id, content_type=content_type, size=size, ephemeral=True
        )

    def moderator_deletes(self, message: Message) -> None:
        """Delete a message as a moderator does."""
        self.delete(message)

    def _account(self, name: str, *, bot: bool = False, locale: str = "en-US") -> User:
        user = User(self, name, user_id=self.ids.next(), bot=bot, locale=locale)
        self.users[user.id] = user
        return user

    # What happens, and who is told.

    def emit(
        self, event: str, payload: Json, *, guild_id: int | None = None, intent: int = 0, redacted: Json | None = None
    ) -> None:
        """Send an event to the bot's shard, `redacted` instead where the message content intent is off."""
        self.transmit(event, payload, guild_id, intent, redacted)

    def announce(self, interaction: Interaction) -> None:
        """Send an interaction to the bot and open the window for its first response."""
        guild = interaction.channel.guild
        self.emit("INTERACTION_CREATE", interaction.to_json(), guild_id=guild.id if guild else None)
        interaction.wait_for_first_response()

    def publish(self, message: Message) -> None:
        """Show a new message; it wakes up an archived thread."""
        if isinstance(message.channel, Thread) and message.channel.archived:
            message.channel.unarchive()
        message.channel.history[message.id] = message
        self._tell("MESSAGE_CREATE", message)
        self._shown(message, new=True)

    def republish(self, message: Message) -> None:
        """Show an edited message."""
        self._tell("MESSAGE_UPDATE", message)
        self._shown(message, new=False)

    def delete(self, message: Message) -> None:
        """Remove a message and its files."""
        message.deleted = True
        message.channel.history.pop(message.id, None)
        for file in message.attachments:
            self.files.forget(file)
        if not message.ephemeral:
            payload: Json = {"id": str(message.id), "channel_id": str(message.channel.id)}
            guild = message.channel.guild
            if guild:
                payload["guild_id"] = str(guild.id)
            intent = GUILD_MESSAGES if guild else DIRECT_MESSAGES
            self._emit_if_visible("MESSAGE_DELETE", message.channel, payload, intent)
        message.changed()
        self.changed()
        for onlooker in list(self.onlookers):
            onlooker.message_gone(message)

    def place_changed(self) -> None:
        """Tell those who look on that commands, members, roles, channels or what they allow changed."""
        for onlooker in list(self.onlookers):
            onlooker.place_changed()

    def _shown(self, message: Message, *, new: bool) -> None:
        message.changed()
        self.changed()
        for onlooker in list(self.onlookers):
            onlooker.message_shown(message, new=new)

    def _tell(self, event: str, message: Message) -> None:
        if message.ephemeral:
            return
        guild = message.channel.guild
        payload = message.to_json()
        if guild:
            payload["guild_id"] = str(guild.id)
            if member := guild.members.get(message.author.id):
                payload["member"] = member.to_json(with_user=False)
        redacted = self.without_content(message, payload)
        self._emit_if_visible(event, message.channel, payload, GUILD_MESSAGES if guild else DIRECT_MESSAGES, redacted)

    def without_content(self, message: Message, payload: Json) -> Json | None:
        """Empty what only the message content intent lets an application see; None for what it sees anyway.

        That is so on the gateway and over HTTP; payloads of interactions are whole (discord-api-docs #4552, #4045).
        """
        mentioned = message.author is self.bot_user or str(self.bot_user.id) in {m["id"] for m in payload["mentions"]}
        if message.channel.guild is None or mentioned:
            return None
        return {**payload, "content": "", "embeds": [], "attachments": [], "components": []}

    def _emit_if_visible(
        self, event: str, channel: AnyChannel, payload: Json, intent: int, redacted: Json | None = None
    ) -> None:
        if channel.permissions_of(self.bot_user) & Permission.VIEW_CHANNEL:
            guild_id = channel.guild.id if isinstance(channel, (TextChannel, Thread)) else None
            self.emit(event, payload, guild_id=guild_id, intent=intent, redacted=redacted)
