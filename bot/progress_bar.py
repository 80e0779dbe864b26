"""How far a long work is: a bar that moves on a terminal, and a line now and then elsewhere."""

import time
from collections.abc import Callable
from typing import TextIO

WIDTH = 30
REDRAWN_SECONDS = 0.1
SAID_SECONDS = 10.0
"""How often the same part is told again where lines stay."""


class ProgressBar:
    """Tell of one part after the other, each from its beginning to its end."""

    def __init__(self, stream: TextIO, seconds: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._seconds = seconds
        self._moves = stream.isatty()
        self._part: str | None = None
        self._told = 0.0
        self._line_open = False

    def show(self, part: str, done: int, of: int) -> None:
        """Say how much of a part is done."""
        begins, ends = part != self._part, done >= of
        now = self._seconds()
        if begins or ends or now - self._told >= (REDRAWN_SECONDS if self._moves else SAID_SECONDS):
            self._part, self._told = part, now
            self._write(_line(part, done, of), ends=ends)

    def _write(self, line: str, *, ends: bool) -> None:
        before, after = ("\r", "\n" if ends else "") if self._moves else ("", "\n")
        self._line_open = not after
        self._stream.write(f"{before}{line}{after}")
        self._stream.flush()

    def close(self) -> None:
        """End the line of a part that broke off."""
        if self._line_open:
            self._line_open = False
            self._stream.write("\n")


def _line(part: str, done: int, of: int) -> str:
    share = 1.0 if of == 0 else min(1.0, done / of)
    bar = "#" * int(share * WIDTH)
    return f"{part:<16} [{bar:-<{WIDTH}}] {share:>4.0%}  {done:,} of {of:,}"
