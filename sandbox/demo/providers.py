"""The providers that the story can be played with, and how their films differ (from the vendors' documents)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Maker:
    """Hold what the story needs to know of a provider.

    `rows` are the motions for which its cards have a row of extend buttons, as the buttons name them; `lacks` says in
    one line why something that others have does not happen; `pictures` says whether it makes pictures too.
    """

    title: str
    rows: tuple[str, ...]
    lacks: str = ""
    pictures: bool = False


MAKERS: Mapping[str, Maker] = {
    "ttapi": Maker("TTAPI", ("low", "high"), pictures=True),
    "acedata": Maker(
        "AceData",
        ("none",),
        "AceData has no motion to choose from, so there is one row of buttons; its films always have 4 clips",
    ),
    "apimart": Maker(
        "APIMart", (), "APIMart cannot extend a film: there are no buttons, and the story goes on without an extension"
    ),
    "cometapi": Maker("CometAPI", ("low", "high"), "CometAPI offers no choice of clips: its films always have 4"),
}
"""By their names in the settings."""
