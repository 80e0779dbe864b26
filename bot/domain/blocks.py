"""What keeps a member from everything but /credits: pure, standard library only."""

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Name whose word an allowance is: the member's own, their roles', or that for everybody."""

    MEMBER = "member"
    ROLE = "role"
    DEFAULT = "default"


@dataclass(frozen=True)
class Block:
    """Hold why a member is blocked, and until when; None when that is not said."""

    source: Source
    until_ms: int | None = None
