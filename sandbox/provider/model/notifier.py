"""Waiting for something to happen instead of asking again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Notifier:
    """A bell that wakes everyone who waits; it rings after each change of a job, a request or a delivery."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def until(self, look: Callable[[], T]) -> T:
        """Return what ``look`` finds as soon as it is truthy."""
        while not (found := look()):
            await self._event.wait()
        return found
