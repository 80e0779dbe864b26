"""What can go wrong after a request was accepted."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.errors.base import AnimaticError


@dataclass(eq=False)
class UnknownCharge(AnimaticError):
    """The provider never said whether it accepted a job; the member is refunded, an admin may find out."""

    provider: str
    code = "unknown_charge"


@dataclass(eq=False)
class Cancelled(AnimaticError):
    """A member took a waiting job back; `by` is the user's id."""

    by: int
    code = "cancelled"


@dataclass(eq=False)
class JobFailed(AnimaticError):
    """A job ended after it was accepted; `reason` is a provider error's kind or one of our own words.

    Not `final` when the provider did not say so itself: then it is looked at again for a while.
    """

    reason: str
    provider: str
    final: bool = True
    code = "job_failed"


class ErrorKind(StrEnum):
    """Classify what a provider said (providers.md, section 7)."""

    INVALID_REQUEST = "invalid_request"
    AUTH = "auth"
    INSUFFICIENT_BALANCE = "insufficient_balance"
    ACCOUNT_BLOCKED = "account_blocked"
    MODERATED_PROMPT = "moderated_prompt"
    MODERATED_IMAGE = "moderated_image"
    BAD_IMAGE_LINK = "bad_image_link"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    QUEUE_FULL = "queue_full"
    UPSTREAM = "upstream"
    JOB_TIMEOUT = "job_timeout"
    RESULT_MISSING = "result_missing"
    BAD_RESPONSE = "bad_response"
    UNREACHABLE = "unreachable"
    OUTCOME_UNKNOWN = "outcome_unknown"


Accepted = Literal["no", "yes", "maybe"]

PASSING = frozenset({ErrorKind.RATE_LIMITED, ErrorKind.QUEUE_FULL, ErrorKind.UNREACHABLE})
"""The refusals that pass by themselves: a job that met one waits and is submitted again."""


@dataclass(eq=False)
class ProviderError(AnimaticError):
    """Carry one classified provider failure.

    `accepted` says whether the job may be running there: only "no" may be submitted again by itself.
    `message` is the vendor's own words, for the log; `retry_after` is in seconds.
    """

    kind: ErrorKind
    accepted: Accepted
    message: str = ""
    http_status: int | None = None
    retry_after: float | None = None
    code = "provider"

    @property
    def passes(self) -> bool:
        """Tell whether the same submit may be tried again later by itself."""
        return self.accepted == "no" and self.kind in PASSING


@dataclass(eq=False)
class ResultError(AnimaticError):
    """A finished clip or picture could not be fetched; `final` when trying again cannot help."""

    problem: str
    final: bool = False
    code = "result"


@dataclass(eq=False)
class CardError(AnimaticError):
    """A card could not be brought up to date now; trying again may help."""

    problem: str
    code = "card"


@dataclass(eq=False)
class LostLease(AnimaticError):
    """Another process has taken the job over: what was in hand must be dropped."""

    job_id: str
    code = "lost_lease"
