"""Messages, and the channels that hold them, as Discord keeps them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from sandbox.discord.accounts import Account
from sandbox.discord.component_rendering import ComponentRenderer
from sandbox.discord.files import StoredFile
from sandbox.discord.guild_members import GuildMembers
from sandbox.discord.interaction_metadata import InteractionMetadata
from sandbox.discord.json_types import Json, timestamp
from sandbox.discord.mentions import Pinged, mentioned_roles, mentioned_users
from sandbox.discord.message_view import (
    Button,
    Media,
    accent_of,
    attached_media,
    buttons_of,
    component_media,
    text_of,
)
from sandbox.discord.observable import Observable
from sandbox.discord.permissions import Permission
from sandbox.discord.reactions import Reactions
from sandbox.discord.world_context import WorldContext

SUPPRESS_EMBEDS = 1 << 2
EPHEMERAL = 1 << 6
LOADING = 1 << 7
SUPPRESS_NOTIFICATIONS = 1 << 12
COMPONENTS_V2 = 1 << 15

DEFAULT, REPLY, CHAT_INPUT_COMMAND, CONTEXT_MENU_COMMAND = 0, 19, 20, 23


class Channel(ABC):
    """What all channels share: messages in order of their ids."""

    type: int

    def __init__(self, world: WorldContext, channel_id: int) -> None:
        self.world = world
        self.id = channel_id
        self.deleted = False
        self.history: dict[int, Message] = {}

    @property
    @abstractmethod
    def guild(self) -> GuildMembers | None:
        """The server that it is in; None for direct messages."""

    @property
    def messages(self) -> list[Message]:
        """The messages that everyone in the channel sees, oldest first."""
        return [message for message in self.history.values() if not message.ephemeral and not message.deleted]

    @property
    @abstractmethod
    def title(self) -> str:
        """What people call it."""

    @property
    def mention(self) -> str:
        """The text that mentions this channel."""
        return f"<#{self.id}>"

    @property
    def link(self) -> str:
        """The channel's address on discord.com."""
        return f"https://discord.com/channels/{self._guild_part}/{self.id}"

    @property
    @abstractmethod
    def _guild_part(self) -> str:
        """What stands for the server in a link."""

    @abstractmethod
    def permissions_of(self, user: Account) -> Permission:
        """What an account may do here; nothing for one that is not a member."""

    @abstractmethod
    def to_json(self) -> Json:
        """Write the channel object."""

    def may_write(self, permissions: Permission) -> bool:
        """Whether these permissions allow sending a message here."""
        return bool(permissions & Permission.SEND_MESSAGES)

    @property
    def last_message_id(self) -> str | None:
        """The id of the newest message, as channel objects carry it."""
        return str(next(reversed(self.history))) if self.history else None


