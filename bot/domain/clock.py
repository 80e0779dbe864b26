"""The one clock that is passed in: due times go by the time since the machine started, people by the wall clock."""

import time
from collections.abc import Callable

FARTHEST_MS = 2 * 3_600_000
"""How far ahead a due time, a lease or a pause may lie; what lies farther was written by a clock that was wrong."""

SHOWN_SHIFT_MS = 10_000
"""In what steps times for people follow the wall clock, so that no reading's jitter changes what a card says."""

_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Where a system has no clock that counts its sleep too, it is the one that does not."""


def read_boot_clock() -> int:
    """Tell how long the machine has been on, in milliseconds; nobody sets this clock."""
    return time.clock_gettime_ns(_BOOT) // 1_000_000


def read_wall_clock() -> int:
    """Read the machine's wall clock, in milliseconds since 1970; it may be set at any moment, either way."""
    return time.time_ns() // 1_000_000


class Clock:
    """Tell the time in milliseconds since 1970.

    Called, it tells the time of due times, leases, pauses and back-off: the boot-time clock plus `offset_ms`, which
    may be set. `wall_ms` is for quota periods, the age of files, and people.
    """

    def __init__(
        self, boot_ms: Callable[[], int] = read_boot_clock, wall_ms: Callable[[], int] = read_wall_clock
    ) -> None:
        self._boot_ms = boot_ms
        self._wall_ms = wall_ms
        self.offset_ms = wall_ms() - boot_ms()

    def __call__(self) -> int:
        return self._boot_ms() + self.offset_ms

    def wall_ms(self) -> int:
        """Read the wall clock."""
        return self._wall_ms()

    def to_wall(self, moment_ms: int) -> int:
        """Tell what the wall clock shows at a moment of due times."""
        shift = self._wall_ms() - self()
        return moment_ms + round(shift / SHOWN_SHIFT_MS) * SHOWN_SHIFT_MS


def is_ahead(moment_ms: int, now_ms: int) -> bool:
    """Tell whether a due time, a lease or a pause is still to come; one that is farther than it can be is over."""
    return now_ms < moment_ms <= now_ms + FARTHEST_MS
