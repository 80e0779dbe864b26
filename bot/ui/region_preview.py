"""The preview of a part that is to be redrawn: only its member sees it, before anything is spent."""

import discord
from discord.ui import ActionRow, Container, LayoutView, MediaGallery, TextDisplay

from bot.domain.job import card_link
from bot.services.region_previews import IMAGES_PER_REDRAW, PricedPreview
from bot.ui.attachments import Upload
from bot.ui.buttons import DiscardButton, RedrawButton
from bot.ui.markdown import MAX_TEXT, escape
from bot.ui.text import region_preview as text

ROOM = MAX_TEXT - 800
"""Characters for the prompt; what else stands on the card has fewer than the rest."""


def draw_preview(priced: PricedPreview) -> LayoutView:
    """Draw a preview; it needs the file of `preview_file`."""
    preview = priced.preview
    gallery: MediaGallery[LayoutView] = MediaGallery()
    gallery.add_item(media=f"attachment://{_name(priced)}", description=text.alt_text())
    row: ActionRow[LayoutView] = ActionRow()
    row.add_item(RedrawButton(preview.id, priced.price))
    row.add_item(DiscardButton(preview.id))
    view = LayoutView(timeout=None)
    view.add_item(
        Container(
            TextDisplay(f"{text.title(card_link(priced.parent), priced.parent.id)}\n{_prompt(priced)}"),
            gallery,
            TextDisplay(_offer(priced)),
            row,
            accent_colour=discord.Colour.light_grey(),
        )
    )
    return view


def preview_file(priced: PricedPreview) -> discord.File:
    """Make the picture of a preview, to be sent once."""
    return Upload(_name(priced), priced.image).file()


def draw_discarded() -> LayoutView:
    """Draw what is left of a preview that was discarded."""
    view = LayoutView(timeout=None)
    view.add_item(TextDisplay(text.discarded()))
    return view


def _name(priced: PricedPreview) -> str:
    return f"region-{priced.preview.id}.jpg"


def _offer(priced: PricedPreview) -> str:
    offer, reading = text.offer(IMAGES_PER_REDRAW, priced.price, priced.left), text.reading(priced.reading)
    return f"-# {reading}\n{offer}" if reading else offer


def _prompt(priced: PricedPreview) -> str:
    if not priced.preview.prompt:
        return f"-# {text.own_prompt()}"
    prompt, removed = escape(priced.preview.prompt, room=ROOM), priced.preview.removed
    return f"> {prompt}\n-# {text.removed(removed)}" if removed else f"> {prompt}"
