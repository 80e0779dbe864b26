"""Rate limits (docs/topics/Rate_Limits): headers on every answer, and enforcement when the knob is on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sandbox.discord.errors import ApiError
from sandbox.discord.messages import Message
from sandbox.discord.routing import Call
from sandbox.discord.world import World

UNENFORCED = 50
"""The limit that headers name while nothing is enforced: high enough that a client does not wait."""

_MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_id")


@dataclass
class _Window:
    started: float
    used: int


class RateLimits:
    """One window per method, path template and major parameters."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._windows: dict[tuple[str, ...], _Window] = {}
        self._buckets: dict[tuple[str, str], str] = {}

    def count(self, call: Call) -> tuple[dict[str, str], RateLimitError | None]:
        """Count a request; return its headers, and the refusal if it is one too many."""
        knobs, now = self._world.knobs, self._world.now()
        bucket = self._bucket(call)
        if not knobs.enforce_rate_limits:
            return _headers(bucket, UNENFORCED, UNENFORCED - 1, now + 1, 1), None
        key = (call.method, call.template, *(call.parameters.get(major, "") for major in _MAJOR))
        window = self._windows.get(key)
        if window is None or now >= window.started + knobs.bucket_seconds:
            self._forget_past_windows(now)
            window = self._windows[key] = _Window(now, 0)
        left = window.started + knobs.bucket_seconds - now
        window.used += 1
        headers = _headers(bucket, knobs.bucket_size, max(0, knobs.bucket_size - window.used), now + left, left)
        return headers, RateLimitError(left, headers) if window.used > knobs.bucket_size else None

    def _forget_past_windows(self, now: float) -> None:
        seconds = self._world.knobs.bucket_seconds
        self._windows = {key: window for key, window in self._windows.items() if now < window.started + seconds}

    def _bucket(self, call: Call) -> str:
        key = (call.method, call.template)
        if key not in self._buckets:
            self._buckets[key] = hashlib.sha256(" ".join(key).encode()).hexdigest()[:32]
        return self._buckets[key]


class RateLimitError(ApiError):
    """A 429; `retry_after` in seconds."""

    def __init__(self, retry_after: float, headers: dict[str, str], code: int = 0) -> None:
        super().__init__(429, code, "You are being rate limited.", {"retry_after": retry_after, "global": False})
        self.headers = {**headers, "Retry-After": str(int(retry_after) + 1), "X-RateLimit-Scope": "user"}


def check_old_edit(message: Message) -> None:
    """Refuse another edit of a message older than an hour, once the hour's share is used (JSON code 30046)."""
    knobs, now = message.world.knobs, message.world.now()
    if not knobs.enforce_rate_limits or now - message.created_at < 3600:
        return
    message.edit_times = [at for at in message.edit_times if now - at < 3600]
    if len(message.edit_times) >= knobs.old_message_edits:
        raise RateLimitError(message.edit_times[0] + 3600 - now, {}, code=30046)
    message.edit_times.append(now)


def _headers(bucket: str, limit: int, remaining: int, reset: float, reset_after: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": f"{reset:.3f}",
        "X-RateLimit-Reset-After": f"{reset_after:.3f}",
        "X-RateLimit-Bucket": bucket,
    }
