"""What a job is, what it costs, and how it may move: pure, standard library only.

received -> queued -> submitting -> running -> ready -> done
   |          |          |  ^          |
   |          |          |  +- refused: back to queued
   +----------+----------+-------------+----> failing -> failed   (failed -> running when an answer is found after all,
                                                                   done -> ready when it is shown again)
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

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

ENDED = (State.DONE, State.FAILED)


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


IMAGE_AND_TEXT_KINDS = frozenset({Kind.IMAGINE, Kind.ACTION, Kind.BLEND, Kind.DESCRIBE, Kind.REGION, Kind.SEED})
"""What is made by a provider's picture maker; all else are films."""


IMAGE_KINDS = frozenset({Kind.IMAGINE, Kind.ACTION, Kind.BLEND, Kind.REGION})
"""Those of them that make pictures; the others make words."""


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
    """Mirror one row of the job table; times are milliseconds since 1970.

    `roles` are the member's when they asked, `file_limit` is what Discord accepts per file, in bytes; `barred` names
    the providers that it is not moved to.
    """

    id: str
    request_id: str
    kind: Kind
    state: State
    guild_id: int
    channel_id: int
    user_id: int
    params: JobParams
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
    callback_remote_id: str | None = None
    extend_ref: str | None = None
    result: Result | None = None
    client_token: str | None = None
    callback_hash: str | None = None
    given_up_ms: int | None = None
    cost: int = 0
    provider_cost: str | None = None
    progress: int | None = None
    card_hash: str | None = None
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
    excluded_providers: tuple[str, ...] = ()

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


def new_id(now_ms: int) -> str:
    """Make an id of 14 characters that sorts by time: 9 of milliseconds, 5 of chance (33 million a millisecond)."""
    number = now_ms << 25 | secrets.randbits(25)
    digits = ""
    for _ in range(14):
        number, digit = divmod(number, 32)
        digits = _ALPHABET[digit] + digits
    return digits


def card_link(job: Job) -> str:
    """Give the address of a job's card."""
    return f"https://discord.com/channels/{job.guild_id}/{job.channel_id}/{job.message_id or ''}".rstrip("/")
