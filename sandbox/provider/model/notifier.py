"""Waiting for something to happen instead of asking again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Notifier:
    """Wakes everyone who waits, after each change of a job, a request or a delivery."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def notify(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def until(self, condition: Callable[[], T]) -> T:
        """Return what ``condition`` gives as soon as it is truthy."""
        while not (found := condition()):
            await self._event.wait()
        return found
