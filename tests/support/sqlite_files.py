"""SQLite files that do not wait for the disk, and that begin with all tables.

To make the tables takes ten times as long as to copy a file that has them: so they are made once in each process.
"""

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import aiosqlite

from bot.db import migrations
from bot.db.migrations import migrate
from bot.db.sqlite import SqliteDatabase

_with_tables: dict[tuple[tuple[str, ...], ...], bytes] = {}
"""What a file holds, by its migrations: a test may have more of them, or fewer."""


@asynccontextmanager
async def open_without_fsync(path: Path) -> AsyncGenerator[SqliteDatabase]:
    """Open a database that does not wait for the disk: what a power cut leaves is not the question here."""
    path.parent.mkdir(parents=True, exist_ok=True)
    async with (
        aiosqlite.connect(path, isolation_level=None) as writer,
        aiosqlite.connect(path, isolation_level=None) as reader,
    ):
        for connection in (writer, reader):
            connection.row_factory = sqlite3.Row
            for pragma in ("journal_mode=wal", "synchronous=off", "busy_timeout=10000", "foreign_keys=on"):
                await connection.execute(f"pragma {pragma}")
        yield SqliteDatabase(writer, reader)


@asynccontextmanager
async def open_migrated(path: Path) -> AsyncGenerator[SqliteDatabase]:
    """Open a database, new or not, that has all tables and a key of its own."""
    await begin_with_tables(path)
    async with open_without_fsync(path) as db:
        await migrate(db)
        yield db


async def begin_with_tables(path: Path) -> None:
    """Put a file with all tables where none is; who opens it has yet to make its key."""
    if migrations.MIGRATIONS not in _with_tables:
        _with_tables[migrations.MIGRATIONS] = await _make()
    _copy(_with_tables[migrations.MIGRATIONS], path)


def _copy(content: bytes, path: Path) -> None:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


async def _make() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "made.db"
        async with open_without_fsync(path) as db:
            await migrate(db)
            async with db.transaction() as tx:
                await tx.fetch("delete from metadata")
        # Closed, it is whole: SQLite brings its log into it.
        return path.read_bytes()
