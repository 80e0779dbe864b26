"""What a server is told next, and when it is told more: pure, standard library only."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.mod_log import EventKind, LogEvent
from bot.domain.pacing import back_off_ms

PACE_MS = 3_000
"""How far apart two messages in one mod log are at least: Discord takes five in five seconds, people read fewer."""

EVENTS = 25
"""How many events are taken at a time: in general they share one message."""

REPORTS = 6
"""How many reports share a message: each takes five of its 40 components, and 600 of its 4,000 characters."""

TRIES = 40
"""How often a batch is sent that is not known to have arrived: for most of a day."""

DAY_MS = 24 * 3_600_000
"""How far apart two messages to a server's owner are at least, but for what stops all jobs at once."""

OWNER_GATHER_MS = 10 * 60_000
"""How long the first of what can wait for a day waits for others."""

LOOK_AGAIN_MS = 10 * 60_000
"""How soon a mod log that could not be written in is tried again, and what waits for it is looked at."""


@dataclass(frozen=True)
class Outlet:
    """Hold where a server is told: in the channel of its mod log, or else its owner.

    `lost_channel_id` is a channel that is named, and could not be written in a while ago.
    """

    guild_id: int
    channel_id: int | None = None
    sent_ms: int | None = None
    owner_told_ms: int | None = None
    lost_channel_id: int | None = None


@dataclass(frozen=True)
class Batch:
    """Hold events that are told together; without a `channel_id` the server's owner is, alone."""

    guild_id: int
    channel_id: int | None
    events: tuple[LogEvent, ...]
    lost_channel_id: int | None = None
    tries: int = 0
    """How often it was on its way before."""

    @property
    def id(self) -> str:
        """Name it: its first event's id, which no other begins with."""
        return self.events[0].id

    @property
    def has_reports(self) -> bool:
        """Tell whether it holds reports, which share a message with nothing else."""
        return self.events[0].kind is EventKind.REPORT

    @property
    def is_urgent(self) -> bool:
        """Tell whether it holds what stops all jobs at once."""
        return self.events[0].is_urgent


@dataclass(frozen=True)
class Turn:
    """Hold which events are told now, and when the rest is looked at again."""

    events: tuple[LogEvent, ...]
    rest_due_ms: int


def turn(outlet: Outlet, waiting: Sequence[LogEvent], now_ms: int) -> Turn:
    """Choose what a server is told now of what waits, oldest first."""
    if not waiting:
        return Turn((), now_ms + LOOK_AGAIN_MS)
    if outlet.channel_id is None:
        return _owners_turn(outlet, waiting, now_ms)
    next_ms = _earliest_ms(outlet.sent_ms, PACE_MS, now_ms)
    if next_ms > now_ms:
        return Turn((), next_ms)
    alike = _alike(waiting)
    return Turn(alike[: REPORTS if alike[0].kind is EventKind.REPORT else EVENTS], now_ms + PACE_MS)


def turn_again(outlet: Outlet, untold: Sequence[LogEvent], now_ms: int) -> Turn:
    """Choose a batch that was on its way before: whole, as its nonce would else keep back what is new in it."""
    next_ms = _earliest_ms(outlet.sent_ms, PACE_MS, now_ms)
    if next_ms > now_ms:
        return Turn((), next_ms)
    # What an owner was to be told together may have to be two messages in a mod log.
    return Turn(tuple(untold) if outlet.channel_id is None else _alike(untold), now_ms + PACE_MS)


def untold_until_ms(tries: int, now_ms: int) -> int:
    """Tell when a batch is due again that is on its way for the n-th time: later than any sending takes."""
    return now_ms + back_off_ms(tries, first_ms=60_000, longest_ms=30 * 60_000)


def _owners_turn(outlet: Outlet, waiting: Sequence[LogEvent], now_ms: int) -> Turn:
    urgent = tuple(event for event in waiting if event.is_urgent)
    if urgent:
        return Turn(urgent, now_ms + PACE_MS)
    gathered_ms = _earliest_ms(waiting[0].at_ms, OWNER_GATHER_MS, now_ms)
    digest_ms = max(gathered_ms, _earliest_ms(outlet.owner_told_ms, DAY_MS, now_ms))
    if digest_ms > now_ms:
        return Turn((), min(digest_ms, now_ms + LOOK_AGAIN_MS))
    return Turn(tuple(waiting), now_ms + LOOK_AGAIN_MS)


def _alike(waiting: Sequence[LogEvent]) -> tuple[LogEvent, ...]:
    """Leave out what shares no message with the first: reports stand alone."""
    reports = waiting[0].kind is EventKind.REPORT
    return tuple(event for event in waiting if (event.kind is EventKind.REPORT) is reports)


def _earliest_ms(last_ms: int | None, pace_ms: int, now_ms: int) -> int:
    """Tell when the next message may be sent; a last one in the future was written by a clock that was wrong."""
    return now_ms if last_ms is None or last_ms > now_ms else last_ms + pace_ms
