"""The clock that is passed in, so that tests can turn it."""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Tell the time in milliseconds since 1970."""


def now_ms() -> int:
    """Read the machine's clock."""
    return time.time_ns() // 1_000_000
