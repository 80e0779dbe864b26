"""What a job is, what it costs, and how it may move: pure, standard library only.

received -> queued -> submitting -> running -> ready -> done
   |          |          |  ^          |
   |          |          |  +- refused: back to queued
   +----------+----------+-------------+----> failing -> failed   (failed -> running when an answer is found after all,
                                                                   done -> ready when it is shown again)
"""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

MAX_PROMPT = 2000
"""Characters a member may type as a prompt."""


class State(StrEnum):
    """Name the states of a job, in the order of its life."""

    RECEIVED = "received"
    QUEUED = "queued"
    SUBMITTING = "submitting"
    RUNNING = "running"
    READY = "ready"
    DONE = "done"
    FAILING = "failing"
    FAILED = "failed"


TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.QUEUED, State.FAILING}),
    State.QUEUED: frozenset({State.SUBMITTING, State.FAILING}),
    State.SUBMITTING: frozenset({State.RUNNING, State.QUEUED, State.FAILING}),
    State.RUNNING: frozenset({State.READY, State.FAILING}),
    State.READY: frozenset({State.DONE}),
    State.FAILING: frozenset({State.FAILED, State.RUNNING}),
    State.FAILED: frozenset({State.RUNNING}),
    State.DONE: frozenset({State.READY}),
}
"""Every step that a job may take; the store's transitions are tested against it."""

BEING_MADE = (State.RECEIVED, State.QUEUED, State.SUBMITTING, State.RUNNING)
"""The states in which the same click again answers with the job that exists."""

ENDED = (State.DONE, State.FAILED)


class Kind(StrEnum):
    """Name what a job makes."""

    VIDEO = "video"
    EXTEND = "extend"


class Motion(StrEnum):
    """Name how much the camera and the things in the picture move."""

    LOW = "low"
    HIGH = "high"


class Resolution(StrEnum):
    """Name the size of a clip: SD is about 480p, HD about 720p."""

    SD = "sd"
    HD = "hd"


class Speed(StrEnum):
    """Name how fast, and how dearly, a provider works."""

    RELAX = "relax"
    FAST = "fast"
    TURBO = "turbo"


class Animate(StrEnum):
    """Say who writes what happens in a clip: the provider (auto), or the prompt (manual)."""

    AUTO = "auto"
    MANUAL = "manual"


@dataclass(frozen=True)
class Picture:
    """Describe a picture as Discord's payload claims it; nothing of it is to be believed before it was read."""

    url: str
    filename: str
    size: int
    content_type: str | None = None


@dataclass(frozen=True)
class CardPicture:
    """Name a picture on one of our cards: the one that a job started with, or was to end with (`place`)."""

    job_id: str
    place: str


@dataclass(frozen=True)
class PictureTask:
    """Name a picture at a provider: picture `index` (from 0) of an imagine task there."""

    remote_id: str
    index: int


_TYPED_ONCE = ("motion", "resolution", "clips", "speed", "provider")
"""What counts as typed in rows from before that was written down: whatever it was, it stays."""


@dataclass(frozen=True)
class Params:
    """Hold what a member asked for; a None means that the provider has no such knob.

    `typed` names the options that a provider must have; the others follow from what it can do.
    """

    prompt: str
    clips: int = 4
    motion: Motion | None = Motion.LOW
    resolution: Resolution = Resolution.SD
    loop: bool = False
    speed: Speed | None = None
    image: Picture | None = None
    end_image: Picture | None = None
    card_picture: CardPicture | None = None
    picture_task: PictureTask | None = None
    animate: Animate | None = None
    typed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    """What was taken out of the prompt, so that the card can say so."""

    def to_json(self) -> dict[str, Any]:
        """Turn into plain values for the job's row."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Params":
        """Read back what `to_json` wrote."""
        return cls(
            prompt=data["prompt"],
            clips=data["clips"],
            motion=Motion(data["motion"]) if data["motion"] else None,
            resolution=Resolution(data["resolution"]),
            loop=data["loop"],
            speed=Speed(data["speed"]) if data["speed"] else None,
            image=Picture(**data["image"]) if data["image"] else None,
            end_image=Picture(**data["end_image"]) if data["end_image"] else None,
            card_picture=CardPicture(**data["card_picture"]) if data.get("card_picture") else None,
            picture_task=PictureTask(**data["picture_task"]) if data.get("picture_task") else None,
            animate=Animate(data["animate"]) if data.get("animate") else None,
            typed=tuple(data["typed"]) if "typed" in data else _TYPED_ONCE,
            removed=tuple(data["removed"]),
        )

    def extended(self) -> "Params":
        """Derive the parameters of an extend: prompt, motion, clips and resolution are the parent's."""
        return replace(
            self,
            loop=False,
            image=None,
            end_image=None,
            card_picture=None,
            picture_task=None,
            animate=None,
            typed=(),
            removed=(),
        )


