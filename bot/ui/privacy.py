"""Draw what is kept of a member, and ask before they are forgotten: what a press means stands in its custom_id."""

import re
from enum import StrEnum
from typing import Any, Self

import discord
from discord.ui import ActionRow, Button, LayoutView, TextDisplay

from bot.services.privacy import PrivacyFacts
from bot.ui.buttons import CardButton
from bot.ui.text import privacy as text


class Press(StrEnum):
    """Say what a button does."""

    SHOW = "show"
    ASK = "ask"
    FORGET = "forget"
    KEEP = "keep"


class PrivacyButton(CardButton, template=r"privacy:(?P<press>show|ask|forget|keep)"):
    """Do something about what is kept of whoever presses it."""

    def __init__(self, press: Press) -> None:
        self.press = press
        dangerous = press in (Press.ASK, Press.FORGET)
        style = discord.ButtonStyle.danger if dangerous else discord.ButtonStyle.secondary
        super().__init__(Button[Any](label=_label(press), custom_id=f"privacy:{press}", style=style))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(Press(match["press"]))


def draw_privacy(facts: PrivacyFacts) -> LayoutView:
    """Say what is kept, for how long and where it went, above the buttons."""
    kept_for = facts.kept_for
    return _draw(
        (
            f"### {text.title()}\n{text.what()}",
            text.how_long(kept_for.media_days, kept_for.retention_days),
            text.where_it_went(facts.providers),
        ),
        (Press.SHOW, Press.ASK),
    )


def draw_question() -> LayoutView:
    """Ask once more before a member is forgotten."""
    return _draw((text.question(),), (Press.FORGET, Press.KEEP))


def _draw(paragraphs: tuple[str, ...], presses: tuple[Press, ...]) -> LayoutView:
    view = LayoutView(timeout=None)
    for paragraph in paragraphs:
        view.add_item(TextDisplay(paragraph))
    row: ActionRow[LayoutView] = ActionRow()
    for press in presses:
        row.add_item(PrivacyButton(press))
    view.add_item(row)
    return view


def _label(press: Press) -> str:
    match press:
        case Press.SHOW:
            return text.show_me()
        case Press.ASK:
            return text.forget_me()
        case Press.FORGET:
            return text.forget_me_for_good()
        case Press.KEEP:
            return text.keep()
