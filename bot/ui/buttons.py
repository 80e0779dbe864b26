"""The buttons of all cards, old and new: everything a click means stands in its custom_id.

Only DynamicItems may stand on a card, with `timeout=None` and a new view for every send: one plain item would switch
that button off on every older message (discord.md, section 1, pitfalls A and B).
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar, cast

import discord
from discord.ui import Button, DynamicItem, Item

from bot.domain.job import Kind
from bot.domain.params import Motion
from bot.ui.interactions import Interaction, begin, check_installation, report
from bot.ui.text import buttons as text

AnyButton = TypeVar("AnyButton", bound="CardButton")

SYMBOLS = {Motion.LOW: "⏩", Motion.HIGH: "⚡", None: "⏩"}


@dataclass(frozen=True)
class ExtendClick:
    """Hold what a click on an extend button asks for; `slot` counts from 0, the custom_id from 1 as people do."""

    parent_id: str
    slot: int
    motion: Motion | None


@dataclass(frozen=True)
class AnimateClick:
    """Hold which image of a job is to move, counted from 1, and how much."""

    job_id: str
    number: int
    motion: Motion | None


class ClickHandlers:
    """Know who carries out clicks, choices and sent modals: each cog adds what it has."""

    def __init__(self) -> None:
        self._buttons: dict[type[CardButton], Callable[[Interaction, Any], Awaitable[None]]] = {}
        self._modals: list[Callable[[Interaction], Awaitable[bool]]] = []
        self._more: dict[str, Callable[[Interaction, str], Awaitable[None]]] = {}

    def on_click(self, button: type[AnyButton], handler: Callable[[Interaction, AnyButton], Awaitable[None]]) -> None:
        """Let clicks on one kind of button be carried out by a handler."""
        self._buttons[button] = handler

    def on_more(self, entry: str, handler: Callable[[Interaction, str], Awaitable[None]]) -> None:
        """Let an entry of the menu at a card's end be carried out by a handler, which is given the job's id."""
        self._more[entry] = handler

    def on_modal(self, handler: Callable[[Interaction], Awaitable[bool]]) -> None:
        """Let sent modals be carried out by a handler, which gives False for one that is not its own."""
        self._modals.append(handler)

    async def handle_click(self, interaction: Interaction, button: "CardButton") -> None:
        """Carry out a click, or tell the member what went wrong: a DynamicItem's exceptions reach no other handler."""
        begin(interaction)
        try:
            check_installation(interaction)
            await self._buttons[type(button)](interaction, button)
        except Exception as error:  # noqa: BLE001  # this is the last handler there is
            await report(interaction, error)

    async def handle_more(self, interaction: Interaction, job_id: str, entry: str | None) -> None:
        """Carry out an entry that was chosen, or tell the member what went wrong; None is a choice taken back."""
        begin(interaction)
        try:
            check_installation(interaction)
            if entry is None:
                await interaction.response.defer()
            else:
                await self._more[entry](interaction, job_id)
        except Exception as error:  # noqa: BLE001  # this is the last handler there is
            await report(interaction, error)

    async def handle_modal(self, interaction: Interaction) -> None:
        """Carry out a sent modal, or tell the member what went wrong."""
        begin(interaction)
        try:
            check_installation(interaction)
            for handler in self._modals:
                if await handler(interaction):
                    return
        except Exception as error:  # noqa: BLE001  # this is the last handler there is
            await report(interaction, error)


class ButtonClient(Protocol):
    """Be the client that buttons find their handlers at."""

    click_handlers: ClickHandlers


class CardButton(DynamicItem[Button[Any]], template=r"(?!)"):
    """Be read back from its custom_id, and hand its clicks over."""

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item[Any], match: re.Match[str], /) -> Self:
        """Read a click back from its custom_id."""
        return cls.from_match(match)

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Make the button that a custom_id describes."""
        raise NotImplementedError  # each kind reads its own; the template of this one matches nothing

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand the click over."""
        await cast(ButtonClient, interaction.client).click_handlers.handle_click(interaction, self)


class ExtendButton(CardButton, template=r"extend:(?P<job>[0-9a-z]{1,32}):(?P<clip>[1-9]):(?P<motion>low|high|none)"):
    """Extend one clip of a job."""

    def __init__(self, click: ExtendClick) -> None:
        self.click = click
        super().__init__(
            Button(
                label=str(click.slot + 1),
                emoji=SYMBOLS[click.motion],
                custom_id=f"extend:{click.parent_id}:{click.slot + 1}:{click.motion or 'none'}",
            )
        )

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        motion = None if match["motion"] == "none" else Motion(match["motion"])
        return cls(ExtendClick(match["job"], int(match["clip"]) - 1, motion))


