"""What the sandbox tells the page by itself, one type a kind."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypeAliasType, TypedDict

from sandbox.web.wire.activity import Activity
from sandbox.web.wire.guild_view import GuildView
from sandbox.web.wire.messages import Message

BotState = TypeAliasType("BotState", Literal["running", "starting", "stopped"])

InteractionState = TypeAliasType("InteractionState", Literal["waiting", "answered", "failed", "modal"])

InteractionKind = TypeAliasType("InteractionKind", Literal["slash", "menu", "click", "select", "submit"])

FieldKind = TypeAliasType(
    "FieldKind",
    Literal[
        "text",
        "paragraph",
        "select",
        "users",
        "roles",
        "mentionables",
        "channels",
        "files",
        "radio",
        "checkboxes",
        "checkbox",
    ],
)


class History(TypedDict):
    """Give the newest messages of the channel that was entered, oldest first."""

    channel: str
    messages: list[Message]


class MessageShown(TypedDict):
    """Tell of a message that is new or was edited."""

    message: Message


class MessageGone(TypedDict):
    """Tell of a message that is not there any more."""

    channel: str
    message: str


class Unread(TypedDict):
    """Tell that something is new in another channel."""

    channel: str


class FieldChoice(TypedDict):
    """Hold one choice of a modal's field."""

    label: str
    value: str
    description: str
    default: bool


class ModalField(TypedDict):
    """Hold a field of a modal; `low` and `high` count characters of a text, and values of everything else."""

    custom_id: str
    kind: FieldKind
    label: str
    description: str
    placeholder: str
    required: bool
    value: str | list[str] | bool | None
    choices: list[FieldChoice]
    low: int
    high: int


class OpenedModal(TypedDict):
    """Hold a modal that the bot opened; `texts` stand above its fields."""

    id: str
    title: str
    fields: list[ModalField]
    texts: list[str]


class InteractionEvent(TypedDict):
    """Tell how something that the person did stands; `say` is why it failed."""

    id: str
    kind: InteractionKind
    state: InteractionState
    command: str | None
    message: str | None
    custom_id: str | None
    channel: str
    say: str | None
    modal: OpenedModal | None


class BotEvent(TypedDict):
    """Tell how the bot's process stands; `say` is a sentence for people."""

    state: BotState
    pid: int | None
    say: str


class Words(TypedDict):
    """Give the page's own sentences in the reader's language: by the English, the translation, or its plural forms.

    `language` is the one that is spoken, `locale` the one that was asked for, in which dates are written.
    """

    language: str
    locale: str
    messages: dict[str, list[str]]


class Events(TypedDict):
    """List all events by their `op`."""

    words: Words
    guild_view: GuildView
    history: History
    message_shown: MessageShown
    message_gone: MessageGone
    unread: Unread
    interaction: InteractionEvent
    bot: BotEvent
    activity: Activity
