"""The buttons of /setup: which area of a server's settings each changes stands in its custom_id."""

import re
from typing import Any, Self

from discord.ui import Button

from bot.domain.server_settings import Area
from bot.ui.buttons import CardButton
from bot.ui.text import setup as text


class SetupButton(CardButton, template=rf"setup:(?P<area>{'|'.join(Area)})"):
    """Open the form of one area."""

    def __init__(self, area: Area) -> None:
        self.area = area
        super().__init__(Button[Any](label=text.change(), custom_id=f"setup:{area}"))

    @classmethod
    def from_match(cls, match: re.Match[str]) -> Self:
        """Read a click back from its custom_id."""
        return cls(Area(match["area"]))
