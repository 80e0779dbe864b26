"""The one connection that holds what is this process's alone: its name, its turns, its shards; it hears wake-ups too.

Advisory locks live as long as their connection. The server ends one that says nothing for 8 seconds, so that a lost
host, a cut network and a frozen process lose theirs as a killed one does.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import asyncpg

from bot.db.database import Row, Value
from bot.db.postgres import CONNECT_SECONDS, WAKE_CHANNEL, translated
from bot.db.session_check import check_session
from bot.domain.clock import Clock, read_boot_clock
from bot.errors import DatabaseError, DatabaseUnavailable

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """Hold how long what was said holds, in seconds."""

    ping: float = 2
    """How often something is said."""
    sure: float = 5
    """After the last word that was answered the locks are surely ours for so long; then nothing more is begun."""
    lost: float = 7
    """Then they are given up, before anybody else can have them."""
    silent: float = 8
    """Then the server ends the connection, and all its locks with it."""
    clock: float = 60
    """How often the offset to the database's clock is measured."""


USUAL = Pace()

WATCH_SECONDS = 0.25
"""How often it is looked at how long ago the last word was answered."""

FAR_MS = 500
"""An answer that took longer tells too little of the time."""

AGAIN_SECONDS = 0.5
"""The pause before a connection is tried for again."""

HEAD_START_SECONDS = 0.05
"""How much earlier than all others the process looks that made something due itself: most of it it takes."""

_SESSION = """
    set idle_session_timeout = {milliseconds};
    set statement_timeout = {milliseconds};
    set tcp_user_timeout = {milliseconds}"""
"""The last one for a cut network while the server has something to say: it would wait for hours."""

_NOW = "select (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms"
_TRY = "select pg_try_advisory_lock(hashtextextended($1, 0)) as taken"
_UNLOCK = "select pg_advisory_unlock(hashtextextended($1, 0))"
_HELD = """
    select name from unnest($1::text[]) as name
    where hashtextextended(name, 0) in (
        select (classid::bigint << 32) | objid::bigint from pg_locks
        where locktype = 'advisory' and objsubid = 1 and granted
            and database = (select oid from pg_database where datname = current_database()))"""

Connect = Callable[[], Awaitable[Any]]

PROCESS = "process:{}"
"""The lock on a process's name."""


