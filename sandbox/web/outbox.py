"""What waits to be sent to one tab: a bounded queue in which news of the same thing become one."""

from __future__ import annotations

import asyncio
import itertools
from collections import OrderedDict
from collections.abc import Callable, Hashable

from sandbox.discord.json_types import Json

MOST = 1000
"""How many things may wait; a tab that is further behind is closed, and enters again."""

BuildEvent = Callable[[], Json | None]
"""Builds an event as things are when it is sent; None when there is nothing to tell any more."""


class Outbox:
    """Queue events; they are built when they are sent, so a slow tab gets the newest state once, not each step.

    `overflows` is called, with nothing waiting any more, when a tab is too far behind.
    """

    def __init__(self, overflows: Callable[[], None], *, most: int = MOST) -> None:
        self._overflows = overflows
        self._most = most
        self._waiting: OrderedDict[Hashable, BuildEvent] = OrderedDict()
        self._numbers = itertools.count()
        self._filled = asyncio.Event()

    def put(self, event: Json) -> None:
        """Queue an event as it is."""
        self.put_newest(next(self._numbers), lambda: event)

    def put_newest(self, key: Hashable, build: BuildEvent) -> None:
        """Queue news of the thing with this key; those that already wait for their turn are told anew then."""
        self._waiting[key] = build
        self._filled.set()
        if len(self._waiting) > self._most:
            self._waiting.clear()
            self._overflows()

    def holds(self, key: Hashable) -> bool:
        """Whether news of a thing still wait."""
        return key in self._waiting

    def drop(self, of: Callable[[Hashable], bool]) -> None:
        """Forget the news of some things."""
        for key in [key for key in self._waiting if of(key)]:
            del self._waiting[key]

    async def take(self) -> Json:
        """Give the next event, once there is one."""
        while True:
            while not self._waiting:
                self._filled.clear()
                await self._filled.wait()
            _, build = self._waiting.popitem(last=False)
            if (event := build()) is not None:
                return event
