"""The database port: short whole transactions, `$1` parameters, rows by name; aiosqlite is the first adapter."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import aiosqlite

Row = sqlite3.Row
Value = str | int | float | bytes | None

LOOK_SECONDS = 5.0
"""How long a look at a database waits for a lock that somebody holds."""


class Transaction(Protocol):
    """Run statements that take effect together or not at all."""

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        """Run one statement and give all its rows; `$1`, `$2`... take the values in order."""
        ...


class Database(Protocol):
    """Give transactions that cannot interleave, and reads that do not wait for them."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Begin a write transaction; commit at the end of the block, roll back on any exception."""
        ...

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        """Run one read outside of any transaction."""
        ...


class _Connection:
    """Adapt one aiosqlite connection to the `Transaction` protocol."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        # SQLite reads $1 as a parameter named "1".
        named = {str(place): value for place, value in enumerate(values, 1)}
        return list(await self._connection.execute_fetchall(sql, named))


class SqliteDatabase:
    """Keep one connection for writes, used by one transaction at a time, and one for reads."""

    def __init__(self, writer: aiosqlite.Connection, reader: aiosqlite.Connection) -> None:
        self._writer = writer
        self._write = _Connection(writer)
        self._read = _Connection(reader)
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction]:
        """Begin a write transaction; commit at the end of the block, roll back on any exception."""
        async with self._turn:
            # BEGIN stands inside the try and the clean-up is shielded: a task that is cancelled while it awaits
            # BEGIN would otherwise leave an open transaction to whoever comes next.
            try:
                await self._writer.execute("begin immediate")
                yield self._write
                await self._writer.commit()
            except BaseException:
                await asyncio.shield(self._writer.rollback())
                raise

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        """Run one read outside of any transaction."""
        return await self._read.fetch(sql, *values)


@asynccontextmanager
async def open_sqlite(path: Path) -> AsyncGenerator[SqliteDatabase]:
    """Open a SQLite file, making its folder; raise `OSError` or `sqlite3.Error` when that is not possible.

    Both connections are closed on every way out: an open one would hang the interpreter's exit.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    async with _connect(path) as writer, _connect(path) as reader:
        yield SqliteDatabase(writer, reader)


@asynccontextmanager
async def looking_into(path: Path) -> AsyncGenerator[Transaction]:
    """Lock a SQLite file that exists for writing, and take back whatever is done to it; raise `sqlite3.Error`."""
    uri = f"file:{quote(str(path))}?mode=rw"
    async with aiosqlite.connect(uri, uri=True, timeout=LOOK_SECONDS, isolation_level=None) as connection:
        connection.row_factory = sqlite3.Row
        await connection.execute("begin immediate")
        try:
            yield _Connection(connection)
        finally:
            await connection.rollback()


@asynccontextmanager
async def _connect(path: Path) -> AsyncGenerator[aiosqlite.Connection]:
    # Autocommit: transactions begin where our code says so, not where the driver guesses.
    async with aiosqlite.connect(path, isolation_level=None) as connection:
        connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode=wal", "synchronous=full", "busy_timeout=10000", "foreign_keys=on"):
            await connection.execute(f"pragma {pragma}")
        yield connection


def places(values: Sequence[Any], first: int = 1) -> str:
    """Write the parameter list for `values`: '$3, $4' for two of them from the third place on."""
    return ", ".join(f"${place}" for place in range(first, first + len(values)))
