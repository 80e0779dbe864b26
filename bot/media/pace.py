"""How slow a host may be before it is given up."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

HEADER_SECONDS = 20.0
"""How long a host may take to begin its answer, each redirect for itself."""

LOWEST_RATE = 8 * 1024
"""Bytes a second that a host must send, over each window: a link that trickles is given up long before its deadline."""

RATE_SECONDS = 5.0
"""The length of such a window."""


class Pace:
    """End a download whose host begins late or sends too little: the timeout runs while the host is waited for."""

    def __init__(self, timeout: asyncio.Timeout, header_seconds: float, rate_seconds: float) -> None:
        self._timeout = timeout
        self._header_seconds = header_seconds
        self._rate_seconds = rate_seconds
        self._received = 0

    def expect_answer(self) -> None:
        """Let the time run that a host may take to begin."""
        self._due_in(self._header_seconds)

    def expect_body(self) -> None:
        """Let a new window run."""
        self._received = 0
        self._due_in(self._rate_seconds)

    @contextmanager
    def received(self, size: int) -> Generator[None]:
        """Count what came; what is done with it in the block is not the host's time."""
        self._received += size
        left = (self._timeout.when() or 0) - asyncio.get_running_loop().time()
        self._timeout.reschedule(None)
        yield
        if self._received < LOWEST_RATE * self._rate_seconds:
            self._due_in(left)
        else:
            self.expect_body()

    def _due_in(self, seconds: float) -> None:
        self._timeout.reschedule(asyncio.get_running_loop().time() + seconds)
