"""What is told beside the steps: no job is to wait for a message to somebody else.

Each message is taken by one of all processes before it is sent. What dies in between costs a ping, and never makes two;
of a mod log it is taken again after a while.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.domain.clock import Clock

log = logging.getLogger(__name__)

STOP_SECONDS = 2.0
"""How long a message that is on its way may take once the worker stops."""

Message = TypeVar("Message")


class Outbox(Generic[Message]):
    """Send what is due, so many at a time; `name` and `about` are for the log."""

    def __init__(
        self,
        name: str,
        take: Callable[[int], Awaitable[Sequence[Message]]],
        at_once: int,
        send: Callable[[Message], Awaitable[None]],
        clock: Clock,
        about: Callable[[Message], str],
    ) -> None:
        self._name = name
        self._take = take
        self._at_once = at_once
        self._send = send
        self._clock = clock
        self._about = about
        self._asked = False
        self._ending = False
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Send what is due, and do not wait for it."""
        self._asked = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._send_due(), name=self._name)

    async def end(self) -> None:
        """Take no further message; let those on their way arrive within bounds."""
        self._ending = True
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=STOP_SECONDS)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _send_due(self) -> None:
        try:
            while self._asked and not self._ending:
                self._asked = False
                taken = await self._take(self._clock())
                self._asked = self._asked or len(taken) == self._at_once
                await asyncio.gather(*map(self._send_one, taken))
        except Exception:
            log.exception("%s could not be taken", self._name)

    async def _send_one(self, message: Message) -> None:
        try:
            await self._send(message)
        except Exception:
            # Whether it is taken again is its table's affair.
            log.exception("%s: the message about %s could not be sent", self._name, self._about(message))
