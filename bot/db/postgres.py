"""The PostgreSQL adapter of the database port: a pool of connections, over asyncpg."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg

from bot.database_url import POOL_SIZE
from bot.db.database import Row, Transaction, Value
from bot.db.postgres_errors import translated, unreachable
from bot.errors import ConnectProblem, DatabaseUnavailable, DatabaseUnreachable
from bot.metrics import PoolUse

CONNECT_SECONDS = 10.0
"""How long a connection may take to be made, and how long one of the pool is waited for."""

LOCK_SECONDS = 10
"""How long a statement waits for a lock that somebody holds; as long as SQLite's does."""

STATEMENT_SECONDS = 20
"""How long a statement may take at the server."""

ANSWER_SECONDS = 25.0
"""How long its answer is waited for; longer means that the network swallows it."""

OLDEST = 14
"""The first version that ends a session that says nothing (idle_session_timeout)."""

LEAVE_SECONDS = 5.0
"""How long a connection may take to roll back or to close before it is cut."""

WAKE_CHANNEL = "animatic"
"""Where a transaction that made something due tells all processes, with its commit."""

_SESSION = (
    f"set lock_timeout = '{LOCK_SECONDS}s'",
    f"set statement_timeout = '{STATEMENT_SECONDS}s'",
    # A process that was frozen or cut off in the middle of a transaction keeps others waiting no longer than this.
    "set idle_in_transaction_session_timeout = '30s'",
    # What was committed before a call to a provider must outlast the server's crash, else the call is made again.
    "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'",
)
"""Said once on each connection, and not when it is made: a pooler in between takes no such settings there."""

_PATIENT = "set local lock_timeout = 0; set local statement_timeout = 0"


class _Connection:
    """Adapt one connection to the `WriteTransaction` protocol."""

    def __init__(self, connection: Any, pool: Any, *, patient: bool = False, tag: str = "") -> None:
        self._connection = connection
        self._tag = tag
        self._pool = pool
        self._seconds = None if patient else ANSWER_SECONDS

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        try:
            with translated():
                return await self._connection.fetch(sql, *values, timeout=self._seconds)
        except DatabaseUnavailable:
            # What cannot be written through one connection may be through another: after a failover the address leads
            # to another server, and those to the one of before would be kept for as long as it lives.
            await self._pool.expire_connections()
            raise

    async def lock(self, name: str) -> None:
        await self.fetch("select pg_advisory_xact_lock(hashtextextended($1, 0))", name)

    async def wake(self) -> None:
        await self.fetch("select pg_notify($1, $2)", WAKE_CHANNEL, self._tag)

    async def copy_rows(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Value, ...]]) -> None:
        """Write many rows at once (COPY)."""
        with translated():
            await self._connection.copy_records_to_table(table, columns=columns, records=rows, timeout=self._seconds)

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
    async def transaction(self, *, patient: bool = False) -> AsyncGenerator[_Connection]:
        """Begin a write transaction; commit at the end of the block, roll back on any exception."""
        async with self._connected() as connection:
            try:
                await self._say(connection, "begin isolation level read committed")
                if patient:
                    await self._say(connection, _PATIENT)
                yield _Connection(connection, self._pool, patient=patient, tag=self.tag)
                await self._say(connection, "commit")
            except BaseException:
                await asyncio.shield(_roll_back(connection))
                raise

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        """Run one read outside of any transaction."""
        async with self._connected() as connection:
            return await _Connection(connection, self._pool).fetch(sql, *values)

    async def tables(self) -> set[str]:
        """Name the tables that there are."""
        async with self._connected() as connection:
            return await _Connection(connection, self._pool).tables()

    def pool_use(self) -> PoolUse:
        """Tell how many of the pool's connections there are and are at work."""
        opened = self._pool.get_size()
        return PoolUse(self._pool.get_max_size(), opened, opened - self._pool.get_idle_size())

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
async def open_postgres(url: str, pool_size: int = POOL_SIZE) -> AsyncGenerator[PostgresDatabase]:
    """Open a pool for an address as libpq takes it; raise `DatabaseUnreachable` when it is of no use."""
    async with _open_pool(url, pool_size) as pool:
        yield PostgresDatabase(pool)


@asynccontextmanager
async def open_unsaved(url: str) -> AsyncGenerator[Transaction]:
    """Open a transaction of its own, and take back whatever is done in it; raise a `DatabaseError`."""
    async with _open_pool(url, 1) as pool, pool.acquire() as connection:
        try:
            with translated():
                await connection.execute("begin", timeout=ANSWER_SECONDS)
            yield _Connection(connection, pool)
        finally:
            await _roll_back(connection)


@asynccontextmanager
async def _open_pool(url: str, pool_size: int) -> AsyncGenerator[Any]:
    with unreachable():
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
        with unreachable():
            async with asyncio.timeout(CONNECT_SECONDS), pool.acquire() as connection:
                await _check_server(connection)
        yield pool
    finally:
        await _close(pool)


async def _check_server(connection: Any) -> None:
    """Refuse a server that is too old, a database that cannot hold every letter, and one that can only be read."""
    (row,) = await connection.fetch(
        """select current_setting('server_version_num')::int as number, current_setting('server_version') as version,
               current_setting('server_encoding') as encoding, current_setting('transaction_read_only') as read_only"""
    )
    if row["number"] < OLDEST * 10_000:
        raise DatabaseUnreachable(row["version"], ConnectProblem.TOO_OLD)
    if row["encoding"] != "UTF8":
        raise DatabaseUnreachable(row["encoding"], ConnectProblem.ENCODING)
    if row["read_only"] == "on":
        raise DatabaseUnreachable("it is a standby, or set to be read only", ConnectProblem.READ_ONLY)


async def _close(pool: Any) -> None:
    try:
        async with asyncio.timeout(LEAVE_SECONDS):
            await pool.close()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        pool.terminate()


async def _set_up(connection: Any) -> None:
    await connection.execute("; ".join(_SESSION), timeout=ANSWER_SECONDS)


async def _leave_as_it_is(connection: Any) -> None:
    pass


async def _roll_back(connection: Any) -> None:
    """Undo what was not committed; a connection on which that fails is cut, which undoes it too."""
    with suppress(asyncpg.InterfaceError):  # one that was cut has left the pool by itself
        try:
            if connection.is_in_transaction():
                await connection.execute("rollback", timeout=LEAVE_SECONDS)
        except (OSError, asyncpg.PostgresError):
            connection.terminate()
