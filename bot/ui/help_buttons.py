"""The buttons of /help: its tabs, and the one that makes the first picture."""

import re
from enum import StrEnum
from typing import Any, Self

import discord
from discord.ui import Button

from bot.ui.buttons import CardButton
from bot.ui.text import help as text


class HelpTab(StrEnum):
    """Name what /help tells at once."""

    PICTURES = "pictures"
    FILMS = "films"
    CREDITS = "credits"


def tab_label(tab: HelpTab) -> str:
    """Name a tab."""
    match tab:
        case HelpTab.PICTURES:
            return text.pictures_tab()
        case HelpTab.FILMS:
            return text.films_tab()
        case HelpTab.CREDITS:
            return text.credits_tab()


class HelpTabButton(CardButton, template=rf"help:(?P<tab>{'|'.join(HelpTab)})"):
    """Turn to a tab; the `current` one cannot be clicked."""

    def __init__(self, tab: HelpTab, *, current: bool = False) -> None:
        self.tab = tab
        super().__init__(
            Button[Any](
                label=tab_label(tab),
                custom_id=f"help:{tab}",
                style=discord.ButtonStyle.primary if current else discord.ButtonStyle.secondary,
                disabled=current,
            )
        )

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(HelpTab(match["tab"]))


class FirstPictureButton(CardButton, template=r"first-picture"):
    """Draw the first picture, for what its label says."""

    def __init__(self, price: int = 0) -> None:
        super().__init__(
            Button[Any](
                label=text.first_picture(price),
                emoji="🎨",
                custom_id="first-picture",
                style=discord.ButtonStyle.success,
            )
        )

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls()


HELP_BUTTONS: tuple[type[CardButton], ...] = (HelpTabButton, FirstPictureButton)
"""Every kind of button of /help, for `add_dynamic_items`."""
