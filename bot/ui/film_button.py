"""The button of joined films: it stands on the cards of extends, and once a clip where it is asked which."""

import re
from typing import Self

from discord.ui import Button

from bot.ui.buttons import CardButton
from bot.ui.text import buttons as text


class FilmButton(CardButton, template=r"film:(?P<job>[0-9a-z]{1,32})(:(?P<clip>[1-9]))?"):
    """Join a job's clip and all that it goes on from; without a slot it is asked which clip, if there are several."""

    def __init__(self, job_id: str, slot: int | None = None) -> None:
        self.job_id, self.slot = job_id, slot
        named = "" if slot is None else f":{slot + 1}"
        label = text.film() if slot is None else str(slot + 1)
        super().__init__(Button(label=label, emoji="🎬", custom_id=f"film:{job_id}{named}"))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(match["job"], None if match["clip"] is None else int(match["clip"]) - 1)