class PostgresSession:
    """Keep the connection, and make a new one, with a new name, whenever it is lost; then every lock is lost."""

    def __init__(
        self,
        connect: Connect,
        clock: Clock,
        pace: Pace = USUAL,
        *,
        deaf_to: str = "",
        boot_ms: Callable[[], int] = read_boot_clock,
    ) -> None:
        self.number = 0
        """Counts the losses: a lock of before is lost."""
        self._connect = connect
        self._clock = clock
        self._pace = pace
        self._deaf_to = deaf_to
        self._boot_ms = boot_ms
        self._connection: Any = None
        self._name = ""
        self._answered_ms = 0
        self._measured_ms: int | None = None
        self._one_statement = asyncio.Lock()
        self._asked: set[asyncio.Task[list[Row]]] = set()
        self._gone = asyncio.Event()
        self._watch: asyncio.TimerHandle | None = None
        self._lost: list[Callable[[], None]] = []
        self._heard: Callable[[], None] = lambda: None
        self._woken: asyncio.TimerHandle | None = None

    def name(self) -> str | None:
        """Give the name that this process surely has; None while it may be lost."""
        return self._name if self.is_sure() else None

    def is_sure(self) -> bool:
        """Tell whether the locks are surely still held."""
        return self._connection is not None and self._silence() <= self._pace.sure

    def when_lost(self, tell: Callable[[], None]) -> None:
        """Call this at once when all locks are lost."""
        self._lost.append(tell)

    def when_woken(self, tell: Callable[[], None]) -> None:
        """Call this soon after another process's transaction woke all, and after each new connection."""
        self._heard = tell

    async def take(self, key: str) -> int | None:
        """Take a lock; gives what `number` is while it is held, None when another process has it."""
        number = self.number
        rows = await self._fetch(_TRY, key)
        return number if rows[0]["taken"] else None

    async def give_back(self, key: str, number: int) -> None:
        """Give a lock of a connection back; those of a lost one are gone already."""
        if number == self.number:
            with suppress(DatabaseError):
                await self._fetch(_UNLOCK, key)

    def give_back_soon(self, key: str, number: int) -> None:
        """Give a lock back without waiting for it."""
        if number == self.number:
            self._start(_UNLOCK, (key,))

    async def held(self, keys: list[str]) -> set[str]:
        """Tell which of these locks anybody has."""
        return {row["name"] for row in await self._fetch(_HELD, keys)}

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Connect, and stay connected until the block ends; raise a `DatabaseError` when it cannot begin."""
        await self._begin()
        self._look()
        keeping = asyncio.create_task(self._keep(), name="session")
        try:
            yield
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            for timer in (self._watch, self._woken):
                if timer is not None:
                    timer.cancel()
            connection, self._connection = self._connection, None
            if connection is not None:
                with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    await connection.close(timeout=self._pace.ping)

    async def _keep(self) -> None:
        while True:
            try:
                await self._ping()
            except DatabaseError as error:
                log.warning("the connection that holds this process's name is lost: %s", error)
                await self._begin_again()
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pace.ping):
                    await self._gone.wait()

    async def _begin_again(self) -> None:
        while self._connection is None:
            try:
                await self._begin()
            except DatabaseError as error:
                log.warning("no new connection for this process's name: %s", error)
                await asyncio.sleep(AGAIN_SECONDS)
        log.warning("this process has a new name: %s", self._name)

    async def _begin(self) -> None:
        """Connect and take a new name."""
        with translated():
            connection = await self._connect()
            asked_ms = self._boot_ms()
            try:
                async with asyncio.timeout(self._pace.silent):
                    await connection.execute(_SESSION.format(milliseconds=int(1000 * self._pace.silent)))
                    await connection.add_listener(WAKE_CHANNEL, self._hear)
                    name = await self._new_name(connection)
            except BaseException:
                connection.terminate()
                raise
        self._gone.clear()
        self._name, self._answered_ms, self._measured_ms = name, asked_ms, None
        self._connection = connection
        connection.add_termination_listener(self._lose)
        if connection.is_closed():
            self._lose(connection)
        await self._ping()
        self._heard()

    async def _new_name(self, connection: Any) -> str:
        while True:
            name = secrets.token_hex(4)
            if await connection.fetchval(_TRY, PROCESS.format(name)):
                return name

    async def _ping(self) -> None:
        """Say something, and see what time it is at the database."""
        before_ms = self._boot_ms()
        [row] = await self._fetch(_NOW)
        after_ms = self._boot_ms()
        near = after_ms - before_ms <= FAR_MS
        if self._measured_ms is None or (near and after_ms - self._measured_ms >= 1000 * self._pace.clock):
            self._measured_ms = after_ms if near else None
            self._clock.offset_ms = row["now_ms"] - (before_ms + after_ms) // 2

    async def _fetch(self, sql: str, *values: Value | list[str]) -> list[Row]:
        """Ask, one question after the other; who stops waiting for an answer does not stop the question."""
        return await asyncio.shield(self._start(sql, values))

    def _start(self, sql: str, values: tuple[Value | list[str], ...]) -> "asyncio.Task[list[Row]]":
        asked = asyncio.create_task(self._ask(self.number, sql, values))
        self._asked.add(asked)
        asked.add_done_callback(self._answered)
        return asked

    def _answered(self, asked: asyncio.Task[list[Row]]) -> None:
        self._asked.discard(asked)
        if not asked.cancelled():
            asked.exception()  # who asked may be gone, and the loss is told on its own

    async def _ask(self, number: int, sql: str, values: tuple[Value | list[str], ...]) -> list[Row]:
        async with self._one_statement:
            connection = self._connection
            if connection is None or number != self.number:
                raise DatabaseUnavailable("there is no connection that holds locks")
            asked_ms = self._boot_ms()
            try:
                with translated():
                    rows = await connection.fetch(sql, *values, timeout=self._pace.lost)
            except DatabaseError:
                self._lose(connection)
                raise
            if number != self.number:
                raise DatabaseUnavailable("the connection that holds locks was lost")
            self._answered_ms = max(self._answered_ms, asked_ms)
            return rows

    def _silence(self) -> float:
        return (self._boot_ms() - self._answered_ms) / 1000

    def _look(self) -> None:
        """Give up what is lost as the very first thing that a process does that was frozen: this is no task."""
        if self._connection is not None and self._silence() > self._pace.lost:
            self._lose(self._connection)
        self._watch = asyncio.get_running_loop().call_later(WATCH_SECONDS, self._look)

    def _lose(self, connection: Any) -> None:
        if connection is not self._connection:
            return
        self._connection = None
        self.number += 1
        self._gone.set()
        connection.terminate()
        for tell in self._lost:
            tell()

    def _hear(self, _connection: Any, _pid: int, _channel: str, payload: str) -> None:
        if payload != self._deaf_to and self._woken is None:
            self._woken = asyncio.get_running_loop().call_later(HEAD_START_SECONDS, self._wake)

    def _wake(self) -> None:
        self._woken = None
        self._heard()


@asynccontextmanager
async def open_session(
    url: str, clock: Clock, pace: Pace = USUAL, *, deaf_to: str = ""
) -> AsyncGenerator[PostgresSession]:
    """Open a session at an address as asyncpg takes it; raise a `DatabaseError` when it cannot be, or is of no use.

    `deaf_to` is the tag of the pool whose wake-ups are this process's own.
    """
    await check_session(url)

    async def connect() -> Any:
        return await asyncpg.connect(url, timeout=CONNECT_SECONDS)

    session = PostgresSession(connect, clock, pace, deaf_to=deaf_to)
    async with session.running():
        yield session
