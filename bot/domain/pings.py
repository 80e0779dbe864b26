"""Who is told that their job has ended, and how: pure, standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.job import Job, Kind

WAITED_MS = 30_000
"""How long after its command a job's end is news; who asked less long ago still looks."""

SHARED_MS = 20_000
"""How long a failure waits for others of the same member in the same channel, which share its message."""


class Notify(StrEnum):
    """Name the ways in which a member is told of an end: by a reply to the card, by a direct message, or not at all."""

    REPLY = "reply"
    DIRECT = "direct"
    NONE = "none"


@dataclass(frozen=True)
class EndedBoard:
    """Hold how many shots a storyboard has, how many of them were made, and whether its card has their joined film."""

    shots: int
    made: int
    joined: bool


@dataclass(frozen=True)
class EndedJob:
    """Hold what a ping says of a job; `clips` counts what was made, `shown` is false where its card could not be told.

    `message_id` is the card, `board` is given where the job is the last to end of a storyboard's shots.
    """

    job_id: str
    kind: Kind
    message_id: int | None
    clips: int
    failed: bool
    shown: bool
    board: EndedBoard | None = None
    unseen: bool = False
    """Its card was deleted while it was under way, and is not made again."""
    why: Mapping[str, Any] | None = None
    """Of an unseen one that failed: the error's `code` and `data`, and how many credits were `returned`."""


@dataclass(frozen=True)
class Ping:
    """Hold one message to one member: about a job that was made, or about some that failed together."""

    guild_id: int
    channel_id: int
    user_id: int
    notify: Notify
    jobs: tuple[EndedJob, ...]


def awaits_end(job: Job, now_ms: int, *, unseen: bool = False) -> bool:
    """Tell whether a job that ends now has somebody who waits to hear of it: of an `unseen` one no card tells."""
    if job.silent or (not unseen and now_ms - job.created_ms <= WAITED_MS):
        return False
    data = job.error_data or {}
    cancelled_it_themselves = job.error_code == "cancelled" and data.get("by") == job.user_id
    # What was refused before it was charged is told to its member alone while the interaction's token lasts.
    told_alone = not job.charged and job.token_until_ms > now_ms
    return not cancelled_it_themselves and not told_alone


def ping_due_ms(now_ms: int, *, failed: bool) -> int:
    """Tell when to ping about what ends now: what was made at once, what failed together with others."""
    return now_ms + SHARED_MS if failed else now_ms
