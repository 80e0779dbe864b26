"""The buttons of all cards, old and new: everything a click means stands in its custom_id.

Only DynamicItems may stand on a card, with `timeout=None` and a new view for every send: one plain item would switch
that button off on every older message (discord.md, section 1, pitfalls A and B).
"""

import re
from collections.abc import Awaitable
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


class Presses(Protocol):
    """Carry out clicks."""

    async def press_extend(self, interaction: discord.Interaction, press: ExtendPress) -> None:
        """Carry out a click on an extend button."""
        ...

    async def press_cancel(self, interaction: discord.Interaction, job_id: str) -> None:
        """Carry out a click on a cancel button."""
        ...


class ButtonHost(Protocol):
    """Be the client that buttons find their clicks' use cases at."""

    presses: Presses

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
        """Hand the click over."""
        host = cast(ButtonHost, interaction.client)
        await _guarded(host, interaction, host.presses.press_extend(interaction, self.press))


class CancelButton(DynamicItem[Button[Any]], template=r"cancel:(?P<job>[0-9a-z]{1,32})"):
    """Take a waiting job back."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        super().__init__(Button(label="Cancel", custom_id=f"cancel:{job_id}"))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item[Any], match: re.Match[str], /) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["job"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand the click over."""
        host = cast(ButtonHost, interaction.client)
        await _guarded(host, interaction, host.presses.press_cancel(interaction, self.job_id))


async def _guarded(host: ButtonHost, interaction: discord.Interaction, press: Awaitable[None]) -> None:
    """Carry out a click; a DynamicItem's exceptions reach no handler, so they are caught here."""
    try:
        await press
    except Exception as error:  # noqa: BLE001  # this is the last handler there is
        await host.report(interaction, error)


BUTTONS: tuple[type[DynamicItem[Button[Any]]], ...] = (ExtendButton, CancelButton)
"""Every kind of button, for `add_dynamic_items`."""
