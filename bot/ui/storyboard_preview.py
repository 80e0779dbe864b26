"""The preview of a storyboard: only its member sees it, before anything is spent."""

import discord
from discord.ui import ActionRow, Container, LayoutView, TextDisplay, View

from bot.providers.registry import title_of
from bot.services.storyboard_previews import PricedStoryboard
from bot.ui.markdown import MAX_TEXT, escape
from bot.ui.storyboard_buttons import DropButton, MakeButton, RefillButton
from bot.ui.text import storyboards as text
from bot.ui.text.member_settings import used

ROOM = MAX_TEXT - 900
"""Characters for all lines together; what else stands on the preview has fewer than the rest."""


def draw_storyboard_preview(priced: PricedStoryboard) -> LayoutView:
    """Draw a preview: every shot, and what all of them cost."""
    storyboard = priced.storyboard
    room = ROOM // len(storyboard.shots)
    lines: list[str] = []
    for number, shot in enumerate(storyboard.shots, 1):
        lines.append(text.shot_line(number, escape(shot.prompt, room=room - 120)))
        notes = text.join_notes(text.shot_notes(shot, storyboard.params.motion))
        lines += [f"-# {notes[:100]}"] if notes else []
    title = text.preview_title(storyboard.params, len(storyboard.shots), title_of(storyboard.provider))
    chosen = [f"-# {line}" for line in used(priced.like)]
    row: ActionRow[LayoutView] = ActionRow()
    row.add_item(MakeButton(storyboard.id, priced.price))
    row.add_item(DropButton(storyboard.id))
    view = LayoutView(timeout=None)
    view.add_item(
        Container(
            TextDisplay("\n".join([title, *chosen])),
            TextDisplay("\n".join(lines)),
            TextDisplay(text.offer(len(storyboard.shots), priced.price, priced.left)),
            row,
            accent_colour=discord.Colour.light_grey(),
        )
    )
    return view


def draw_refill(storyboard_id: str) -> View:
    """Draw what can be done about lines that were refused, below the sentence that says why."""
    view = View(timeout=None)
    view.add_item(RefillButton(storyboard_id))
    return view


def draw_dropped() -> LayoutView:
    """Draw what is left of a preview that was discarded."""
    view = LayoutView(timeout=None)
    view.add_item(TextDisplay(text.discarded()))
    return view
