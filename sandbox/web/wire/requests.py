"""What the page asks for, one model a kind: what a frame may hold, checked before anything is done."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, SkipValidation, WithJsonSchema
from typing_extensions import TypedDict

from sandbox.discord.json_types import as_id


def number_of(value: object) -> int:
    """Read an id; 0, which nothing has, for what is none."""
    return as_id(value) or 0


def _or_empty(value: object) -> object:
    return value or []


Id = Annotated[int, BeforeValidator(number_of), WithJsonSchema({"type": "string"})]
"""A text on the wire; one that is none is like one that nothing has."""

Texts = Annotated[list[str], BeforeValidator(_or_empty)]
"""A list that may be left out."""

Fields = dict[str, SkipValidation[Any]]
"""What a person filled in, by name; its readers know what each field takes."""


class Request(BaseModel):
    """Hold what all requests have."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Enter(Request):
    """Be somebody, somewhere, in a language; null keeps what is, or takes the first there is."""

    user: str | None = None
    channel: str | None = None
    locale: str | None = None


class SendMessage(Request):
    """Write a message; `files` are ids of uploads."""

    content: str
    files: Texts = []


class Slash(Request):
    """Use a slash command; `command` with its subcommands' names."""

    command: str
    options: Fields


class Autocomplete(Request):
    """Ask the bot what the focused option may be."""

    command: str
    focused: str
    options: Fields


class MessageCommand(Request):
    """Use a command of a message's menu."""

    message: Id
    command: str


class Click(Request):
    """Click a button of a message."""

    message: Id
    custom_id: str


class Select(Request):
    """Choose values of a message's select menu."""

    message: Id
    custom_id: str
    values: Texts = []


class Submit(Request):
    """Send a modal, by the interaction that opened it."""

    modal: Id
    values: Fields


class Delete(Request):
    """Delete a message, or dismiss a private one."""

    message: Id


class React(Request):
    """React to a message with an emoji, or take that back."""

    message: Id
    emoji: str
    on: bool


class Watch(Request):
    """Begin or stop to be told of what goes on behind the scenes."""

    drawer: bool = False


class InjectFault(Request):
    """Press one of the buttons that break something."""

    name: str


class Requests(TypedDict):
    """List all requests by their `op`."""

    enter: Enter
    send_message: SendMessage
    slash: Slash
    autocomplete: Autocomplete
    message_command: MessageCommand
    click: Click
    select: Select
    submit: Submit
    delete: Delete
    react: React
    watch: Watch
    inject_fault: InjectFault


UserRequest = SendMessage | Slash | Autocomplete | MessageCommand | Click | Select | Submit | Delete | React
"""What somebody does in a channel."""

MODELS: dict[str, type[Request]] = get_type_hints(Requests)

# What they are answered with.


class Nothing(TypedDict):
    """Say no more than that it is done."""


class Sent(TypedDict):
    """Name the message that was written."""

    message: str


class Begun(TypedDict):
    """Name the interaction that began; how it goes is told by `interaction` events."""

    interaction: str


class OptionChoice(TypedDict):
    """Offer one value of an option."""

    name: str
    value: str | float


class Choices(TypedDict):
    """Offer what the bot does for what is typed."""

    choices: list[OptionChoice]


Reply = Nothing | Sent | Choices
"""What is answered where no interaction began."""


class Replies(TypedDict):
    """List what each request is answered with, by its `op`."""

    enter: Nothing
    send_message: Sent
    slash: Begun
    autocomplete: Choices
    message_command: Begun
    click: Begun
    select: Begun
    submit: Begun
    delete: Nothing
    react: Nothing
    watch: Nothing
    inject_fault: Nothing


class Refusal(TypedDict):
    """Answer a request that was not done; `say` is a sentence for people, `ref` null for what had no number."""

    op: Literal["refused"]
    ref: int | None
    say: str
