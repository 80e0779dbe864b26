"""What a person sees of a message's components."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from sandbox.discord.components import (
    ACTION_ROW,
    BUTTON,
    CONTAINER,
    TEXT_DISPLAY,
    media_of,
    walk,
)
from sandbox.discord.json_types import Json, as_object, as_objects

if TYPE_CHECKING:
    from sandbox.discord.messages import Message

Where = Literal["gallery", "thumbnail", "file", "attachment"]


@dataclass(frozen=True)
class Button:
    """A button; `row` counts action rows from 0 and is None for a section's accessory."""

    custom_id: str | None
    label: str
    emoji: str
    disabled: bool
    style: int
    row: int | None
    url: str | None


@dataclass(frozen=True)
class Media:
    """A picture, video or file that a message shows; `data` is empty for one from another host."""

    filename: str
    size: int
    content_type: str | None
    url: str
    attachment_id: int | None
    data: bytes
    where: Where
    description: str | None


def text_of(message: Message) -> str:
    """Join the content and all text displays with newlines."""
    displays = [
        str(part.get("content", "")) for _, part in walk(message.components) if part.get("type") == TEXT_DISPLAY
    ]
    return "\n".join(part for part in [message.content, *displays] if part)


def buttons_of(message: Message) -> list[Button]:
    """List the buttons in reading order."""
    rows: dict[str, int] = {}
    buttons: list[Button] = []
    for path, component in walk(message.components):
        if component.get("type") == ACTION_ROW:
            rows[path] = len(rows)
        elif component.get("type") == BUTTON:
            row = next((index for start, index in rows.items() if path.startswith(start + ".")), None)
            buttons.append(_button(component, row))
    return buttons


def _button(component: Json, row: int | None) -> Button:
    emoji = as_object(component.get("emoji"))
    return Button(
        custom_id=component.get("custom_id"),
        label=str(component.get("label") or ""),
        emoji=str(emoji.get("name") or ""),
        disabled=bool(component.get("disabled")),
        style=int(component.get("style", 0)),
        row=row,
        url=component.get("url"),
    )


def accent_of(message: Message) -> int | None:
    """Return the colour of the first container that has one, as 0xRRGGBB."""
    colours = [part.get("accent_color") for _, part in walk(message.components) if part.get("type") == CONTAINER]
    return next((int(colour) for colour in colours if colour is not None), None)


def media_shown(message: Message) -> list[Media]:
    """List what the message shows, in reading order: by components, or as plain attachments."""
    if not message.uses_components_v2:
        return [
            Media(
                f.filename,
                f.size,
                f.content_type,
                message.world.files.url(f),
                f.id,
                f.data,
                "attachment",
                f.description,
            )
            for f in message.attachments
        ]
    shown: list[Media] = []
    for _, component in walk(message.components):
        for path, media, where in media_of(component):
            holder = as_objects(component.get("items"))[int(path.split(".")[1])] if where == "gallery" else component
            shown.append(_media(message, str(media.get("url", "")), cast("Where", where), holder.get("description")))
    return shown


def _media(message: Message, reference: str, where: Where, description: str | None) -> Media:
    files = message.world.files
    if own := message.shown.get(reference):
        url = files.url(own)
        return Media(own.filename, own.size, own.content_type, url, own.id, own.data, where, description)
    name = reference.split("?")[0].rsplit("/", 1)[-1]
    if other := files.named_by(reference):
        return Media(name, other.size, other.content_type, reference, None, other.data, where, description)
    return Media(name, 0, None, reference, None, b"", where, description)
