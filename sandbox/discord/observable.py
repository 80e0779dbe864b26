"""Waiting for a state without polling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Observable:
    """Something that changes, and that others wait for."""

    def __init__(self) -> None:
        self._waiters: list[asyncio.Future[None]] = []

    def changed(self) -> None:
        """Wake everyone who waits."""
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def wait_for(self, check: Callable[[], T | None], timeout: float, describe: Callable[[], str]) -> T:
        """Return the first truthy `check()`, looked at after every change; TimeoutError says what `describe` says.

        `timeout` is in seconds.
        """
        try:
            async with asyncio.timeout(timeout):
                while not (value := check()):
                    waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                    self._waiters.append(waiter)
                    await waiter
                return value
        except TimeoutError:
            raise TimeoutError(f"after {timeout} s: {describe()}") from None
