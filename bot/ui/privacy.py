"""Draw what is kept of a member, and ask before they are forgotten: what a click means stands in its custom_id."""

import re
from enum import StrEnum
from typing import Any, Self

import discord
from discord.ui import ActionRow, Button, LayoutView, TextDisplay

from bot.services.privacy import PrivacyFacts
from bot.ui.buttons import CardButton
from bot.ui.text import privacy as text


class Step(StrEnum):
    """Say what a button does."""

    SHOW = "show"
    ASK = "ask"
    FORGET = "forget"
    KEEP = "keep"


class PrivacyButton(CardButton, template=r"privacy:(?P<step>show|ask|forget|keep)"):
    """Do something about what is kept of whoever clicks on it."""

    def __init__(self, step: Step) -> None:
        self.step = step
        dangerous = step in (Step.ASK, Step.FORGET)
        style = discord.ButtonStyle.danger if dangerous else discord.ButtonStyle.secondary
        super().__init__(Button[Any](label=_label(step), custom_id=f"privacy:{step}", style=style))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(Step(match["step"]))


def draw_privacy(facts: PrivacyFacts) -> LayoutView:
    """Say what is kept, for how long and where it went, above the buttons."""
    kept_for = facts.kept_for
    return _draw(
        (
            f"### {text.title()}\n{text.what()}",
            text.how_long(kept_for.media_days, kept_for.retention_days),
            text.where_it_went(facts.providers),
        ),
        (Step.SHOW, Step.ASK),
    )


def draw_question() -> LayoutView:
    """Ask once more before a member is forgotten."""
    return _draw((text.question(),), (Step.FORGET, Step.KEEP))


def _draw(paragraphs: tuple[str, ...], steps: tuple[Step, ...]) -> LayoutView:
    view = LayoutView(timeout=None)
    for paragraph in paragraphs:
        view.add_item(TextDisplay(paragraph))
    row: ActionRow[LayoutView] = ActionRow()
    for step in steps:
        row.add_item(PrivacyButton(step))
    view.add_item(row)
    return view


def _label(step: Step) -> str:
    match step:
        case Step.SHOW:
            return text.show_me()
        case Step.ASK:
            return text.forget_me()
        case Step.FORGET:
            return text.forget_me_for_good()
        case Step.KEEP:
            return text.keep()
