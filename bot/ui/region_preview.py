"""The preview of a part that is to be redrawn: only its member sees it, before anything is spent."""

import discord
from discord.ui import ActionRow, Container, LayoutView, MediaGallery, TextDisplay

from bot.domain.job import card_link
from bot.services.region_previews import REDRAWN, Preview
from bot.ui.attachments import Upload
from bot.ui.buttons import DiscardButton, RedrawButton
from bot.ui.markdown import MAX_TEXT, escape
from bot.ui.text.format import count

ROOM = MAX_TEXT - 800
"""Characters for the prompt; what else stands on the card has fewer than the rest."""


def draw_preview(preview: Preview) -> LayoutView:
    """Draw a preview; it needs the file of `preview_file`."""
    draft = preview.draft
    gallery: MediaGallery[LayoutView] = MediaGallery()
    gallery.add_item(media=f"attachment://{_name(preview)}", description="the picture; what is red is redrawn")
    row: ActionRow[LayoutView] = ActionRow()
    row.add_item(RedrawButton(draft.id, f"Redraw, {count(preview.price, 'credit')}"))
    row.add_item(DiscardButton(draft.id))
    view = LayoutView(timeout=None)
    view.add_item(
        Container(
            TextDisplay(f"**New region** of {card_link(preview.parent)} (job {preview.parent.id})\n{_prompt(preview)}"),
            gallery,
            TextDisplay(
                f"What is red is redrawn, as {REDRAWN} pictures to choose from. Nothing is charged yet: that takes "
                f"{count(preview.price, 'credit')}, and you have {preview.left} left."
            ),
            row,
            accent_colour=discord.Colour.light_grey(),
        )
    )
    return view


def preview_file(preview: Preview) -> discord.File:
    """Make the picture of a preview, to be sent once."""
    return Upload(_name(preview), preview.picture).file()


def draw_discarded() -> LayoutView:
    """Draw what is left of a preview that was discarded."""
    view = LayoutView(timeout=None)
    view.add_item(TextDisplay("Discarded. Nothing was charged."))
    return view


def _name(preview: Preview) -> str:
    return f"region-{preview.draft.id}.jpg"


def _prompt(preview: Preview) -> str:
    if not preview.draft.prompt:
        return "-# with the picture's own prompt"
    taken = ", ".join(f"`{word.replace('`', '')[:60]}`" for word in preview.draft.removed[:5])
    return f"> {escape(preview.draft.prompt, room=ROOM)}" + (f"\n-# Taken out of the prompt: {taken}." if taken else "")