class WordsButton(CardButton, template=r"words:(?P<job>[0-9a-z]{1,32})"):
    """Open the modal for an extend with words."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        super().__init__(Button(label=text.words(), emoji="✏️", custom_id=f"words:{job_id}"))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["job"])


class CancelButton(CardButton, template=r"cancel:(?P<job>[0-9a-z]{1,32})"):
    """Take a waiting job back."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        super().__init__(Button(label=text.cancel(), custom_id=f"cancel:{job_id}"))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["job"])


class AgainButton(
    CardButton, template=r"again:(?P<job>[0-9a-z]{1,32})(?::(?P<least>[0-9]{1,9}):(?P<most>[0-9]{1,9}))?"
):
    """Ask for the same as a job that failed, for what its label says; `told` is that price, which old ones lack."""

    def __init__(self, job_id: str, told: tuple[int, int] | None = None) -> None:
        self.job_id, self.told = job_id, told
        price = "" if told is None else f":{told[0]}:{told[1]}"
        super().__init__(
            Button(
                label=text.again(*(told or (0, 0))),
                custom_id=f"again:{job_id}{price}",
                style=discord.ButtonStyle.primary,
            )
        )

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        told = None if match["least"] is None else (int(match["least"]), int(match["most"]))
        return cls(match["job"], told)


class EditButton(CardButton, template=r"edit:(?P<job>[0-9a-z]{1,32})"):
    """Open the modal with everything that a refused job asked for."""

    def __init__(self, job_id: str, kind: Kind = Kind.IMAGINE) -> None:
        self.job_id = job_id
        super().__init__(Button(label=text.edit(kind), custom_id=f"edit:{job_id}"))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["job"])


class ActionButton(CardButton, template=r"act:(?P<job>[0-9a-z]{1,32}):(?P<action>[a-z][a-z0-9_]{1,40})"):
    """Do something with an image."""

    def __init__(self, job_id: str, action: str) -> None:
        self.job_id, self.action = job_id, action
        super().__init__(Button(label=text.action(action), custom_id=f"act:{job_id}:{action}"))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["job"], match["action"])


class AnimateButton(
    CardButton, template=r"animate:(?P<job>[0-9a-z]{1,32}):(?P<number>[1-9]):(?P<motion>low|high|none)"
):
    """Open the modal for a film of an image."""

    def __init__(self, click: AnimateClick) -> None:
        self.click = click
        super().__init__(
            Button(
                label=str(click.number),
                emoji=SYMBOLS[click.motion],
                custom_id=f"animate:{click.job_id}:{click.number}:{click.motion or 'none'}",
            )
        )

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        motion = None if match["motion"] == "none" else Motion(match["motion"])
        return cls(AnimateClick(match["job"], int(match["number"]), motion))


class ImagineButton(CardButton, template=r"imagine:(?P<job>[0-9a-z]{1,32}):(?P<number>[1-9])"):
    """Draw one of a description's prompts."""

    def __init__(self, job_id: str, number: int) -> None:
        self.job_id, self.number = job_id, number
        super().__init__(Button(label=text.imagine(number), custom_id=f"imagine:{job_id}:{number}"))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["job"], int(match["number"]))


class RedrawButton(CardButton, template=r"region:(?P<preview>[0-9a-z]{1,32})"):
    """Confirm a preview, and spend what its label says."""

    def __init__(self, preview_id: str, price: int | None = None) -> None:
        self.preview_id = preview_id
        super().__init__(
            Button(label=text.redraw(price), custom_id=f"region:{preview_id}", style=discord.ButtonStyle.primary)
        )

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["preview"])


class DiscardButton(CardButton, template=r"discard:(?P<preview>[0-9a-z]{1,32})"):
    """Throw a preview away."""

    def __init__(self, preview_id: str) -> None:
        self.preview_id = preview_id
        super().__init__(Button(label=text.discard(), custom_id=f"discard:{preview_id}"))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["preview"])


BUTTONS: tuple[type[CardButton], ...] = (
    ExtendButton,
    WordsButton,
    CancelButton,
    AgainButton,
    EditButton,
    ActionButton,
    AnimateButton,
    ImagineButton,
    RedrawButton,
    DiscardButton,
)
"""Every kind of button, for `add_dynamic_items`."""