@dataclass(frozen=True)
class Job:
    """Mirror one row of the job table; times are milliseconds since 1970.

    `roles` are the member's when they asked, `file_limit` is what Discord accepts per file, in bytes.
    """

    id: str
    request_id: str
    kind: Kind
    state: State
    guild_id: int
    channel_id: int
    user_id: int
    params: Params
    provider: str
    created_ms: int
    roles: tuple[int, ...] = ()
    file_limit: int = 10 * 1024 * 1024
    dedupe_key: str | None = None
    period: str | None = None
    message_id: int | None = None
    token: str | None = None
    token_until_ms: int = 0
    parent_job_id: str | None = None
    parent_slot: int | None = None
    remote_id: str | None = None
    hint: str | None = None
    extend_ref: str | None = None
    client_token: str | None = None
    callback_hash: str | None = None
    given_up_ms: int | None = None
    cost: int = 0
    provider_cost: str | None = None
    progress: int | None = None
    shown_hash: str | None = None
    error_code: str | None = None
    error_data: Mapping[str, Any] | None = None
    due_ms: int | None = None
    wake_ms: int | None = None
    lease: str | None = None
    epoch: int = 0
    tries: int = 0
    submitted_ms: int | None = None
    finished_ms: int | None = None
    deadline_ms: int | None = None

    @property
    def charged(self) -> bool:
        """Tell whether credits were ever reserved for it."""
        return self.period is not None


@dataclass(frozen=True)
class Clip:
    """Mirror one row of the clip table; `slot` counts from 0."""

    job_id: str
    slot: int
    remote_url: str
    media_file: str | None = None
    message_id: int | None = None
    attachment_id: int | None = None
    seconds: float | None = None
    bytes: int | None = None


@dataclass(frozen=True)
class Frame:
    """Mirror one row of the frame table: the start or end picture, kept in the media store."""

    job_id: str
    place: str
    media_file: str
    attachment_id: int | None = None


FIRST_POLLS = 0.35
"""The pause before the next poll, as a share of the job's age: a 60 s job is asked 8 times when polls start at 5 s."""

LONGEST_POLL_MS = 30_000


def next_poll_ms(age_ms: int, shortest_ms: int) -> int:
    """Tell how long to wait before the next poll of a job that was submitted `age_ms` ago."""
    return min(max(int(age_ms * FIRST_POLLS), shortest_ms), max(LONGEST_POLL_MS, shortest_ms))


def back_off_ms(tries: int, first_ms: int = 2_000, longest_ms: int = 120_000) -> int:
    """Tell how long to wait after the given number of failed tries: doubling, bounded."""
    return min(first_ms * 2 ** min(max(tries - 1, 0), 20), longest_ms)


_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_job_id(now_ms: int) -> str:
    """Make an id of 14 characters that sorts by time: 9 of milliseconds, 5 of chance (33 million a millisecond)."""
    number = now_ms << 25 | secrets.randbits(25)
    digits = ""
    for _ in range(14):
        number, digit = divmod(number, 32)
        digits = _ALPHABET[digit] + digits
    return digits
