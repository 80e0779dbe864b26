"""What a list of jobs holds, and where in it a page begins: all that a button of a list says."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Only(StrEnum):
    """Name what a list is narrowed down to."""

    FILMS = "films"
    PICTURES = "pictures"
    FAILED = "failed"


class Needed(StrEnum):
    """Name which of somebody's finished jobs a command can go on from."""

    ANY = "any"
    CONTINUED = "continued"
    PICTURES = "pictures"


@dataclass(frozen=True)
class JobQuery:
    """Hold whose list it is, whether of what they starred or of what they asked for, and what it is narrowed down to.

    `words` are those of a prompt, as `search_text` writes them; one that is `moderated` is another member's, looked at
    by who keeps order.
    """

    user_id: int
    starred: bool = False
    only: Only | None = None
    words: str = ""
    moderated: bool = False

    def narrowed(self, only: Only | None) -> "JobQuery":
        """Narrow it down to something else."""
        return replace(self, only=only)


@dataclass(frozen=True)
class Place:
    """Hold the place of a job in a list, beyond which a page begins: with older ones, or with newer ones.

    `at_ms` is when it was asked for, or starred.
    """

    at_ms: int
    job_id: str
    newer: bool = False


NEWEST = Place(2**53, "")
"""The place before all others."""
