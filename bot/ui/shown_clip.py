"""One clip as a card can show it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShownClip:
    """Hold one clip as a card can show it: its file there, a message that shows it, or what to say of it.

    `kept` says whether its file is there to go on from.
    """

    slot: int
    filename: str | None = None
    result: str | None = None
    note: str = ""
    kept: bool = True
