"""What is asked of a provider and what it answers, in the bot's own words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.job import Result
from bot.domain.params import Motion, PromptMode, ProviderImageRef, Resolution, Speed
from bot.errors import ProviderError

SUBMIT_TIMEOUT = 60.0
"""Seconds that one submit or extend may take in all; a lease must outlive it."""


POLL_TIMEOUT = 20.0
"""Seconds that one poll may take in all; where a poll falls back to another verb, each try."""


@dataclass(frozen=True)
class VideoRequest:
    """Ask for clips that start at an image; None means that the provider has no such knob, or no need.

    Either `image_url` or `provider_image` is given. The prompt may be empty with a `provider_image` only, and only with
    one may `prompt_mode` be auto. The callback URL is a secret and stays out of every repr.
    """

    client_token: str
    prompt: str
    image_url: str | None
    end_url: str | None
    loop: bool
    motion: Motion | None
    resolution: Resolution
    clips: int
    speed: Speed | None
    callback_url: str | None = field(repr=False)
    provider_image: ProviderImageRef | None = None
    prompt_mode: PromptMode | None = None


@dataclass(frozen=True)
class ExtendRequest:
    """Ask for clips that go on where clip `index` (from 0) of an earlier job ends; `parent_ref` is its `extend_ref`.

    `image_url` leads to the image that the parent began with, for those who want it again; None when it is gone.
    """

    client_token: str
    parent_ref: str
    index: int
    prompt: str
    motion: Motion | None
    resolution: Resolution
    clips: int
    callback_url: str | None = field(repr=False)
    image_url: str | None = None
    prompt_mode: PromptMode | None = None


@dataclass(frozen=True)
class Submitted:
    """Name an accepted job as the provider does."""

    remote_id: str


class RemoteState(StrEnum):
    """Name the states of a job at a provider; the last two are final."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True)
class Snapshot:
    """Hold what one poll found.

    `progress` is 0 to 100 and may go down; `clips` are links in the provider's order, `cost` is in its own unit.
    FAILED carries its reason in `error`. RUNNING with a RESULT_MISSING error means that the provider calls the job
    finished but its clips cannot be read yet (`clips` holds those that can): poll on for a short grace, then give up.
    A picture job's `clips` are pictures, and its `result` holds the rest.
    `echo` is the callback URL that the job was submitted with, or its last part, where the provider repeats it; it is a
    secret.
    """

    state: RemoteState
    progress: int | None = None
    clips: tuple[str, ...] = ()
    extend_ref: str | None = None
    cost: str | None = None
    error: ProviderError | None = None
    result: Result | None = None
    echo: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Account:
    """Hold what a provider says of our account; None where it says nothing. `balance` is in its own unit, with it."""

    balance: str | None = None
    jobs_at_once: int | None = None


@dataclass(frozen=True)
class SpeedStatus:
    """Hold what a provider says of one of its speeds; `seconds` is how long a job takes there on average."""

    speed: Speed
    works: bool
    seconds: float | None = None


CallbackMatcher = Callable[[str], bool]
"""Tell whether a callback URL (or its last part) that a provider repeats is that of the job in question."""
