"""What keeps a member from everything but /help, /credits and /privacy: pure, standard library only."""

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Name whose word it is: a moderator's, or an admin's by an allowance: the member's own, their roles', everybody's.

    An allowance is never a moderator's.
    """

    MODERATOR = "moderator"
    MEMBER = "member"
    ROLE = "role"
    DEFAULT = "default"


OWN_SOURCES = frozenset({Source.MODERATOR, Source.MEMBER})
"""Those that mean one member alone, so that no grant lifts their block."""


@dataclass(frozen=True)
class Block:
    """Hold why a member is blocked, and until when; None when that is not said."""

    source: Source
    until_ms: int | None = None
    reason: str = ""

    @property
    def is_own(self) -> bool:
        """Tell whether it means this member alone."""
        return self.source in OWN_SOURCES


@dataclass(frozen=True)
class MemberBlock:
    """Hold what a moderator said about a member; `until_ms` is None where it has no end."""

    user_id: int
    until_ms: int | None
    reason: str
    by_user_id: int
    at_ms: int

    def lasts(self, now_ms: int) -> bool:
        """Tell whether it has not ended yet."""
        return self.until_ms is None or self.until_ms > now_ms
