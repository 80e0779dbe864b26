"""Draw a joined film, and what is said to whoever wants one."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord
from discord.ui import ActionRow, Container, LayoutView, MediaGallery, TextDisplay

from bot.ui.attachments import small_line
from bot.ui.film_button import FilmButton
from bot.ui.text import films as text


@dataclass(frozen=True)
class ShownFilm:
    """Hold what is shown of a film: its file by name, or else a link; `cards` lead to its parts' cards."""

    job_id: str
    slot: int
    parts: int
    seconds: float
    cards: Sequence[str]
    filename: str | None = None
    link: str | None = None
    bytes: int = 0
    spoiler: bool = False


def film_name(job_id: str, slot: int) -> str:
    """Name the file of the film up to a clip in its message, so that it can be told from every other one."""
    return f"animatic-{job_id}-film{slot + 1}.mp4"


def draw_film(film: ShownFilm) -> LayoutView:
    """Draw a film for a message that replies to its card."""
    name = text.name(film.parts, film.seconds)
    parts: list[discord.ui.Item[LayoutView]] = [TextDisplay(f"**{name}**")]
    if film.filename is not None:
        gallery: MediaGallery[LayoutView] = MediaGallery()
        gallery.add_item(media=f"attachment://{film.filename}", description=name, spoiler=film.spoiler)
        parts.append(gallery)
    elif film.link is not None:
        parts.append(TextDisplay(text.too_large(film.bytes, film.link)))
    parts.append(TextDisplay(f"-# {text.parts(film.cards)}\n-# {text.origin(film.job_id, film.slot)}"))
    view = LayoutView(timeout=None)
    view.add_item(Container(*parts, accent_colour=discord.Colour.green()))
    return view


def is_film(message: discord.Message, job_id: str, slot: int) -> bool:
    """Tell whether a message shows the film up to a clip."""
    return small_line(message).endswith(text.reference(job_id, slot))


def draw_choice(job_id: str, slots: Sequence[int]) -> LayoutView:
    """Ask which clip a film is to end with."""
    row: ActionRow[LayoutView] = ActionRow()
    for slot in slots:
        row.add_item(FilmButton(job_id, slot))
    view = LayoutView(timeout=None)
    view.add_item(TextDisplay(text.choice()))
    view.add_item(row)
    return view


def draw_sentence(sentence: str) -> LayoutView:
    """Say something in the place of a choice."""
    view = LayoutView(timeout=None)
    view.add_item(TextDisplay(sentence))
    return view
