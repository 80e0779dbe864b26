"""What a person sees of a message: its text, buttons and media."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from sandbox.discord.components import (
    ACTION_ROW,
    BUTTON,
    CONTAINER,
    TEXT_DISPLAY,
    media_of,
    walk,
)
from sandbox.discord.files import FileStore, StoredFile
from sandbox.discord.json_types import Json, as_object, as_objects

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
    """An image, clip or file that a message shows; `data` is empty for one from another host."""

    filename: str
    size: int
    content_type: str | None
    url: str
    attachment_id: int | None
    data: bytes
    where: Where
    description: str | None


def text_of(content: str, components: list[Json]) -> str:
    """Join the content and all text displays with newlines."""
    displays = [str(part.get("content", "")) for _, part in walk(components) if part.get("type") == TEXT_DISPLAY]
    return "\n".join(part for part in [content, *displays] if part)


def buttons_of(components: list[Json]) -> list[Button]:
    """List the buttons in reading order."""
    rows: dict[str, int] = {}
    buttons: list[Button] = []
    for path, component in walk(components):
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


def accent_of(components: list[Json]) -> int | None:
    """Return the colour of the first container that has one, as 0xRRGGBB."""
    colours = [part.get("accent_color") for _, part in walk(components) if part.get("type") == CONTAINER]
    return next((int(colour) for colour in colours if colour is not None), None)


def attached_media(files: FileStore, attachments: list[StoredFile]) -> list[Media]:
    """List plain attachments as a message without components v2 shows them."""
    return [_of_file(file, files.url(file), file.id, "attachment", file.description) for file in attachments]


def component_media(files: FileStore, components: list[Json], shown: Mapping[str, StoredFile]) -> list[Media]:
    """List what components show, in reading order; `shown` gives the message's own files by their references."""
    media_in_order: list[Media] = []
    for _, component in walk(components):
        for path, media, where in media_of(component):
            holder = as_objects(component.get("items"))[int(path.split(".")[1])] if where == "gallery" else component
            reference, description = str(media.get("url", "")), holder.get("description")
            media_in_order.append(_media(files, shown, reference, cast("Where", where), description))
    return media_in_order


def _media(
    files: FileStore, shown: Mapping[str, StoredFile], reference: str, where: Where, description: str | None
) -> Media:
    if own := shown.get(reference):
        return _of_file(own, files.url(own), own.id, where, description)
    name = reference.split("?")[0].rsplit("/", 1)[-1]
    if other := files.find(reference):
        return Media(name, other.size, other.content_type, reference, None, other.data, where, description)
    return Media(name, 0, None, reference, None, b"", where, description)


def _of_file(file: StoredFile, url: str, attachment_id: int, where: Where, description: str | None) -> Media:
    return Media(file.filename, file.size, file.content_type, url, attachment_id, file.data, where, description)
