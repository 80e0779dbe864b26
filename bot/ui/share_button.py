"""The button of the showcase: it stands where it is asked which result is shared, or whether it is at all."""

import re
from typing import Self

import discord
from discord.ui import Button

from bot.domain.showcase import FILM
from bot.ui.buttons import CardButton
from bot.ui.text import showcase as text


class ShareButton(CardButton, template=r"share:(?P<job>[0-9a-z]{1,32}):(?P<result>[1-9]|film)(?P<sure>:sure)?"):
    """Share one result of a job; `sure` once its maker was asked."""

    def __init__(self, job_id: str, slot: int, *, number: int = 0, sure: bool = False) -> None:
        self.job_id, self.slot, self.sure = job_id, slot, sure
        named = "film" if slot == FILM else str(slot + 1)
        label = text.yes() if sure else text.film() if slot == FILM else str(number or slot + 1)
        super().__init__(
            Button(
                label=label,
                custom_id=f"share:{job_id}:{named}{':sure' if sure else ''}",
                style=discord.ButtonStyle.primary if sure else discord.ButtonStyle.secondary,
            )
        )

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        slot = FILM if match["result"] == "film" else int(match["result"]) - 1
        return cls(match["job"], slot, sure=match["sure"] is not None)
