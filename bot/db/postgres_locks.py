"""Names, turns and shards as advisory locks on the session's connection: lost with it, and free for others then."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakValueDictionary

from bot.db.postgres_session import PROCESS, PostgresSession, open_session
from bot.domain.clock import Clock, read_boot_clock
from bot.errors import DatabaseError, DatabaseUnavailable
from bot.locks import Locks

BELIEVED_MS = 500
"""How long a name that was held is taken for held: it is asked for in every round of the worker."""

FIRST_PAUSE_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 0.25
"""The pauses before a turn that another process has is tried for again: to wait for it at the server would keep the
connection from all else, and 50 tries a second of 50 cards would cost more than what they wait for."""


class PostgresInstanceNames:
    """Tell the session's name, and whose others are locked."""

    def __init__(self, session: PostgresSession, boot_ms: Callable[[], int] = read_boot_clock) -> None:
        self._session = session
        self._boot_ms = boot_ms
        self._seen: dict[str, int] = {}

    def own(self) -> str | None:
        """Give the name that this process surely holds."""
        return self._session.name()

    async def living(self, names: Collection[str]) -> frozenset[str]:
        """Tell which of these names a living process holds."""
        since = self._boot_ms() - BELIEVED_MS
        self._seen = {name: seen_ms for name, seen_ms in self._seen.items() if seen_ms >= since}
        asked = [name for name in names if name not in self._seen]
        if asked:
            now = self._boot_ms()
            held = await self._session.held([PROCESS.format(name) for name in asked])
            self._seen |= {name: now for name in asked if PROCESS.format(name) in held}
        return frozenset(self._seen).intersection(names)

    def when_lost(self, tell: Callable[[], None]) -> None:
        """Call this at once when the name is lost."""
        self._session.when_lost(tell)


class PostgresNamedLocks:
    """Give turns by name; the tasks of a process queue in it, and its first one tries for the lock."""

    def __init__(self, session: PostgresSession) -> None:
        self._session = session
        self._own_tasks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._turns: set[_Turn] = set()
        session.when_lost(self._end_turns)

    def are_sure(self) -> bool:
        """Tell whether turns that were taken are surely still ours."""
        return self._session.is_sure()

    @asynccontextmanager
    async def acquire(self, name: str) -> AsyncGenerator[None]:
        """Wait for the turn of a name and keep it until the block ends; `DatabaseUnavailable` when it was lost."""
        own_tasks = self._own_tasks.get(name)
        if own_tasks is None:
            own_tasks = self._own_tasks[name] = asyncio.Lock()
        key = f"turn:{name}"
        async with own_tasks:
            number = await self._wait_for(key)
            try:
                async with self._kept(number):
                    yield
            finally:
                await asyncio.shield(self._session.give_back(key, number))

    @asynccontextmanager
    async def _kept(self, number: int) -> AsyncGenerator[None]:
        """Cancel the block as soon as its turn is lost, which is told as an error and not as a cancellation."""
        turn = _Turn()
        self._turns.add(turn)
        if number != self._session.number:
            turn.end()
        try:
            yield
        except asyncio.CancelledError:
            if turn.was_only_reason():
                raise DatabaseUnavailable("a turn was lost with the connection that held it") from None
            raise
        finally:
            self._turns.discard(turn)

    async def _wait_for(self, key: str) -> int:
        """Try again and again, also while there is no connection; what was taken for one who left is given back."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            trying = asyncio.ensure_future(self._try(key))
            try:
                number = await asyncio.shield(trying)
            except asyncio.CancelledError:
                trying.add_done_callback(lambda tried: self._leave(key, tried))
                raise
            if number is not None:
                return number
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE_SECONDS, 1.5 * pause)

    async def _try(self, key: str) -> int | None:
        try:
            return await self._session.take(key)
        except DatabaseError:
            return None

    def _leave(self, key: str, tried: asyncio.Future[int | None]) -> None:
        number = None if tried.cancelled() else tried.result()
        if number is not None:
            self._session.give_back_soon(key, number)

    def _end_turns(self) -> None:
        for turn in self._turns:
            turn.end()


class _Turn:
    """Hold the task that has a turn; ended, it is cancelled before it does anything more."""

    def __init__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a turn is a task's")
        self._task = task
        self._cancelled_before = task.cancelling()
        self._ended = False

    def end(self) -> None:
        """Cancel it."""
        if not self._ended:
            self._ended = True
            self._task.cancel()

    def was_only_reason(self) -> bool:
        """Take the cancellation back; tells whether nobody else asked for one."""
        return self._ended and self._task.uncancel() <= self._cancelled_before


class PostgresShardLocks:
    """Give names to one process at a time, at once or not at all."""

    def __init__(self, session: PostgresSession) -> None:
        self._session = session
        self._own: dict[str, int] = {}
        self._one_change = asyncio.Lock()

    async def try_hold(self, name: str) -> bool:
        """Take a name and keep it until `release`; False when another process has it, True when this one has."""
        return await asyncio.shield(asyncio.ensure_future(self._hold(name)))

    async def release(self, name: str) -> None:
        """Let others have a name; one that is not held here is left alone."""
        await asyncio.shield(asyncio.ensure_future(self._release(name)))

    async def held(self, names: Collection[str]) -> frozenset[str]:
        """Tell which of these names any process holds, this one too."""
        held = await self._session.held([_shard_key(name) for name in names])
        return frozenset(name for name in names if _shard_key(name) in held)

    def lost(self) -> bool:
        """Tell whether a name that was taken here, and not released, may be another process's by now."""
        return any(self._is_lost(number) for number in self._own.values())

    async def _hold(self, name: str) -> bool:
        async with self._one_change:
            number = self._own.get(name)
            if number is not None and not self._is_lost(number):
                return True
            taken = await self._session.take(_shard_key(name))
            if taken is None:
                return False
            self._own[name] = taken
            return True

    async def _release(self, name: str) -> None:
        async with self._one_change:
            number = self._own.pop(name, None)
            if number is not None:
                await self._session.give_back(_shard_key(name), number)

    def _is_lost(self, number: int) -> bool:
        return number != self._session.number


async def open_postgres_locks(stack: AsyncExitStack, url: str, clock: Clock, *, deaf_to: str) -> Locks:
    """Open a session until the stack closes, with all that is kept by it, and let the clock follow the database's.

    Wake-ups of the pool that has the tag `deaf_to` are this process's own. Raises `DatabaseUnreachable`.
    """
    session = await stack.enter_async_context(open_session(url, clock, deaf_to=deaf_to))
    return Locks(
        PostgresInstanceNames(session), PostgresNamedLocks(session), PostgresShardLocks(session), session.when_woken
    )


def _shard_key(name: str) -> str:
    return f"shard:{name}"
