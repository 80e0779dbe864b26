"""What a card offers besides going on: one menu at its end.

A new entry is a line of `ENTRIES`, and its handler is told to `ClickHandlers.on_more`. Each is a choice of the same
menu, because a message holds 40 components and the fullest card has few left.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Self, cast

import discord
from discord.ui import ActionRow, DynamicItem, Item, LayoutView, Select

from bot.domain.job import Job, Kind, State
from bot.ui.buttons import ButtonClient
from bot.ui.text import buttons, job_lists, removals
from bot.ui.text import more_menu as text

COMPONENTS = 2
"""How many components the menu is: its row and itself."""


@dataclass(frozen=True)
class MoreEntry:
    """Hold one choice: what is sent for it, what it is called on a job's card, and on which cards it stands.

    What it is called may name what the same job costs again, in credits.
    """

    value: str
    label: Callable[[Job, int], str]
    fits: Callable[[Job], bool]


class MoreMenu(DynamicItem[Select[Any]], template=r"more:(?P<job>[0-9a-z]{1,32})"):
    """Be read back from its custom_id, and hand over what was chosen.

    No choice at all is allowed: Discord shows what was chosen until the card changes, and sends it again only once it
    was taken back.
    """

    def __init__(self, job_id: str, options: list[discord.SelectOption] | None = None) -> None:
        self.job_id = job_id
        super().__init__(
            Select(
                custom_id=f"more:{job_id}",
                placeholder=text.placeholder(),
                options=options or [],
                min_values=0,
                max_values=1,
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item[Any], match: re.Match[str], /) -> Self:
        """Read a choice back from the menu's custom_id."""
        return cls(match["job"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand the choice over; where it was taken back there is nothing to do."""
        handlers = cast(ButtonClient, interaction.client).click_handlers
        await handlers.handle_more(interaction, self.job_id, next(iter(self.item.values), None))


def more_row(
    job: Job, price: int, offered: Collection[str] | None = None, withheld: Collection[str] = ()
) -> list[Item[LayoutView]]:
    """Draw the menu of a card, of all entries or those `offered`, but for those `withheld`.

    While its job is under way it can only be removed.
    """
    if job.state not in ENDED:
        offered = ("remove",)
    entries = [
        one
        for one in ENTRIES
        if one.fits(job) and one.value not in withheld and (offered is None or one.value in offered)
    ]
    options = [discord.SelectOption(label=one.label(job, price), value=one.value) for one in entries]
    row: ActionRow[LayoutView] = ActionRow()
    row.add_item(MoreMenu(job.id, options))
    return [row]


ENDED = (State.DONE, State.FAILING, State.FAILED)
"""The states in which a card tells a job's end."""


def withheld_entries(*, has_showcase: bool, hides_all: bool) -> Collection[str]:
    """Name the entries that its server lets nobody use: without a showcase, or where everything is hidden."""
    return [*(() if has_showcase else ("share",)), *(("unhide",) if hides_all else ())]


def has_form(job: Job) -> bool:
    """Tell whether a job has anything that could be changed in a form."""
    return job.kind not in (Kind.DESCRIBE, Kind.SEED)


def _is_description(job: Job) -> bool:
    return job.kind is Kind.DESCRIBE and job.state is State.DONE


def _shows_media(job: Job) -> bool:
    return job.kind.makes_video or (job.kind.makes_images and job.state is State.DONE)


def _is_done(job: Job) -> bool:
    return job.state is State.DONE


def _always(job: Job) -> bool:
    return True


ENTRIES = (
    MoreEntry("edit", lambda job, price: buttons.edit(job.kind), has_form),
    MoreEntry("shots", lambda job, price: buttons.edit(job.kind), lambda job: job.storyboard_id is not None),
    MoreEntry("again", lambda job, price: text.describe_again(price), _is_description),
    MoreEntry("star", lambda job, price: job_lists.star(), _always),
    MoreEntry("share", lambda job, price: text.share(), lambda job: _shows_media(job) and _is_done(job)),
    MoreEntry("hide", lambda job, price: text.hide(), lambda job: _shows_media(job) and not job.spoiler),
    MoreEntry("unhide", lambda job, price: text.unhide(), lambda job: _shows_media(job) and bool(job.spoiler)),
    MoreEntry("remove", lambda job, price: removals.remove(), _always),
)
"""Every entry, in the order in which they stand."""
