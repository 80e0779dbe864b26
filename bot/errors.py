"""Everything that can go wrong, as one tree; errors carry data, and `text.explain` turns them into sentences.

AnimaticError
+-- SettingsError               the start ends with one sentence that names the setting
+-- Refused                     turned down before anything was reserved
|   +-- EmptyPrompt
|   +-- PromptTooLong
|   +-- BadPicture              `problem` says which check failed
|   +-- EndImageWithLoop
|   +-- Unsupported             an option that the provider lacks
|   +-- NoProvider
|   +-- TooFewCredits           the member's
|   +-- ServerOutOfCredits      the whole server's
|   +-- CannotPost              the bot lacks permissions in the channel
|   +-- NotInServer
|   +-- ServerNotAllowed
|   +-- NotAllowed              the member lacks a permission
|   +-- NoSuchClip              an extend of something that is not there
|   +-- AlreadyMaking           the same click is still being made
|   +-- NotYours                cancelling what somebody else asked for
|   +-- TooLateToCancel         the provider has it already
+-- Cancelled                   taken back while it waited
+-- JobFailed                   ended after it was accepted; all credits went back
+-- ProviderError               classified by kind and by whether the job may have been accepted
+-- ResultError                 a finished clip that could not be fetched
+-- CardError                   Discord could not be told; it may pass
+-- LostLease                   another process has taken the job over
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar, Literal


class AnimaticError(Exception):
    """Carry a stable code and the data that a sentence needs."""

    code: ClassVar[str] = "internal"

    @property
    def data(self) -> dict[str, Any]:
        """Give the error's fields as plain values, to be kept in a row and put into a sentence."""
        return asdict(self) if hasattr(self, "__dataclass_fields__") else {}  # type: ignore[call-overload]  # only dataclasses get here

    def __str__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self.data.items())
        return f"{self.code}({fields})"


@dataclass(eq=False)
class SettingsError(AnimaticError):
    """Say that one setting is unset or wrong; `problem` goes on after its name and never holds a secret."""

    name: str
    problem: str
    code = "settings"

    def __str__(self) -> str:
        return f"{self.name} {self.problem}"


class Refused(AnimaticError):
    """Turn a request down before anything was reserved; only the asker sees it."""


class EmptyPrompt(Refused):
    """Nothing is left to say to the provider."""

    code = "empty_prompt"


@dataclass(eq=False)
class PromptTooLong(Refused):
    """The prompt has more characters than allowed."""

    length: int
    limit: int
    code = "prompt_too_long"


class PictureProblem(StrEnum):
    """Name what is wrong with a picture."""

    NOT_A_PICTURE = "not_a_picture"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    GONE = "gone"
    FORBIDDEN_ADDRESS = "forbidden_address"
    UNREACHABLE = "unreachable"


@dataclass(eq=False)
class BadPicture(Refused):
    """A picture cannot be used; `place` is start or end, `limit` the limit passed (bytes or pixels) if any."""

    problem: PictureProblem
    place: str = "start"
    limit: int | None = None
    code = "bad_picture"


class EndImageWithLoop(Refused):
    """An end image and loop were asked together; they are the same thing to a provider (providers.md, section 0.12)."""

    code = "end_image_with_loop"


@dataclass(eq=False)
class Unsupported(Refused):
    """A typed option that this provider lacks; `offered_by` are titles of enabled providers that have it."""

    option: str
    provider: str
    offered_by: tuple[str, ...] = ()
    code = "unsupported"


@dataclass(eq=False)
class NoProvider(Refused):
    """The provider of an old job, or the one typed, has no key any more."""

    provider: str
    code = "no_provider"


@dataclass(eq=False)
class TooFewCredits(Refused):
    """The member cannot pay; `renews_ms` is None when credits never renew."""

    needed: int
    left: int
    renews_ms: int | None
    code = "too_few_credits"


@dataclass(eq=False)
class ServerOutOfCredits(Refused):
    """The server's shared purse cannot pay."""

    needed: int
    left: int
    renews_ms: int | None
    code = "server_out_of_credits"


@dataclass(eq=False)
class CannotPost(Refused):
    """The bot lacks permissions in the channel; `missing` names them as Discord's settings do."""

    missing: tuple[str, ...]
    code = "cannot_post"


class NotInServer(Refused):
    """A command came from a direct message."""

    code = "not_in_server"


class ServerNotAllowed(Refused):
    """The server is not among ALLOWED_GUILDS."""

    code = "server_not_allowed"


@dataclass(eq=False)
class NotAllowed(Refused):
    """The member lacks a permission, named as Discord's settings do."""

    permission: str
    code = "not_allowed"


@dataclass(eq=False)
class NoSuchClip(Refused):
    """The parent job or its clip cannot be extended: unknown, not finished or not here."""

    parent: str
    clip: int
    code = "no_such_clip"


@dataclass(eq=False)
class AlreadyMaking(Refused):
    """The same click is still being made; `link` leads to its card."""

    link: str
    code = "already_making"


class NotYours(Refused):
    """Only the requester and moderators may cancel a job."""

    code = "not_yours"


class TooLateToCancel(Refused):
    """A job that has left the queue goes on."""

    code = "too_late_to_cancel"


@dataclass(eq=False)
class Cancelled(AnimaticError):
    """A member took a waiting job back; `by` is the user's id."""

    by: int
    code = "cancelled"


@dataclass(eq=False)
class JobFailed(AnimaticError):
    """A job ended after it was accepted; `reason` is a provider error's kind or one of our own words."""

    reason: str
    provider: str
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
    """A finished clip could not be fetched; `final` when trying again cannot help."""

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
