"""What a Discord knows, and how changes reach the bot and the observers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sandbox.bounded_log import BoundedLog
from sandbox.discord.accounts import Account
from sandbox.discord.channels import AnyChannel, DirectChannel, Thread
from sandbox.discord.commands import CommandRegistry
from sandbox.discord.guilds import Guild
from sandbox.discord.interaction_log import InteractionLog
from sandbox.discord.interactions import Interaction
from sandbox.discord.json_types import Json
from sandbox.discord.messages import Channel, Message
from sandbox.discord.observers import Observer
from sandbox.discord.permissions import Permission
from sandbox.discord.request_log import Recorded
from sandbox.discord.retention import Retention
from sandbox.discord.world_context import WorldContext

GUILD_MESSAGES_INTENT, DIRECT_MESSAGES_INTENT = 1 << 9, 1 << 12
GUILD_REACTIONS_INTENT, DIRECT_REACTIONS_INTENT = 1 << 10, 1 << 13
NONCE_SECONDS = 300


class WorldState(WorldContext):
    """The guilds, channels, commands and interactions of one Discord, and what happens to its messages."""

    def __init__(self, *, checks: bool, clock: Callable[[], float], retention: Retention | None) -> None:
        super().__init__(checks=checks, clock=clock, retention=retention)
        self.requests = BoundedLog[Recorded](lambda: self.retention.requests, lambda request: not request.ended)
        self.observers: list[Observer] = []
        self.commands = CommandRegistry(self)
        self.guilds: dict[int, Guild] = {}
        self.interactions = InteractionLog(lambda: self.retention.interactions)
        self.nonces: dict[tuple[int, str], Message] = {}
        self._direct_channels: dict[int, DirectChannel] = {}

    # What there is.

    @property
    def channels(self) -> dict[int, AnyChannel]:
        """The channels, threads and direct messages that are not deleted, by id."""
        return {channel.id: channel for channel in self._every_channel()}

    def _every_channel(self) -> Iterator[AnyChannel]:
        yield from self._direct_channels.values()
        for guild in self.guilds.values():
            for channel in guild.channels:
                yield channel
                yield from channel.threads

    def direct_channel(self, user: Account) -> DirectChannel:
        """Return the direct messages between a person and the bot."""
        if user.id not in self._direct_channels:
            self._direct_channels[user.id] = DirectChannel(self, user, self.ids.next())
        return self._direct_channels[user.id]

    def advance(self, seconds: float) -> None:
        """Move the sandbox's clock on: tokens, links and open windows grow older."""
        self._advanced += seconds
        for interaction in list(self.interactions.values()):
            interaction.check_window()

    # What happens, and who is told.

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
        self._forget_oldest_messages(message.channel)
        self._emit_message("MESSAGE_CREATE", message)
        self._notify_shown(message, new=True)

    def republish(self, message: Message) -> None:
        """Show an edited message."""
        self._emit_message("MESSAGE_UPDATE", message)
        self._notify_shown(message, new=False)

    def tell_reaction(self, event: str, message: Message, fields: Json) -> None:
        """Tell of a reaction that came or went; `fields` are what the event says beside where the message is."""
        guild = message.channel.guild
        payload: Json = {**fields, "channel_id": str(message.channel.id), "message_id": str(message.id)}
        if guild:
            payload["guild_id"] = str(guild.id)
        intent = GUILD_REACTIONS_INTENT if guild else DIRECT_REACTIONS_INTENT
        self._emit_if_visible(event, message.channel, payload, intent)
        self._notify_shown(message, new=False)

    def delete(self, message: Message) -> None:
        """Remove a message and its files."""
        message.deleted = True
        self._forget(message)
        if not message.ephemeral:
            payload: Json = {"id": str(message.id), "channel_id": str(message.channel.id)}
            guild = message.channel.guild
            if guild:
                payload["guild_id"] = str(guild.id)
            intent = GUILD_MESSAGES_INTENT if guild else DIRECT_MESSAGES_INTENT
            self._emit_if_visible("MESSAGE_DELETE", message.channel, payload, intent)
        message.changed()
        self.changed()
        for observer in list(self.observers):
            observer.message_gone(message)

    def guild_changed(self) -> None:
        """Tell the observers that commands, members, roles, channels or what they allow changed."""
        for observer in list(self.observers):
            observer.guild_changed()

    # Nonces.

    def sent_with_nonce(self, channel: Channel, nonce: object) -> Message | None:
        """Return the message that was sent with this nonce in the last minutes, if it is still there."""
        found = self.nonces.get((channel.id, str(nonce)))
        return None if found is None or found.deleted or self._nonce_expired(found) else found

    def remember_nonce(self, message: Message, nonce: object) -> None:
        """Keep a message's nonce as long as it counts, and forget those that count no more."""
        for key, older in list(self.nonces.items()):
            if not self._nonce_expired(older):
                break
            del self.nonces[key]
        self.nonces[message.channel.id, str(nonce)] = message

    def _nonce_expired(self, message: Message) -> bool:
        return self.now() - message.created_at >= NONCE_SECONDS

    # Behind that.

    def _forget_oldest_messages(self, channel: Channel) -> None:
        """Drop what passes the retention, as if it lay too far back to be found; nobody is told."""
        excess = len(channel.history) - self.retention.messages
        if excess > 0:
            for message in [one for one in channel.history.values() if not one.thinking][:excess]:
                self._forget(message)

    def _forget(self, message: Message) -> None:
        message.channel.history.pop(message.id, None)
        for file in message.attachments:
            self.files.forget(file)

    def _notify_shown(self, message: Message, *, new: bool) -> None:
        message.changed()
        self.changed()
        for observer in list(self.observers):
            observer.message_shown(message, new=new)

    def _emit_message(self, event: str, message: Message) -> None:
        if message.ephemeral:
            return
        guild = message.channel.guild
        payload = message.to_json()
        if guild:
            payload["guild_id"] = str(guild.id)
            if member := guild.members.get(message.author.id):
                payload["member"] = member.to_json(with_user=False)
        intent = GUILD_MESSAGES_INTENT if guild else DIRECT_MESSAGES_INTENT
        self._emit_if_visible(event, message.channel, payload, intent, self.without_content(message, payload))

    def without_content(self, message: Message, payload: Json) -> Json | None:
        """Empty what only the message content intent lets an application see; None for what it sees anyway.

        That is so on the gateway and over HTTP; payloads of interactions are whole (discord-api-docs #4552, #4045).
        """
        mentioned = message.author is self.bot_user or str(self.bot_user.id) in {m["id"] for m in payload["mentions"]}
        if message.channel.guild is None or mentioned:
            return None
        return {**payload, "content": "", "embeds": [], "attachments": [], "components": []}

    def _emit_if_visible(
        self, event: str, channel: Channel, payload: Json, intent: int, redacted: Json | None = None
    ) -> None:
        if channel.permissions_of(self.bot_user) & Permission.VIEW_CHANNEL:
            guild_id = channel.guild.id if channel.guild else None
            self.emit(event, payload, guild_id=guild_id, intent=intent, redacted=redacted)
