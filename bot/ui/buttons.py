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

from bot.domain.image_actions import ACTIONS
from bot.domain.params import Motion

SYMBOLS = {Motion.LOW: "⏩", Motion.HIGH: "⚡", None: "⏩"}


@dataclass(frozen=True)
class ExtendClick:
    """Hold what a click on an extend button asks for; `slot` counts from 0, the custom_id from 1 as people do."""

    parent_id: str
    slot: int
    motion: Motion | None


@dataclass(frozen=True)
class AnimateClick:
    """Hold which picture of a job is to move, counted from 1, and how much."""

    job_id: str
    number: int
    motion: Motion | None


class Presses(Protocol):
    """Carry out clicks."""

    async def press_action(self, interaction: discord.Interaction, job_id: str, action: str) -> None:
        """Carry out a click on a button that does something with a picture."""
        ...

    async def press_animate(self, interaction: discord.Interaction, press: AnimateClick) -> None:
        """Carry out a click on a button that opens the form for a film of a picture."""
        ...

    async def press_imagine(self, interaction: discord.Interaction, job_id: str, number: int) -> None:
        """Carry out a click on a button that draws one of a description's prompts."""
        ...

    async def press_extend(self, interaction: discord.Interaction, press: ExtendClick) -> None:
        """Carry out a click on an extend button."""
        ...

    async def press_cancel(self, interaction: discord.Interaction, job_id: str) -> None:
        """Carry out a click on a cancel button."""
        ...

    async def press_redraw(self, interaction: discord.Interaction, draft_id: str) -> None:
        """Carry out a click that confirms a preview."""
        ...

    async def press_discard(self, interaction: discord.Interaction, draft_id: str) -> None:
        """Carry out a click that throws a preview away."""
        ...

    async def submit(self, interaction: discord.Interaction) -> bool:
        """Carry out a form that was sent; False when it is not one of ours."""
        ...


class ButtonClient(Protocol):
    """Be the client that buttons find their clicks' use cases at."""

    presses: Presses

    async def report(self, interaction: discord.Interaction, error: Exception) -> None:
        """Tell the member what went wrong."""
        ...


class ExtendButton(
    DynamicItem[Button[Any]], template=r"extend:(?P<job>[0-9a-z]{1,32}):(?P<clip>[1-9]):(?P<motion>low|high|none)"
):
    """Extend one clip of a job."""

    def __init__(self, press: ExtendClick) -> None:
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
        return cls(ExtendClick(match["job"], int(match["clip"]) - 1, motion))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand the click over."""
        host = cast(ButtonClient, interaction.client)
        await _run_handler(host, interaction, host.presses.press_extend(interaction, self.press))


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
        host = cast(ButtonClient, interaction.client)
        await _run_handler(host, interaction, host.presses.press_cancel(interaction, self.job_id))


class ActionButton(DynamicItem[Button[Any]], template=r"act:(?P<job>[0-9a-z]{1,32}):(?P<action>[a-z][a-z0-9_]{1,40})"):
    """Do something with a picture."""

    def __init__(self, job_id: str, action: str) -> None:
        self.job_id, self.action = job_id, action
        label = ACTIONS[action].label if action in ACTIONS else action
        super().__init__(Button(label=label, custom_id=f"act:{job_id}:{action}"))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item[Any], match: re.Match[str], /) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["job"], match["action"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand the click over."""
        host = cast(ButtonClient, interaction.client)
        await _run_handler(host, interaction, host.presses.press_action(interaction, self.job_id, self.action))


class AnimateButton(
    DynamicItem[Button[Any]], template=r"animate:(?P<job>[0-9a-z]{1,32}):(?P<number>[1-9]):(?P<motion>low|high|none)"
):
    """Open the form for a film of a picture."""

    def __init__(self, press: AnimateClick) -> None:
        self.press = press
        super().__init__(
            Button(
                label=str(press.number),
                emoji=SYMBOLS[press.motion],
                custom_id=f"animate:{press.job_id}:{press.number}:{press.motion or 'none'}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item[Any], match: re.Match[str], /) -> Self:
        """Read a click back from its custom_id."""
        motion = None if match["motion"] == "none" else Motion(match["motion"])
        return cls(AnimateClick(match["job"], int(match["number"]), motion))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand the click over."""
        host = cast(ButtonClient, interaction.client)
        await _run_handler(host, interaction, host.presses.press_animate(interaction, self.press))


class ImagineButton(DynamicItem[Button[Any]], template=r"imagine:(?P<job>[0-9a-z]{1,32}):(?P<number>[1-9])"):
    """Draw one of a description's prompts."""

    def __init__(self, job_id: str, number: int) -> None:
        self.job_id, self.number = job_id, number
        super().__init__(Button(label=f"Imagine {number}", custom_id=f"imagine:{job_id}:{number}"))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item[Any], match: re.Match[str], /) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["job"], int(match["number"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand the click over."""
        host = cast(ButtonClient, interaction.client)
        await _run_handler(host, interaction, host.presses.press_imagine(interaction, self.job_id, self.number))


class RedrawButton(DynamicItem[Button[Any]], template=r"region:(?P<draft>[0-9a-z]{1,32})"):
    """Confirm a preview, and spend what its label says."""

    def __init__(self, draft_id: str, label: str = "Redraw") -> None:
        self.draft_id = draft_id
        super().__init__(Button(label=label, custom_id=f"region:{draft_id}", style=discord.ButtonStyle.primary))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item[Any], match: re.Match[str], /) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["draft"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand the click over."""
        host = cast(ButtonClient, interaction.client)
        await _run_handler(host, interaction, host.presses.press_redraw(interaction, self.draft_id))


class DiscardButton(DynamicItem[Button[Any]], template=r"discard:(?P<draft>[0-9a-z]{1,32})"):
    """Throw a preview away."""

    def __init__(self, draft_id: str) -> None:
        self.draft_id = draft_id
        super().__init__(Button(label="Discard", custom_id=f"discard:{draft_id}"))

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item[Any], match: re.Match[str], /) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["draft"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand the click over."""
        host = cast(ButtonClient, interaction.client)
        await _run_handler(host, interaction, host.presses.press_discard(interaction, self.draft_id))


async def _run_handler(host: ButtonClient, interaction: discord.Interaction, press: Awaitable[None]) -> None:
    """Carry out a click; a DynamicItem's exceptions reach no handler, so they are caught here."""
    try:
        await press
    except Exception as error:  # noqa: BLE001  # this is the last handler there is
        await host.report(interaction, error)


BUTTONS: tuple[type[DynamicItem[Button[Any]]], ...] = (
    ExtendButton,
    CancelButton,
    ActionButton,
    AnimateButton,
    ImagineButton,
    RedrawButton,
    DiscardButton,
)
"""Every kind of button, for `add_dynamic_items`."""
