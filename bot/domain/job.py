"""What a job is, what it costs, and how it may move: pure, standard library only.

received -> queued -> submitting -> running -> ready -> done
   |          |          |  ^          |
   |          |          |  +- refused: back to queued
   +----------+----------+-------------+----> failing -> failed   (failed -> running when an answer is found after all,
                                                                   done -> ready when it is shown again)
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.domain.clock import Clock
from bot.domain.params import JobParams


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

ACTIVE_STATES = (State.RECEIVED, State.QUEUED, State.SUBMITTING, State.RUNNING)
"""The states in which the same click again answers with the job that exists."""


class Kind(StrEnum):
    """Name what a job makes."""

    VIDEO = "video"
    EXTEND = "extend"
    IMAGINE = "imagine"
    ACTION = "action"
    BLEND = "blend"
    DESCRIBE = "describe"
    REGION = "region"
    SEED = "seed"

    @property
    def makes_video(self) -> bool:
        """Tell whether clips come of it; all else is made by a provider's image maker: images, or words."""
        return self in (Kind.VIDEO, Kind.EXTEND)

    @property
    def makes_images(self) -> bool:
        """Tell whether images come of it."""
        return self in (Kind.IMAGINE, Kind.ACTION, Kind.BLEND, Kind.REGION)

    @property
    def continues_job(self) -> bool:
        """Tell whether it goes on from what was made for an earlier job."""
        return self in (Kind.EXTEND, Kind.ACTION, Kind.REGION, Kind.SEED)


@dataclass(frozen=True)
class Result:
    """Hold what a picture job brought beside its pictures.

    `actions` are what may be done with them next, in the provider's words; `texts` are a description's prompts.
    """

    actions: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    seed: str | None = None
    width: int | None = None
    height: int | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Result":
        """Read back what `asdict` wrote."""
        texts = {name: tuple(data[name]) for name in ("actions", "texts")}
        return cls(**{**data, **texts})  # pyright: ignore[reportArgumentType]  # as they were written


@dataclass(frozen=True)
class Job:
    """Mirror one row of the job table; `_ms` are milliseconds since 1970."""

    # What was asked for, by whom and where.
    id: str
    request_id: str
    """The Discord interaction's id: the same request is written down once."""
    kind: Kind
    state: State
    guild_id: int
    channel_id: int
    """Where its card is."""
    user_id: int
    params: JobParams
    provider: str
    """The provider's name in settings and rows."""
    created_ms: int
    roles: tuple[int, ...] = ()
    """The member's role ids when they asked: their allowance may hang on them."""
    parent_job_id: str | None = None
    """The job that this one goes on from."""
    parent_slot: int | None = None
    """Which of its clips, counted from 0."""
    dedupe_key: str | None = None
    """What the same click gives again; only one active job has it."""
    storyboard_id: str | None = None
    """The storyboard that it is a shot of."""
    shot: int | None = None
    """Which of its shots, counted from 0."""
    spoiler: int = 0
    """1 while its media is hidden behind Discord's spoiler."""
    silent: int = 0
    """1 once it was asked to be shown again: its end is no news to anybody."""
    locale: str | None = None
    """The language that Discord spoke with its requester, by its code."""
    removed_ms: int | None = None
    """When it was removed for good; None while it is there."""

    # Where its card is.
    asked_channel_id: int = 0
    """Where it was asked for; who may see it follows from that, wherever it is shown."""
    parent_channel_id: int | None = None
    """The channel of the thread that it was asked in, whose rules hold there."""
    message_id: int | None = None
    token: str | None = None
    """The interaction's token, which may edit the card."""
    token_until_ms: int = 0
    file_limit: int = 10 * 1024 * 1024
    """What Discord accepts per file while the token is used, in bytes."""
    card_hash: str | None = None
    """The fingerprint of what the card shows, or that files are on their way to it, or that it is in doubt."""
    unanswered_edits: int = 0
    """How many edits of the card were sent and never answered: one of them may still land."""

    # What it costs.
    period: str | None = None
    """The key of the period that pays; None before anything is reserved."""
    cost: int = 0
    """What was reserved, in credits."""
    provider_cost: str | None = None
    """What the provider says it charged, in its own unit."""

    # What the provider knows.
    client_token: str | None = None
    """The random token that fences one submit."""
    callback_hash: str | None = None
    """The SHA-256 of the secret in its callback path, in hexadecimal."""
    remote_id: str | None = None
    """The provider's id for it; None until a submit is answered."""
    callback_remote_id: str | None = None
    """The id that a callback named before ours was known: believed only once it is checked."""
    extend_ref: str | None = None
    """What the provider wants to hear to extend its clips."""
    progress: int | None = None
    """How far it is, in percent."""
    result: Result | None = None
    excluded_providers: tuple[str, ...] = ()
    """The providers that it is not moved to."""

    # How it ended badly.
    error_code: str | None = None
    error_data: Mapping[str, Any] | None = None
    """What the error's sentence needs."""
    given_up_ms: int | None = None
    """When an admin gave up an unconfirmed submit."""

    # Lease and time.
    due_ms: int | None = None
    """When a worker takes its next step; while it is leased, when the lease ends."""
    wake_ms: int | None = None
    """When somebody asked for a step during a lease: it is due then as soon as the lease is given back."""
    lease: str | None = None
    """The name of the process that has it in hand."""
    epoch: int = 0
    """How often it was leased: an older holder's write is refused."""
    undelivered: int = 0
    """1 while it stands among what was paid and not delivered."""
    untold: int = 0
    """1 while it has failed and its card could not be told."""
    tries: int = 0
    """How often in a row the present step did not succeed; below 0 while a running job's provider has no key here."""
    submitted_ms: int | None = None
    finished_ms: int | None = None
    deadline_ms: int | None = None
    """When the provider has had long enough."""
    fetch_until_ms: int | None = None
    """Until when results whose links do not work are tried again; None while none has failed."""

    @property
    def continues_at_provider(self) -> bool:
        """Tell whether it goes on from what its provider made, and cannot be made where that is gone there."""
        return self.kind.continues_job and not self.params.from_last_frame

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
    role: str
    media_file: str
    attachment_id: int | None = None


_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(now_ms: int) -> str:
    """Make an id of 14 characters that sorts by time: 9 of milliseconds, 5 of chance (33 million a millisecond)."""
    number = now_ms << 25 | secrets.randbits(25)
    digits = ""
    for _ in range(14):
        number, digit = divmod(number, 32)
        digits = _ALPHABET[digit] + digits
    return digits


def by_wall_clock(job: Job, clock: Clock) -> Job:
    """Give a job with the times that people are shown as the wall clock shows them."""
    return replace(
        job,
        created_ms=clock.to_wall(job.created_ms),
        submitted_ms=None if job.submitted_ms is None else clock.to_wall(job.submitted_ms),
        finished_ms=None if job.finished_ms is None else clock.to_wall(job.finished_ms),
        due_ms=None if job.due_ms is None else clock.to_wall(job.due_ms),
        fetch_until_ms=None if job.fetch_until_ms is None else clock.to_wall(job.fetch_until_ms),
    )


def card_link(job: Job) -> str:
    """Give the address of a job's card."""
    return card_address(job.guild_id, job.channel_id, job.message_id)


def card_address(guild_id: int, channel_id: int, message_id: int | None) -> str:
    """Give the address of a message, or of its channel where there is none."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id or ''}".rstrip("/")
