"""What a server's mod log tells: pure, standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

GATHER_MS = 2_000
"""How long an event waits for others, which share its message."""


class EventKind(StrEnum):
    """Name what is told, and what `data` holds of it; ids are numbers, `by` is who did it, a job is its id."""

    REPORT = "report"
    """A member reported a job: `by`, `job`, `member` (whose it is), `link`, `reason`."""
    REMOVED = "removed"
    """Jobs were removed: `by`, `jobs` (a list), `member` (whose they were), `reason` or null."""
    BLOCKED = "blocked"
    """A member was blocked: `by`, `member`, `until_ms` (by the wall clock) or null, `reason` or null."""
    UNBLOCKED = "unblocked"
    """A member's block was lifted: `by`, `member`."""
    WORDS_REFUSED = "words_refused"
    """A prompt was refused for its words: `member`, `job` or null, `words` (a list, may be empty), `strikes`: how many
    it makes in this server today, 0 where it is none."""
    QUOTA = "quota"
    """Credits were decided on: `by`, `subject` (`member`, `role` or `default`), `subject_id`, `credits` or null where
    that was cleared, `granted` (a grant), `period` where a default names one."""
    SETTINGS = "settings"
    """What a server decides was changed: `by`, `changes`, a list of `[setting, new value as text or null]`."""
    ACCOUNT = "account"
    """Our account at a provider is in trouble: `provider`, `error` (an `ErrorKind`)."""
    PROVIDER_DOWN = "provider_down"
    """A provider failed again and again, and is left alone for a while: `provider`."""
    UNCONFIRMED = "unconfirmed"
    """A job's submit was never answered: `job`, `provider`."""
    SERVER_CREDITS = "server_credits"
    """The server's credits run low: `percent` (80 or 100), `limit`, `used`, `period`."""


STOPS_ALL = frozenset({"insufficient_balance", "auth", "account_blocked"})
"""The account errors that stop all jobs at once: an owner is told of them at once."""


@dataclass(frozen=True)
class LogEvent:
    """Hold one event that waits to be told."""

    id: str
    kind: EventKind
    data: Mapping[str, Any]
    at_ms: int
    once_key: str | None = None

    @property
    def is_urgent(self) -> bool:
        """Tell whether it stops all jobs at once."""
        return self.kind is EventKind.ACCOUNT and self.data.get("error") in STOPS_ALL
