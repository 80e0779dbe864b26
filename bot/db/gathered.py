"""Small writes that come at about the same time share one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Gathered(Generic[T, R]):
    """Hand what is given within `seconds` of the first to `write` together, which answers for each in its order.

    As soon as there are `enough` they wait no longer: when much is to be done, the next ones come by themselves.
    """

    def __init__(self, write: Callable[[Sequence[T]], Awaitable[Sequence[R]]], seconds: float, enough: int) -> None:
        self._write = write
        self._seconds = seconds
        self._enough = enough
        self._are_enough = asyncio.Event()
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._writing: set[asyncio.Task[None]] = set()

    async def __call__(self, given: T) -> R:
        """Wait until something is written; raises what `write` raises."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((given, answer))
        if len(self._waiting) == self._enough:
            self._are_enough.set()
        if len(self._waiting) == 1:
            task = asyncio.create_task(self._write_soon())
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)
        return await answer

    async def _write_soon(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._seconds):
                await self._are_enough.wait()
        self._are_enough.clear()
        gathered, self._waiting = self._waiting, []
        try:
            answers = await self._write([given for given, _ in gathered])
        except Exception as error:  # noqa: BLE001  # it is raised to all who wait
            for _, answer in gathered:
                if not answer.done():
                    answer.set_exception(error)
        else:
            for (_, answer), told in zip(gathered, answers, strict=True):
                if not answer.done():
                    answer.set_result(told)
