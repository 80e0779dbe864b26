"""The SQLite adapter of the database port: one connection for writes, one for reads, over aiosqlite."""

import asyncio
import os
import re
import sqlite3
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import aiosqlite

from bot.db.database import Row, Transaction, Value, WriteTransaction
from bot.errors import DatabaseBroken, DatabaseBusy, DatabaseUnavailable
from bot.metrics import PoolUse

BUSY_SECONDS = 10.0
"""How long a statement waits for what another process has locked."""

AGAIN_SECONDS = 0.02
"""How soon it is tried again where SQLite itself does not wait."""

CHECK_TIMEOUT_SECONDS = 5.0
"""How long a look at a database waits for a lock that somebody holds."""

_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_UNAVAILABLE = frozenset(
    {
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)
_PRIMARY = 0xFF
"""The bits of an extended result code that hold the primary one (sqlite.org/rescode.html, section 2)."""


@contextmanager
def _translated() -> Generator[None]:
    """Raise the port's errors instead of the driver's."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY
        kind = DatabaseBusy if code in _BUSY else DatabaseUnavailable if code in _UNAVAILABLE else DatabaseBroken
        raise kind(str(error)) from error


_ROW_LOCKS = re.compile(r"\s+for update( of \w+)?( skip locked)?\b")

_BYTE_ORDER = ' collate "C"'
"""Has PostgreSQL compare texts by their bytes, as SQLite does anyway."""


@lru_cache(1000)
def without_row_locks(sql: str) -> str:
    """Take the clauses out of a statement that lock rows: write transactions come one after the other here."""
    return _ROW_LOCKS.sub("", sql).replace(_BYTE_ORDER, "")


class _Connection:
    """Adapt one aiosqlite connection to the `WriteTransaction` protocol."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        # SQLite reads $1 as a parameter named "1".
        named = {str(number): value for number, value in enumerate(values, 1)}
        with _translated():
            return list(await self._connection.execute_fetchall(without_row_locks(sql), named))

    async def lock(self, name: str) -> None:
        """Lock nothing: write transactions come one after the other."""

    async def wake(self) -> None:
        """Wake nobody: who shares a file looks for himself."""

    async def tables(self) -> set[str]:
        return {row["name"] for row in await self.fetch("select name from sqlite_master where type = 'table'")}


class SqliteDatabase:
    """Keep one connection for writes, used by one transaction at a time, and one for reads."""

    def __init__(self, writer: aiosqlite.Connection, reader: aiosqlite.Connection) -> None:
        self._writer = writer
        self._reader = reader
        self._write = _Connection(writer)
        self._read = _Connection(reader)
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self, *, patient: bool = False) -> AsyncGenerator[WriteTransaction]:
        """Begin a write transaction; commit at the end of the block, roll back on any exception."""
        async with self._turn:
            # BEGIN stands inside the try and the clean-up is shielded: a task that is cancelled while it awaits
            # BEGIN would otherwise leave an open transaction to whoever comes next.
            try:
                with _translated():
                    await self._writer.execute("begin immediate")
                yield self._write
                with _translated():
                    await self._writer.commit()
            except BaseException:
                with _translated():
                    await asyncio.shield(self._writer.rollback())
                raise

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        """Run one read outside of any transaction."""
        return await self._read.fetch(sql, *values)

    async def tables(self) -> set[str]:
        """Name the tables that there are."""
        return await self._read.tables()

    def pool_use(self) -> PoolUse:
        """Tell whether the one connection for writes is at work; the one for reads has no turns."""
        return PoolUse(most=1, open=1, used=int(self._turn.locked()))

    async def copy_to(self, path: Path) -> None:
        """Copy the database as it was last committed into an empty file; raise a `DatabaseError`."""
        with _translated():
            async with aiosqlite.connect(path, isolation_level=None) as copy:
                await self._reader.backup(copy)


@asynccontextmanager
async def open_sqlite(path: Path) -> AsyncGenerator[SqliteDatabase]:
    """Open a SQLite file, making its folder; raise `OSError` or a `DatabaseError` when that is not possible.

    Both connections are closed on every way out: an open one would hang the interpreter's exit.
    """
    path.parent.mkdir(0o700, parents=True, exist_ok=True)
    _make_private(path)
    async with _connect(path) as writer, _connect(path) as reader:
        yield SqliteDatabase(writer, reader)


def _make_private(path: Path) -> None:
    """Make the file of a new database, for our own user alone; SQLite gives those beside it the same rights.

    One that exists is not opened: closing it again would end the locks that this process has on it (fcntl(2)).
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


@asynccontextmanager
async def open_read_only(path: Path) -> AsyncGenerator[Transaction]:
    """Lock a SQLite file that exists for writing, and take back whatever is done to it; raise a `DatabaseError`."""
    uri = f"file:{quote(str(path))}?mode=rw"
    async with AsyncExitStack() as stack:
        with _translated():
            opened = aiosqlite.connect(uri, uri=True, timeout=CHECK_TIMEOUT_SECONDS, isolation_level=None)
            connection = await stack.enter_async_context(opened)
            connection.row_factory = sqlite3.Row
            await connection.execute("begin immediate")
        try:
            yield _Connection(connection)
        finally:
            await connection.rollback()


@asynccontextmanager
async def open_unchanged(path: Path) -> AsyncGenerator[Transaction]:
    """Read a SQLite file that exists and leave every byte of it, whoever made it; raise a `DatabaseError`."""
    # Without a journal beside it nobody is writing, and SQLite need not make files of its own to read it safely.
    in_use = any(path.with_name(path.name + end).exists() for end in ("-wal", "-journal"))
    uri = f"file:{quote(str(path))}?mode=ro{'' if in_use else '&immutable=1'}"
    async with AsyncExitStack() as stack:
        with _translated():
            opened = aiosqlite.connect(uri, uri=True, timeout=CHECK_TIMEOUT_SECONDS, isolation_level=None)
            connection = await stack.enter_async_context(opened)
            connection.row_factory = sqlite3.Row
        yield _Connection(connection)


@asynccontextmanager
async def _connect(path: Path) -> AsyncGenerator[aiosqlite.Connection]:
    # Autocommit: transactions begin where our code says so, not where the driver guesses.
    async with AsyncExitStack() as stack:
        with _translated():
            opened = aiosqlite.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
            connection = await stack.enter_async_context(opened)
            connection.row_factory = sqlite3.Row
            await _write_ahead(connection)
            for pragma in ("synchronous=full", "foreign_keys=on"):
                await connection.execute(f"pragma {pragma}")
        yield connection


async def _write_ahead(connection: aiosqlite.Connection) -> None:
    """Let a database have a write-ahead log, for as long as it takes.

    Of two processes that begin a new file together, SQLite tells one at once that it is locked, and does not wait.
    """
    loop = asyncio.get_running_loop()
    latest = loop.time() + BUSY_SECONDS
    while True:
        try:
            await connection.execute("pragma journal_mode=wal")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _BUSY or loop.time() > latest:
                raise
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return
