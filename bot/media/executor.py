"""A thread of its own for whatever decodes pictures: one at a time, and nobody else's threads wait for it.

The event loop's own threads read and write files and look hosts up; a few large pictures would keep all of them busy.
Members take turns, so that nobody waits for more than one picture of each other member.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from threading import Lock
from typing import Any, ParamSpec, TypeVar, cast

from bot.media.image_process import image_process

P = ParamSpec("P")
T = TypeVar("T")

_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")

_member: ContextVar[int | None] = ContextVar("member", default=None)


@contextmanager
def on_behalf_of(member: int) -> Generator[None]:
    """Say whose pictures are decoded in the block, and in the tasks that it starts; without it they are nobody's."""
    before = _member.set(member)
    try:
        yield
    finally:
        _member.reset(before)


async def run_in_image_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function of this package that blocks while it decodes; those that wait for their turn can be cancelled.

    The thread waits for a process that does the work, so that what a picture breaks is not the bot.
    """
    done = _line.append(_member.get(), partial(image_process.run, work, *args, **kwargs))
    _thread.submit(_line.run_next)
    return cast("T", await asyncio.wrap_future(done))


class _Line:
    """Hold what waits for the thread, by member: first in the order in which their turns come."""

    def __init__(self) -> None:
        self._waiting: dict[int | None, deque[tuple[Future[Any], Callable[[], Any]]]] = {}
        self._lock = Lock()

    def append(self, member: int | None, call: Callable[[], Any]) -> Future[Any]:
        done: Future[Any] = Future()
        with self._lock:
            self._waiting.setdefault(member, deque()).append((done, call))
        return done

    def run_next(self) -> None:
        """Take one call of the member whose turn it is, who then goes to the end of the line."""
        with self._lock:
            member = next(iter(self._waiting))
            own = self._waiting.pop(member)
            done, call = own.popleft()
            if own:
                self._waiting[member] = own
        if not done.set_running_or_notify_cancel():
            return
        try:
            done.set_result(call())
        except BaseException as error:  # noqa: BLE001  # it is raised to whoever asked
            done.set_exception(error)


_line = _Line()
