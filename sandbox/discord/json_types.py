"""What travels as JSON, and how times and ids are written in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias, cast

Json: TypeAlias = dict[str, Any]

DISCORD_EPOCH_MS = 1_420_070_400_000


class Snowflakes:
    """Make ids that carry the sandbox's time in milliseconds since 2015 above 22 bits of sequence."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last = 0

    def next(self) -> int:
        """Return an id greater than every id before it."""
        fresh = (int(self._now() * 1000) - DISCORD_EPOCH_MS) << 22
        self._last = max(fresh, self._last + 1)
        return self._last


def timestamp(seconds: float) -> str:
    """Write Unix seconds as Discord's ISO 8601 timestamps."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def dumps(value: Any) -> str:
    """Serialise without spaces."""
    return json.dumps(value, separators=(",", ":"))


def as_object(value: object) -> Json:
    """Return `value` if it is a JSON object, else an empty one."""
    return cast("Json", value) if isinstance(value, dict) else {}


def as_objects(value: object) -> list[Json]:
    """Return the objects in `value` if it is a JSON array, else an empty list."""
    return [cast("Json", item) for item in as_list(value) if isinstance(item, dict)]


def as_list(value: object) -> list[Any]:
    """Return `value` if it is a JSON array, else an empty list."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def as_int(value: object) -> int:
    """Return `value` if it is a JSON integer, else 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def as_id(value: object) -> int | None:
    """Read a snowflake written as a string or a number; None when it is neither."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else None
