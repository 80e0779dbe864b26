"""What every provider can be asked, in the bot's own words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bot.domain.job import Result
from bot.domain.params import Animate, Motion, PictureTask, Resolution, Speed
from bot.errors import ErrorKind, ProviderError

if TYPE_CHECKING:
    from bot.providers.pictures import PictureMaker

SUBMIT_TIMEOUT = 60.0
"""Seconds that one submit or extend may take in all; a lease must outlive it."""

POLL_TIMEOUT = 20.0
"""Seconds that one poll may take in all; where a poll falls back to another verb, each try."""


@dataclass(frozen=True)
class Capabilities:
    """Say what a provider can do; commands, options and buttons follow from it.

    An empty `motions`, `speeds` or `animates` means that there is no such knob. `batches` are the numbers of clips on
    offer, for an extend too. `picture_tasks` says whether a job may start at a picture of an imagine task there,
    `extend_prompt` whether an extend takes a prompt, `extend_picture` whether it wants the first picture again.
    `callbacks` says whether it calls a URL when a job ends, `echo` whether it repeats that URL, or its secret, when a
    job is polled, `find` whether it lists jobs with it.
    """

    end_image: bool
    loop: bool
    motions: tuple[Motion, ...]
    resolutions: tuple[Resolution, ...]
    batches: tuple[int, ...]
    speeds: tuple[Speed, ...]
    extend: bool
    extend_motions: tuple[Motion, ...]
    progress: bool
    callbacks: bool
    echo: bool
    find: bool = False
    animates: tuple[Animate, ...] = ()
    picture_tasks: bool = False
    extend_prompt: bool = False
    extend_animates: tuple[Animate, ...] = ()
    extend_picture: bool = False


@dataclass(frozen=True)
class VideoRequest:
    """Ask for clips that start at a picture; None means that the provider has no such knob, or no need.

    Either `image_url` or `picture` is given. The prompt may be empty with a `picture` only, and only with one may
    `animate` be auto. The callback URL is a secret and stays out of every repr.
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
    picture: PictureTask | None = None
    animate: Animate | None = None


@dataclass(frozen=True)
class ExtendRequest:
    """Ask for clips that go on where clip `index` (from 0) of an earlier job ends; `parent_ref` is its `extend_ref`.

    `image_url` leads to the picture that the parent began with, for those who want it again; None when it is gone.
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
    animate: Animate | None = None


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
class Service:
    """Hold what a provider says of one of its speeds; `seconds` is how long a job takes there on average."""

    speed: Speed
    works: bool
    seconds: float | None = None


IsOurs = Callable[[str], bool]
"""Tell whether a callback URL (or its last part) that a provider repeats is that of the job in question."""


class Provider(Protocol):
    """Make clips. All calls raise `ProviderError` and nothing else."""

    @property
    def name(self) -> str:
        """Give the name used in settings and rows, such as "ttapi"."""
        ...

    @property
    def title(self) -> str:
        """Give the name that people read, such as "TTAPI"."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """Say what it can do."""
        ...

    @property
    def pictures(self) -> "PictureMaker | None":
        """Give what makes pictures there; None where only clips are made."""
        ...

    async def submit(self, request: VideoRequest) -> Submitted:
        """Start a job; an error's `accepted` says whether it may be running all the same."""
        ...

    async def extend(self, request: ExtendRequest) -> Submitted:
        """Start a job that continues a clip; errors as for `submit`."""
        ...

    async def poll(self, remote_id: str) -> Snapshot:
        """Ask how a job is doing: free, and may be repeated at will."""
        ...

    async def find(self, prompt: str, is_ours: IsOurs) -> str | None:
        """Look for a job whose id was never learned, by its prompt and callback URL; None when it is not listed."""
        ...

    def called_back(self, body: bytes) -> str | None:
        """Read which job a callback speaks of; a hint that anybody may have sent, None when there is none."""
        ...

    async def account(self) -> Account:
        """Try the key, free of charge; AUTH or ACCOUNT_BLOCKED when it does not open anything."""
        ...

    async def services(self) -> tuple[Service, ...]:
        """Ask how the provider itself is doing, free of charge; empty where it does not tell."""
        ...

    async def aclose(self) -> None:
        """Close all connections."""
        ...


def refuse_unsupported(capabilities: Capabilities, request: VideoRequest | ExtendRequest) -> None:
    """Raise INVALID_REQUEST for an option that the provider would drop in silence and charge for all the same."""
    if isinstance(request, VideoRequest):
        motions = capabilities.motions
        lacking = [
            ("an end image", request.end_url is not None and not capabilities.end_image),
            ("a loop", request.loop and not capabilities.loop),
            ("a picture of its own", request.picture is not None and not capabilities.picture_tasks),
            ("animate", request.animate is not None and request.animate not in capabilities.animates),
            ("speed", request.speed is not None and request.speed not in capabilities.speeds),
        ]
    else:
        motions = capabilities.extend_motions
        lacking = [
            ("an extend", not capabilities.extend),
            ("animate", request.animate is not None and request.animate not in capabilities.extend_animates),
        ]
    lacking += [
        ("motion", request.motion is not None and request.motion not in motions),
        ("resolution", request.resolution not in capabilities.resolutions),
        ("this number of clips", request.clips not in capabilities.batches),
    ]
    for option, is_lacking in lacking:
        if is_lacking:
            raise ProviderError(ErrorKind.INVALID_REQUEST, "no", f"{option} is not on offer")
