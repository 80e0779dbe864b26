"""The PostgreSQL adapter of the database port: a pool of connections, over asyncpg."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import asyncpg

from bot.db.database import Row, Value, WriteTransaction
from bot.errors import DatabaseBroken, DatabaseBusy, DatabaseError, DatabaseUnavailable

CONNECT_SECONDS = 10.0
"""How long a connection may take to be made, and how long one of the pool is waited for."""

LOCK_SECONDS = 10
"""How long a statement waits for a lock that somebody holds; as long as SQLite's does."""

STATEMENT_SECONDS = 20
"""How long a statement may take at the server."""

ANSWER_SECONDS = 25.0
"""How long its answer is waited for; longer means that the network swallows it."""

LEAVE_SECONDS = 5.0
"""How long a connection may take to roll back or to close before it is cut."""

WAKE_CHANNEL = "animatic"
"""Where a transaction that made something due tells all processes, with its commit."""

_SESSION = (
    f"set lock_timeout = '{LOCK_SECONDS}s'",
    f"set statement_timeout = '{STATEMENT_SECONDS}s'",
    # A process that was frozen or cut off in the middle of a transaction keeps others waiting no longer than this.
    "set idle_in_transaction_session_timeout = '30s'",
)
"""Said once on each connection, and not when it is made: a pooler in between takes no such settings there."""

_PATIENT = "set local lock_timeout = 0; set local statement_timeout = 0"

_BUSY = (
    "40",  # deadlock, serialization
    "55",  # a lock that was not to be had; the object is in use
    "57014",  # it took too long
)
_UNAVAILABLE = (
    "08",  # the connection
    "25006",  # a standby, or a server that is being replaced: it may be read only
    "53",  # the disk is full, no memory, too many connections
    "57",  # it shuts down or starts up
    "58",  # its system fails it
    "F0",  # its own files
)


def _kind(code: str) -> type[DatabaseError]:
    """Sort an error by the server's code for it (PostgreSQL, appendix A)."""
    if code.startswith(_BUSY):
        return DatabaseBusy
    return DatabaseUnavailable if code.startswith(_UNAVAILABLE) else DatabaseBroken


@contextmanager
def translated() -> Generator[None]:
    """Raise the port's errors instead of the driver's."""
    try:
        yield
    except asyncpg.InvalidCachedStatementError as error:
        raise DatabaseBusy(str(error)) from error  # the tables were changed a moment ago
    except asyncpg.PostgresError as error:
        raise _kind(error.sqlstate or "")(str(error)) from error
    except (asyncpg.DataError, asyncpg.InternalClientError) as error:
        raise DatabaseBroken(str(error)) from error
    except asyncpg.InterfaceError as error:
        raise DatabaseUnavailable(str(error)) from error
    except TimeoutError as error:
        raise DatabaseUnavailable("no answer came in time") from error
    except OSError as error:
        raise DatabaseUnavailable(error.strerror or str(error)) from error


class _Connection:
    """Adapt one connection to the `WriteTransaction` protocol."""

    def __init__(self, connection: Any, seconds: float | None = ANSWER_SECONDS, tag: str = "") -> None:
        self._connection = connection
        self._seconds = seconds
        self._tag = tag

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        with translated():
            return await self._connection.fetch(sql, *values, timeout=self._seconds)

    async def lock(self, name: str) -> None:
        await self.fetch("select pg_advisory_xact_lock(hashtextextended($1, 0))", name)

    async def wake(self) -> None:
        await self.fetch("select pg_notify($1, $2)", WAKE_CHANNEL, self._tag)

    async def tables(self) -> set[str]:
        rows = await self.fetch("select tablename from pg_catalog.pg_tables where schemaname = current_schema()")
        return {row["tablename"] for row in rows}


class PostgresDatabase:
    """Give each transaction and each read a connection of a pool; transactions run side by side, at READ COMMITTED."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self.tag = secrets.token_hex(4)
        """What comes along when a transaction of this pool wakes all processes."""

    @asynccontextmanager
    async def transaction(self, *, patient: bool = False) -> AsyncGenerator[WriteTransaction]:
        """Begin a write transaction; commit at the end of the block, roll back on any exception."""
        async with self._connected() as connection:
            try:
                await self._say(connection, "begin isolation level read committed")
                if patient:
                    await self._say(connection, _PATIENT)
                yield _Connection(connection, None if patient else ANSWER_SECONDS, self.tag)
                await self._say(connection, "commit")
            except BaseException:
                await asyncio.shield(_roll_back(connection))
                raise

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        """Run one read outside of any transaction."""
        async with self._connected() as connection:
            return await _Connection(connection).fetch(sql, *values)

    async def tables(self) -> set[str]:
        """Name the tables that there are."""
        async with self._connected() as connection:
            return await _Connection(connection).tables()

    @staticmethod
    async def _say(connection: Any, sql: str) -> None:
        with translated():
            await connection.execute(sql, timeout=ANSWER_SECONDS)

    @asynccontextmanager
    async def _connected(self) -> AsyncGenerator[Any]:
        with translated():
            async with asyncio.timeout(CONNECT_SECONDS):
                connection = await self._pool.acquire()
        try:
            yield connection
        finally:
            # A connection that cannot be put back is cut, which undoes what it did; the block's own error says more.
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._pool.release(connection, timeout=LEAVE_SECONDS)


@asynccontextmanager
async def open_postgres(url: str, pool_size: int = 10) -> AsyncGenerator[PostgresDatabase]:
    """Open a pool for an address as libpq takes it; raise a `DatabaseError` when no connection can be made."""
    with translated():
        pool = await asyncpg.create_pool(
            url,
            min_size=0,
            max_size=pool_size,
            timeout=CONNECT_SECONDS,
            init=_set_up,
            # Nothing that outlives a transaction is ever said, so that there is nothing to take back: asyncpg would
            # ask for it after each use, one more question to the server.
            reset=_leave_as_it_is,
        )
    try:
        database = PostgresDatabase(pool)
        await database.fetch("select 1")
        yield database
    finally:
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                await pool.close()
        except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            pool.terminate()


async def _set_up(connection: Any) -> None:
    await connection.execute("; ".join(_SESSION), timeout=ANSWER_SECONDS)


async def _leave_as_it_is(connection: Any) -> None:
    pass


async def _roll_back(connection: Any) -> None:
    """Undo what was not committed; a connection on which that fails is cut, which undoes it too."""
    try:
        if connection.is_in_transaction():
            await connection.execute("rollback", timeout=LEAVE_SECONDS)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection.terminate()