class Message(Observable):
    """A message; the properties below `text` are what a person sees of it."""

    def __init__(
        self,
        world: WorldContext,
        channel: Channel,
        author: Account,
        *,
        kind: int = DEFAULT,
        interaction: InteractionMetadata | None = None,
        reference: Message | None = None,
        ephemeral_to: Account | None = None,
        nonce: str | int | None = None,
    ) -> None:
        super().__init__()
        self.world = world
        self.id = world.ids.next()
        self.channel = channel
        self.author = author
        self.kind = kind
        self.interaction = interaction
        self.reference = reference
        self.ephemeral_to = ephemeral_to
        self.nonce = nonce
        self.content = ""
        self.embeds: list[Json] = []
        self.attachments: list[StoredFile] = []
        self.components: list[Json] = []
        self.shown: dict[str, StoredFile] = {}
        self.flags = EPHEMERAL if ephemeral_to else 0
        self.tts = False
        self.pinged = Pinged()
        self.reactions = Reactions()
        self.created_at = world.now()
        self.edited_at: float | None = None
        self.edits = 0
        self.edit_times: list[float] = []
        self.deleted = False
        self.answered: WeakSet[Observable] = WeakSet()
        """The interactions that it answers, as long as they are remembered."""

    def __repr__(self) -> str:
        return f"<Message {self.id} {self.text[:60]!r}>"

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return self.ephemeral_to is not None

    @property
    def thinking(self) -> bool:
        """Whether it still shows that the application is thinking."""
        return bool(self.flags & LOADING)

    @property
    def uses_components_v2(self) -> bool:
        """Whether components alone make up the message."""
        return bool(self.flags & COMPONENTS_V2)

    @property
    def text(self) -> str:
        """The content and all text displays, joined with newlines."""
        return text_of(self.content, self.components)

    @property
    def buttons(self) -> list[Button]:
        """The buttons in reading order."""
        return buttons_of(self.components)

    @property
    def media(self) -> list[Media]:
        """The files and images it shows, in reading order."""
        if self.uses_components_v2:
            return component_media(self.world.files, self.components, self.shown)
        return attached_media(self.world.files, self.attachments)

    @property
    def accent_color(self) -> int | None:
        """The container's colour, 0xRRGGBB."""
        return accent_of(self.components)

    @property
    def link(self) -> str:
        """The message's address on discord.com."""
        return f"{self.channel.link}/{self.id}"

    async def until(self, predicate: Callable[[Message], Any], timeout: float = 10) -> Message:
        """Return the message once the predicate holds; TimeoutError shows what it says instead. Seconds."""
        await self.wait_for(lambda: predicate(self), timeout, self.describe)
        return self

    def describe(self) -> str:
        """Say what the message looks like now, for an error's text."""
        state = "deleted" if self.deleted else "thinking" if self.thinking else "shown"
        labels = [f"{button.emoji}{button.label}" for button in self.buttons]
        files = [media.filename for media in self.media]
        return f"message {self.id} is {state}, edits={self.edits}, files={files}, buttons={labels}, text:\n{self.text}"

    def changed(self) -> None:
        """Wake those who wait for this message, and for the interactions it answers."""
        super().changed()
        for interaction in list(self.answered):
            interaction.changed()

    def to_json(self) -> Json:
        """Write the message object; attachments that components show are left out of `attachments`."""
        files = self.world.files
        by_components = set(self.shown.values())
        mentioned = mentioned_users(self.world.users, self.text)
        renderer = ComponentRenderer(files, self.shown, media_still_loads=self.world.knobs.media_still_loads)
        body: Json = {
            "id": str(self.id),
            "type": self.kind,
            "channel_id": str(self.channel.id),
            "author": self.author.to_json(),
            "content": self.content,
            "timestamp": timestamp(self.created_at),
            "edited_timestamp": None if self.edited_at is None else timestamp(self.edited_at),
            "tts": self.tts,
            "mention_everyone": self.pinged.everyone,
            "mentions": [user.to_json() for user in mentioned],
            "mention_roles": [str(role.id) for role in mentioned_roles(self.channel.guild, self.text)],
            "attachments": [files.to_json(file) for file in self.attachments if file not in by_components],
            "embeds": self.embeds,
            "pinned": False,
            "flags": self.flags,
            "components": [renderer.render(component) for component in self.components],
        }
        if self.nonce is not None:
            body["nonce"] = self.nonce
        if self.reactions:
            body["reactions"] = self.reactions.to_json(self.world.bot_user)
        if self.reference is not None:
            body["message_reference"] = self._reference(self.reference)
        if self.interaction is not None:
            body["application_id"] = body["webhook_id"] = str(self.world.application_id)
            body["interaction_metadata"] = self.interaction.to_json()
        return body

    @staticmethod
    def _reference(message: Message) -> Json:
        body: Json = {"type": 0, "message_id": str(message.id), "channel_id": str(message.channel.id)}
        if message.channel.guild:
            body["guild_id"] = str(message.channel.guild.id)
        return body
