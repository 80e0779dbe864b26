"""The menu below a list of somebody's jobs, or a single one, that removes one of them."""

import re
from collections.abc import Sequence
from typing import Any, Self, cast

import discord
from discord.ui import ActionRow, DynamicItem, Item, LayoutView, Select

from bot.domain.job import Job
from bot.ui.buttons import ButtonClient
from bot.ui.text import conduct as text

LABEL = 100
"""Characters of a choice that Discord takes."""


class RemoveMenu(DynamicItem[Select[Any]], template=r"remove-listed"):
    """Be read back from its custom_id, and hand the chosen job to what removes one by its card's menu.

    As there, a choice may be taken back, and is asked for and checked again before anything is done.
    """

    def __init__(self, jobs: Sequence[Job] = ()) -> None:
        options = [discord.SelectOption(label=_label(job), value=job.id, description=job.id) for job in jobs]
        super().__init__(
            Select(
                custom_id="remove-listed", placeholder=text.remove_one(), options=options, min_values=0, max_values=1
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Item[Any], match: re.Match[str], /) -> Self:
        """Read a choice back."""
        return cls()

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand the choice over."""
        chosen = next(iter(self.item.values), None)
        handlers = cast(ButtonClient, interaction.client).click_handlers
        await handlers.handle_more(interaction, chosen or "", None if chosen is None else "remove")


def remove_row(jobs: Sequence[Job]) -> list[Item[LayoutView]]:
    """Draw the menu; nothing where there is nothing to choose."""
    if not jobs:
        return []
    row: ActionRow[LayoutView] = ActionRow()
    row.add_item(RemoveMenu(jobs))
    return [row]


def _label(job: Job) -> str:
    words = " ".join(job.params.prompt.split()) or text.without_words(job)
    return words if len(words) <= LABEL else f"{words[: LABEL - 1]}…"
