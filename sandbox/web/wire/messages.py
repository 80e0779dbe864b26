"""Discord's messages as far as the page reads them, with what they are to the person who sees them."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias

from typing_extensions import TypedDict

Component: TypeAlias = (
    "Row | Button | SelectMenu | Section | TextDisplay | Thumbnail | Gallery | FileComponent | Separator | Container"
)
"""Any part of a message."""


class UsedCommand(TypedDict):
    """Say who used which command; a message's menu has commands too."""

    user: str
    title: str
    command: str | None


class RepliedTo(TypedDict):
    """Show the beginning of the message that is answered."""

    id: str
    author: str
    text: str


class Reaction(TypedDict):
    """Count who reacted with an emoji, and say whether this person did."""

    emoji: str
    count: int
    mine: bool


class MessagePage(TypedDict):
    """Say what a message is to the person who sees it."""

    ephemeral: bool
    thinking: bool
    mine: bool
    pings_me: bool
    may_delete: bool
    used: UsedCommand | None
    reply: RepliedTo | None
    files: list[Attachment]
    reactions: list[Reaction]
    may_react: bool


class Message(TypedDict):
    """Hold a message as the API writes it, and under `page` what it is to this person."""

    id: str
    type: int
    channel_id: str
    author: Author
    content: str
    timestamp: str
    edited_timestamp: str | None
    embeds: list[Embed]
    components: list[Component]
    page: MessagePage


class Author(TypedDict):
    """Name who wrote a message."""

    id: str
    username: str
    global_name: NotRequired[str | None]
    bot: NotRequired[bool]


class Attachment(TypedDict):
    """Describe a file of a message."""

    id: str
    filename: str
    size: int
    url: str
    content_type: NotRequired[str | None]
    width: NotRequired[int | None]
    height: NotRequired[int | None]
    description: NotRequired[str | None]


class EmbedMedia(TypedDict):
    """Describe an image of an embed."""

    url: str
    width: NotRequired[int]
    height: NotRequired[int]


class EmbedAuthor(TypedDict):
    """Name who an embed is from."""

    name: str
    url: NotRequired[str | None]


class EmbedProvider(TypedDict):
    """Name where an embed is from."""

    name: NotRequired[str | None]


class EmbedField(TypedDict):
    """Hold one field of an embed."""

    name: str
    value: str
    inline: NotRequired[bool]


class EmbedFooter(TypedDict):
    """Hold an embed's last line."""

    text: str


class Embed(TypedDict, total=False):
    """Hold the framed preview of a classic message."""

    title: str | None
    description: str | None
    url: str | None
    color: int | None
    timestamp: str | None
    author: EmbedAuthor
    provider: EmbedProvider
    fields: list[EmbedField]
    footer: EmbedFooter
    image: EmbedMedia
    thumbnail: EmbedMedia


class Emoji(TypedDict):
    """Name a Unicode emoji, or one of a server's own, which has an id."""

    id: NotRequired[str | None]
    name: NotRequired[str]


class Media(TypedDict):
    """Describe the file that a component shows."""

    id: NotRequired[str]
    url: str
    attachment_id: NotRequired[str]
    content_type: NotRequired[str | None]
    width: NotRequired[int | None]
    height: NotRequired[int | None]


class Row(TypedDict):
    """Hold buttons, or a select, side by side."""

    type: Literal[1]
    components: list[Component]


class Button(TypedDict):
    """Hold a button; styles 1 to 4 are colours, 5 is a link, 6 costs money at Discord."""

    type: Literal[2]
    style: int
    label: NotRequired[str]
    emoji: NotRequired[Emoji]
    custom_id: NotRequired[str]
    url: NotRequired[str]
    disabled: NotRequired[bool]


class SelectOption(TypedDict):
    """Hold one choice of a string select."""

    label: str
    value: str
    description: NotRequired[str | None]
    emoji: NotRequired[Emoji]
    default: NotRequired[bool]


class DefaultValue(TypedDict):
    """Name somebody or something that a select has chosen beforehand."""

    id: str


class SelectMenu(TypedDict):
    """Hold a select of strings (3), people (5), roles (6), both (7) or channels (8)."""

    type: Literal[3, 5, 6, 7, 8]
    custom_id: str
    placeholder: NotRequired[str]
    options: NotRequired[list[SelectOption]]
    default_values: NotRequired[list[DefaultValue]]
    min_values: NotRequired[int]
    max_values: NotRequired[int]
    disabled: NotRequired[bool]


class Section(TypedDict):
    """Hold texts with something beside them."""

    type: Literal[9]
    components: list[Component]
    accessory: NotRequired[Component]


class TextDisplay(TypedDict):
    """Hold a text."""

    type: Literal[10]
    content: str


class Thumbnail(TypedDict):
    """Hold the small image beside a section."""

    type: Literal[11]
    media: Media
    description: NotRequired[str | None]
    spoiler: NotRequired[bool]


class GalleryItem(TypedDict):
    """Hold one image or clip of a gallery."""

    media: Media
    description: NotRequired[str | None]
    spoiler: NotRequired[bool]


class Gallery(TypedDict):
    """Hold images and clips."""

    type: Literal[12]
    items: list[GalleryItem]


class FileComponent(TypedDict):
    """Hold a file to fetch."""

    type: Literal[13]
    file: Media
    name: NotRequired[str | None]
    size: NotRequired[int | None]
    spoiler: NotRequired[bool]


class Separator(TypedDict):
    """Hold a line or a gap."""

    type: Literal[14]
    divider: NotRequired[bool]
    spacing: NotRequired[int]


class Container(TypedDict):
    """Hold components in a frame of their own."""

    type: Literal[17]
    components: list[Component]
    accent_color: NotRequired[int | None]
    spoiler: NotRequired[bool]
