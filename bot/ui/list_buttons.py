"""The buttons of lists of jobs: what a list holds, and where a page begins, stand in their custom_id."""

import re
from typing import Any, Self

import discord
from discord.ui import Button

from bot.domain.job_lists import JobQuery, Only, Place
from bot.ui.buttons import CardButton
from bot.ui.text import job_lists as text

_ONLY: dict[Only | None, str] = {None: "a", Only.FILMS: "v", Only.PICTURES: "p", Only.FAILED: "f"}
_FROM_LETTER = {letter: only for only, letter in _ONLY.items()}

_FIRST = "t"
"""Stands for the first page; `o` for the older ones from a place on, `n` for the newer ones."""


def _which(query: JobQuery) -> str:
    """Tell jobs from stars, and own ones from those of another member."""
    return "s" if query.starred else "m" if query.moderated else "j"


class ListPageButton(
    CardButton,
    template=r"list:(?P<user>\d{1,20}):(?P<which>[jsm])(?P<only>[avpf])"
    r":(?P<way>[ton])(?P<at>\d{1,16})\.(?P<job>[0-9a-z]{0,32}):(?P<words>.{0,60})",
):
    """Turn to a page of a list, or narrow it down."""

    def __init__(self, query: JobQuery, place: Place | None = None, label: str = "", *, current: bool = False) -> None:
        self.query, self.place = query, place
        way = _FIRST if place is None else "n" if place.newer else "o"
        at_ms, job_id = (0, "") if place is None else (place.at_ms, place.job_id)
        which = f"{_which(query)}{_ONLY[query.only]}"
        super().__init__(
            Button[Any](
                label=label or text.older(),
                custom_id=f"list:{query.user_id}:{which}:{way}{at_ms}.{job_id}:{query.words}",
                style=discord.ButtonStyle.primary if current else discord.ButtonStyle.secondary,
                disabled=current,
            )
        )

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        only = _FROM_LETTER[match["only"]]
        which = match["which"]
        query = JobQuery(int(match["user"]), which == "s", only, match["words"], moderated=which == "m")
        if match["way"] == _FIRST:
            return cls(query)
        return cls(query, Place(int(match["at"]), match["job"], newer=match["way"] == "n"))


class ShowButton(CardButton, template=r"show:(?P<job>[0-9a-z]{1,32})"):
    """Show a finished job again, in the channel where it is clicked."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        super().__init__(Button[Any](label=text.show(), custom_id=f"show:{job_id}"))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["job"])


class UnstarButton(CardButton, template=r"unstar:(?P<job>[0-9a-z]{1,32})"):
    """Take a star away."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        super().__init__(Button[Any](label=text.unstar(), custom_id=f"unstar:{job_id}"))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["job"])


LIST_BUTTONS: tuple[type[CardButton], ...] = (ListPageButton, ShowButton, UnstarButton)
"""Every kind of button of a list, for `add_dynamic_items`."""
