"""The buttons of storyboards: below a preview, and on the one card of all shots."""

import re
from typing import Self

import discord
from discord.ui import Button

from bot.ui.buttons import CardButton
from bot.ui.text import buttons
from bot.ui.text import storyboards as text


class MakeButton(CardButton, template=r"make:(?P<storyboard>[0-9a-z]{1,32})(?::(?P<price>[0-9]{1,9}))?"):
    """Have a previewed storyboard made, and spend what its label says; old ones do not tell how much that was."""

    def __init__(self, storyboard_id: str, price: int | None = None) -> None:
        self.storyboard_id, self.price = storyboard_id, price
        super().__init__(
            Button(
                label=text.make(price),
                custom_id=f"make:{storyboard_id}{_told(price)}",
                style=discord.ButtonStyle.primary,
            )
        )

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["storyboard"], _price(match))


class RefillButton(CardButton, template=r"refill:(?P<storyboard>[0-9a-z]{1,32})"):
    """Open the form once more whose lines were refused, with them in it."""

    def __init__(self, storyboard_id: str) -> None:
        self.storyboard_id = storyboard_id
        super().__init__(
            Button(label=text.refill(), custom_id=f"refill:{storyboard_id}", style=discord.ButtonStyle.primary)
        )

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["storyboard"])


class DropButton(CardButton, template=r"drop:(?P<storyboard>[0-9a-z]{1,32})"):
    """Throw a storyboard's preview away."""

    def __init__(self, storyboard_id: str) -> None:
        self.storyboard_id = storyboard_id
        super().__init__(Button(label=buttons.discard(), custom_id=f"drop:{storyboard_id}"))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["storyboard"])


class StopButton(CardButton, template=r"stop:(?P<storyboard>[0-9a-z]{1,32})"):
    """Take back the shots that wait."""

    def __init__(self, storyboard_id: str) -> None:
        self.storyboard_id = storyboard_id
        super().__init__(Button(label=text.stop(), custom_id=f"stop:{storyboard_id}"))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["storyboard"])


class GoOnButton(
    CardButton, template=r"goon:(?P<storyboard>[0-9a-z]{1,32}):(?P<shot>[1-8])(?::(?P<price>[0-9]{1,9}))?"
):
    """Take a storyboard up again from a shot on, counted from 1 as people do, and spend what its label says."""

    def __init__(self, storyboard_id: str, shot: int, price: int | None = None) -> None:
        self.storyboard_id, self.shot, self.price = storyboard_id, shot, price
        super().__init__(
            Button(
                label=text.go_on(shot, price),
                custom_id=f"goon:{storyboard_id}:{shot}{_told(price)}",
                style=discord.ButtonStyle.primary,
            )
        )

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["storyboard"], int(match["shot"]), _price(match))


def _told(price: int | None) -> str:
    return "" if price is None else f":{price}"


def _price(match: re.Match[str]) -> int | None:
    return None if match["price"] is None else int(match["price"])


STORYBOARD_BUTTONS: tuple[type[CardButton], ...] = (MakeButton, RefillButton, DropButton, StopButton, GoOnButton)
"""Every kind of these, for `add_dynamic_items`."""
