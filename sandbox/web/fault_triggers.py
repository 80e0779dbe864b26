"""The three ways to break something: at once, by what meets the next request, and by what stays so for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, Literal, Protocol, TypeVar

from sandbox.web.errors import Refused

TriggerState = Literal["ready", "armed", "done", "off"]

T = TypeVar("T")


class FaultTrigger(Protocol):
    """One thing that can be broken: `state` and `say` tell how it stands."""

    @property
    def state(self) -> TriggerState: ...

    @property
    def say(self) -> str: ...

    def press(self) -> None:
        """Break it, or raise `Refused`."""
        ...

    def put_right(self) -> None:
        """Take back what still waits or lasts."""
        ...


class BackgroundTasks:
    """Tasks that go on after a button was pressed, until they end or the page does."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def send(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Let something go on in a task of its own."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def end(self) -> None:
        """Cancel what still goes on."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class AtOnce:
    """Do something now; `hindrance` says why it makes no sense at the moment."""

    def __init__(
        self,
        do: Callable[[], Awaitable[object]],
        errands: BackgroundTasks,
        hindrance: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._do = do
        self._errands = errands
        self._hindrance = hindrance
        self._happened = ""

    @property
    def state(self) -> TriggerState:
        if self._hindrance() is not None:
            return "off"
        return "done" if self._happened else "ready"

    @property
    def say(self) -> str:
        return self._hindrance() or self._happened

    def press(self) -> None:
        if (hindrance := self._hindrance()) is not None:
            raise Refused(hindrance)
        self._happened = happened_now()
        self._errands.send(_really(self._do))

    def put_right(self) -> None:
        """Nothing waits here."""


class Armed(Generic[T]):
    """Lay something in the way of the next request of a kind; it shows until one met it.

    `lay` gives what was laid, `met` returns once it was met, and `withdraw` takes it away.
    """

    def __init__(
        self,
        lay: Callable[[], T],
        met: Callable[[T], Awaitable[object]],
        withdraw: Callable[[T], None],
        waits_for: str,
        errands: BackgroundTasks,
    ) -> None:
        self.state: TriggerState = "ready"
        self.say = ""
        self._lay = lay
        self._met = met
        self._withdraw = withdraw
        self._waits_for = waits_for
        self._errands = errands
        self._laid: T | None = None
        self._waiting: asyncio.Task[Any] | None = None

    def press(self) -> None:
        if self._laid is not None:
            raise Refused(f"It waits already for {self._waits_for}.")
        self._laid = self._lay()
        self.state, self.say = "armed", f"waits for {self._waits_for}"
        self._waiting = self._errands.send(self._wait(self._laid))

    def put_right(self) -> None:
        if self._laid is None or self._waiting is None:
            return
        self._waiting.cancel()
        self._withdraw(self._laid)
        self._laid, self.state, self.say = None, "ready", ""

    async def _wait(self, laid: T) -> None:
        await self._met(laid)
        self._laid, self.state, self.say = None, "done", happened_now()


class Switch:
    """Keep something broken until it is switched off again; the truth is where `is_on` looks."""

    def __init__(
        self,
        is_on: Callable[[], bool],
        turn: Callable[[bool], None],
        hindrance: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._is_on = is_on
        self._turn = turn
        self._hindrance = hindrance
        self._since = ""

    @property
    def state(self) -> TriggerState:
        if self._hindrance() is not None:
            return "off"
        return "armed" if self._is_on() else "ready"

    @property
    def say(self) -> str:
        return self._hindrance() or (self._since if self._is_on() else "")

    def press(self) -> None:
        if (hindrance := self._hindrance()) is not None:
            raise Refused(hindrance)
        on = not self._is_on()
        self._turn(on)
        self._since = f"on since {_clock()}"

    def put_right(self) -> None:
        if self._is_on():
            self._turn(False)


def happened_now() -> str:
    """Say when something happened."""
    return f"happened at {_clock()}"


def _clock() -> str:
    return time.strftime("%H:%M:%S")


async def _really(do: Callable[[], Awaitable[object]]) -> None:
    await do()
