"""The three ways to break something: at once, by what meets the next request, and by what stays so for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from sandbox.sentences import Sentence, t
from sandbox.web.errors import Refused
from sandbox.web.wire.activity import TriggerState

T = TypeVar("T")


@dataclass(frozen=True)
class WaitsFor:
    """Say what an armed fault waits for, and why it cannot be armed once more."""

    say: Sentence
    already: Sentence


class FaultTrigger(Protocol):
    """One thing that can be broken: `state` and `say` tell how it stands."""

    @property
    def state(self) -> TriggerState: ...

    @property
    def say(self) -> str: ...

    def click(self) -> None:
        """Break it, or raise `Refused`."""
        ...

    def reset(self) -> None:
        """Take back what still waits or lasts."""
        ...


class BackgroundTasks:
    """Tasks that go on after a button was clicked, until they end or the page does."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
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


class ImmediateTrigger:
    """Do something now; `hindrance` says why it makes no sense at the moment."""

    def __init__(
        self,
        do: Callable[[], Awaitable[object]],
        tasks: BackgroundTasks,
        hindrance: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._do = do
        self._tasks = tasks
        self._hindrance = hindrance
        self._happened: str = ""

    @property
    def state(self) -> TriggerState:
        if self._hindrance() is not None:
            return "off"
        return "done" if self._happened else "ready"

    @property
    def say(self) -> str:
        return self._hindrance() or self._happened

    def click(self) -> None:
        if (hindrance := self._hindrance()) is not None:
            raise Refused(hindrance)
        self._happened = happened_now()
        self._tasks.start(_run(self._do))

    def reset(self) -> None:
        """Nothing waits here."""


class NextRequestTrigger(Generic[T]):
    """Arm a fault for the next request of a kind; it shows until one was hit.

    `arm` gives the fault, `hit` returns once a request was hit, and `withdraw` takes the fault away.
    """

    def __init__(
        self,
        arm: Callable[[], T],
        hit: Callable[[T], Awaitable[object]],
        withdraw: Callable[[T], None],
        waits_for: WaitsFor,
        tasks: BackgroundTasks,
    ) -> None:
        self.state: TriggerState = "ready"
        self.say: str = ""
        self._arm = arm
        self._hit = hit
        self._withdraw = withdraw
        self._waits_for = waits_for
        self._tasks = tasks
        self._fault: T | None = None
        self._waiting: asyncio.Task[Any] | None = None

    def click(self) -> None:
        if self._fault is not None:
            raise Refused(self._waits_for.already)
        self._fault = self._arm()
        self.state, self.say = "armed", self._waits_for.say
        self._waiting = self._tasks.start(self._wait(self._fault))

    def reset(self) -> None:
        if self._fault is None or self._waiting is None:
            return
        self._waiting.cancel()
        self._withdraw(self._fault)
        self._fault, self.state, self.say = None, "ready", ""

    async def _wait(self, fault: T) -> None:
        await self._hit(fault)
        self._fault, self.state, self.say = None, "done", happened_now()


class SwitchTrigger:
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
        self._since: str = ""

    @property
    def state(self) -> TriggerState:
        if self._hindrance() is not None:
            return "off"
        return "armed" if self._is_on() else "ready"

    @property
    def say(self) -> str:
        return self._hindrance() or (self._since if self._is_on() else "")

    def click(self) -> None:
        if (hindrance := self._hindrance()) is not None:
            raise Refused(hindrance)
        on = not self._is_on()
        self._turn(on)
        self._since = t("on since {time}", time=_clock())

    def reset(self) -> None:
        if self._is_on():
            self._turn(False)


def happened_now() -> str:
    """Say when something happened."""
    return t("happened at {time}", time=_clock())


def _clock() -> str:
    return time.strftime("%H:%M:%S")


async def _run(do: Callable[[], Awaitable[object]]) -> None:
    await do()
