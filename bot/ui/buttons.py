"""The buttons of all cards, old and new: everything a click means stands in its custom_id.

Only DynamicItems may stand on a card, with `timeout=None` and a new view for every send: one plain item would switch
that button off on every older message (discord.md, section 1, pitfalls A and B).
"""

import re
from dataclasses import dataclass
from typing import Any, Protocol, Self, cast

import discord
from discord.ui import Button, DynamicItem, Item

from bot.domain import Motion

SYMBOLS = {Motion.LOW: "⏩", Motion.HIGH: "⚡", None: "⏩"}


@dataclass(frozen=True)
class ExtendPress:
    """Hold what a click on an extend button asks for; `slot` counts from 0, the custom_id from 1 as people do."""

    parent_id: str
    slot: int
    motion: Motion | None


class ButtonHost(Protocol):
    """Be the client that buttons hand their clicks to."""

    async def press_extend(self, interaction: discord.Interaction, press: ExtendPress) -> None:
        """Carry out a click on an extend button."""
        ...

    async def report(self, interaction: discord.Interaction, error: Exception) -> None:
        """Tell the member what went wrong."""
        ...


class ExtendButton(
    DynamicItem[Button[Any]], template=r"extend:(?P<job>[0-9a-z]{1,32}):(?P<clip>[1-9]):(?P<motion>low|high|none)"
):
    """Extend one clip of a job."""

    def __init__(self, press: ExtendPress) -> None:
        self.press = press
        super().__init__(
            Button(
                label=str(press.slot + 1),
                emoji=SYMBOLS[press.motion],
                custom_id=f"extend:{press.parent_id}:{press.slot + 1}:{press.motion or 'none'}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item[Any], match: re.Match[str], /) -> Self:
        """Read a click back from its custom_id."""
        motion = None if match["motion"] == "none" else Motion(match["motion"])
        return cls(ExtendPress(match["job"], int(match["clip"]) - 1, motion))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand the click over; a DynamicItem's exceptions reach no handler, so they are caught here."""
        host = cast(ButtonHost, interaction.client)
        try:
            await host.press_extend(interaction, self.press)
        except Exception as error:  # noqa: BLE001  # this is the last handler there is
            await host.report(interaction, error)


BUTTONS: tuple[type[DynamicItem[Button[Any]]], ...] = (ExtendButton,)
"""Every kind of button, for `add_dynamic_items`."""
