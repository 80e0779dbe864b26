"""Small writes that come at about the same time share one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Gathered(Generic[T, R]):
    """Hand what is given within `seconds` of the first to `write` together, which answers for each in its order."""

    def __init__(self, write: Callable[[Sequence[T]], Awaitable[Sequence[R]]], seconds: float) -> None:
        self._write = write
        self._seconds = seconds
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._writing: set[asyncio.Task[None]] = set()

    async def __call__(self, given: T) -> R:
        """Wait until something is written; raises what `write` raises."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((given, answer))
        if len(self._waiting) == 1:
            task = asyncio.create_task(self._write_soon())
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)
        return await answer

    async def _write_soon(self) -> None:
        await asyncio.sleep(self._seconds)
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
