"""How many sessions a bot may begin: so many a day, and one every few seconds for each rate limit key."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from sandbox.discord.fault_injection import Knobs
from sandbox.discord.json_types import Json

DAY_SECONDS = 24 * 3600.0


class Start(Enum):
    """What becomes of an IDENTIFY."""

    ALLOWED = auto()
    TOO_SOON = auto()
    """Another one of its rate limit key came within `Knobs.identify_seconds`: it gets an invalid session."""
    TOO_MANY = auto()
    """The day's are used up: all sessions end, and the token is made anew."""


class SessionStarts:
    """Count each IDENTIFY; a RESUME is none (docs/events/gateway, Session Start Limit Object and Identifying)."""

    def __init__(self, knobs: Knobs, now: Callable[[], float]) -> None:
        self._knobs = knobs
        self._now = now
        self._last: dict[int, float] = {}
        self._day_began = now()
        self._used = 0

    def begin(self, shard_id: int) -> Start:
        """Count one, and tell what becomes of it."""
        self._begin_day()
        self._used += 1
        if self._used > self._knobs.session_starts:
            return Start.TOO_MANY
        now, key = self._now(), shard_id % self._knobs.max_concurrency
        if now - self._last.get(key, 0.0) < self._knobs.identify_seconds:
            return Start.TOO_SOON
        self._last[key] = now
        return Start.ALLOWED

    def to_json(self) -> Json:
        """Say what is left of the day."""
        self._begin_day()
        knobs = self._knobs
        return {
            "total": knobs.session_starts,
            "remaining": max(0, knobs.session_starts - self._used),
            "reset_after": int((self._day_began + DAY_SECONDS - self._now()) * 1000) if self._used else 0,
            "max_concurrency": knobs.max_concurrency,
        }

    def _begin_day(self) -> None:
        if self._now() - self._day_began >= DAY_SECONDS or not self._used:
            self._day_began, self._used = self._now(), 0
