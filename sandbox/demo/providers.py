"""The providers that the story can be played with, and how their clips differ (from the vendors' documents)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ProviderProfile:
    """Hold what the story needs to know of a provider.

    `rows` are the motions for which its cards have a row of extend buttons, as the buttons name them; `lacks` says in
    one line why something that others have does not happen; `images` says whether it makes images too.
    """

    title: str
    rows: tuple[str, ...]
    lacks: str = ""
    images: bool = False


PROVIDERS: Mapping[str, ProviderProfile] = {
    "ttapi": ProviderProfile("TTAPI", ("low", "high"), images=True),
    "acedata": ProviderProfile(
        "AceData",
        ("none",),
        "AceData has no motion to choose from, so there is one row of buttons; its films always have 4 clips",
    ),
    "apimart": ProviderProfile(
        "APIMart", (), "APIMart cannot extend a film: there are no buttons, and the story goes on without an extension"
    ),
    "cometapi": ProviderProfile(
        "CometAPI", ("low", "high"), "CometAPI offers no choice of clips: its films always have 4"
    ),
}
"""By their names in the settings."""
