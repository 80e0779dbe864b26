"""Files on a card: their names, sending them once, keeping them, and finding them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import discord

from bot.domain.job import Clip


@dataclass(frozen=True)
class Upload:
    """Hold one file for a card; a new `discord.File` is made for every request, because a sent one is empty."""

    filename: str
    content: bytes | Path
    """What is in it, or the file of this machine that is sent piece by piece."""

    @property
    def size(self) -> int:
        """Give its size in bytes."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size

    def file(self) -> discord.File:
        """Make a file to be sent once."""
        return discord.File(BytesIO(self.content) if isinstance(self.content, bytes) else self.content, self.filename)


@dataclass(frozen=True)
class KeptAttachment:
    """Name a file that is on the message and stays; an edit that adds files drops those it does not list."""

    id: int
    filename: str

    def to_dict(self) -> dict[str, Any]:
        """Write it as discord.py writes attachments."""
        return {"id": self.id, "filename": self.filename}


def frame_name(role: str) -> str:
    """Name the file of the start or end image on the card."""
    return f"{role}.jpg"


def clip_name(clip: Clip) -> str:
    """Name a clip's or a picture's file on the card, so that it can be told from every other one; ASCII only."""
    suffix = Path(clip.media_file).suffix if clip.media_file else ".mp4"
    return f"animatic-{clip.job_id}-{clip.slot + 1}{suffix}"


def media_in(components: Sequence[Any]) -> list[discord.UnfurledMediaItem]:
    """Collect what the galleries and thumbnails among a message's components show, however deep they stand."""
    found: list[discord.UnfurledMediaItem] = []
    for component in components:
        if isinstance(component, discord.MediaGalleryComponent):
            found += [item.media for item in component.items]
        elif isinstance(component, discord.ThumbnailComponent):
            found.append(component.media)
        found += media_in(getattr(component, "children", ()))
        accessory = getattr(component, "accessory", None)
        if accessory is not None:
            found += media_in([accessory])
    return found


def has_button(message: discord.Message, custom_id: str) -> bool:
    """Tell whether a message shows a button, or a menu."""
    return custom_id in custom_ids_in(message)


def custom_ids_in(message: discord.Message) -> list[str]:
    """Give the custom_ids of all buttons and menus of a message."""
    return _custom_ids(message.components)


def attachments_by_name(message: discord.Message) -> dict[str, discord.UnfurledMediaItem]:
    """Find the files that a card shows; a message's `attachments` are empty for them (discord.md, section 1)."""
    shown = media_in(message.components)
    return {item.url.split("?")[0].rsplit("/", 1)[-1]: item for item in shown if item.attachment_id is not None}


def names_shown(message: discord.Message) -> set[str]:
    """Name the files that a card shows, also those that Discord has not looked at yet."""
    return {item.url.split("?")[0].rsplit("/", 1)[-1] for item in media_in(message.components)}


def is_card_of(message: discord.Message, job_id: str) -> bool:
    """Tell whether a message is a job's card, by the id at the end of its small line; results of it end otherwise."""
    line = small_line(message)
    return line.startswith("-# ") and line.endswith(job_id)


def small_line(message: discord.Message) -> str:
    """Give the words that a message ends with."""
    return next(reversed(_texts(message.components)), "")


def _texts(components: Sequence[Any]) -> list[str]:
    found: list[str] = []
    for component in components:
        if isinstance(component, discord.TextDisplay):
            found.append(component.content)
        found += _texts(getattr(component, "children", ()))
    return found


def _custom_ids(components: Sequence[Any]) -> list[str]:
    found: list[str] = []
    for component in components:
        if isinstance(component, discord.Button | discord.SelectMenu) and component.custom_id is not None:
            found.append(component.custom_id)
        found += _custom_ids(getattr(component, "children", ()))
    return found


def image_links(message: discord.Message | None) -> dict[str, str]:
    """Give the links to the images that a card shows as what a film starts or ends with, by their role."""
    shown = attachments_by_name(message) if message is not None else {}
    return {role: shown[frame_name(role)].url for role in ("start", "end") if frame_name(role) in shown}
