"""What a person sees of the server, as it is written to the page."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from sandbox.web.wire.requests import OptionChoice


class Me(TypedDict):
    """Say who the page is."""

    id: str
    name: str
    title: str
    locale: str
    manages: bool


class Person(TypedDict):
    """Describe somebody whom the page can be."""

    id: str
    name: str
    title: str
    note: str
    roles: list[str]


class GuildName(TypedDict):
    """Name the server."""

    id: str
    name: str


class ChannelView(TypedDict):
    """Describe a channel, and what the person may do there."""

    id: str
    name: str
    topic: str | None
    sees: bool
    may_write: bool
    may_attach: bool
    bot_may_write: bool


class RoleName(TypedDict):
    """Name a role, with its colour 0xRRGGBB; 0 for none."""

    name: str
    color: int


class Names(TypedDict):
    """Name what mentions may be of, by ids."""

    users: dict[str, str]
    roles: dict[str, RoleName]
    channels: dict[str, str]


class BotName(TypedDict):
    """Name the bot."""

    id: str
    name: str


class LocalizedChoice(OptionChoice):
    """Hold a set choice of an option, as the bot registered it."""

    name_localizations: NotRequired[dict[str, str] | None]


class CommandOption(TypedDict):
    """Hold an option, a subcommand or a group of them, as the bot registered it."""

    type: int
    name: str
    description: NotRequired[str]
    name_localizations: NotRequired[dict[str, str] | None]
    description_localizations: NotRequired[dict[str, str] | None]
    required: NotRequired[bool]
    autocomplete: NotRequired[bool]
    choices: NotRequired[list[LocalizedChoice]]
    options: NotRequired[list[CommandOption]]
    channel_types: NotRequired[list[int]]
    min_value: NotRequired[float]
    max_value: NotRequired[float]
    min_length: NotRequired[int]
    max_length: NotRequired[int]


class Command(TypedDict):
    """Hold a command as the bot registered it."""

    type: NotRequired[int]
    name: str
    description: NotRequired[str]
    name_localizations: NotRequired[dict[str, str] | None]
    description_localizations: NotRequired[dict[str, str] | None]
    options: NotRequired[list[CommandOption]]


class Limits(TypedDict):
    """Say how much Discord takes: bytes of a file, characters of a text, seconds until the first answer; and how many
    messages the page keeps."""

    file: int
    text: int
    answer_seconds: float
    messages: int


class LocaleName(TypedDict):
    """Name a language of Discord's clients."""

    id: str
    name: str


class GuildView(TypedDict):
    """Hold what a person sees of a server while they are in a channel, or in none; `now` in milliseconds."""

    me: Me
    people: list[Person]
    guild: GuildName
    channel: str | None
    channels: list[ChannelView]
    names: Names
    bot: BotName
    commands: list[Command]
    limits: Limits
    locales: list[LocaleName]
    now: int
