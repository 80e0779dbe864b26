"""The SQLite adapter: whole transactions whatever interrupts them, and reads that do not wait for them."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from bot.db.database import Database
from bot.db.sqlite import SqliteDatabase, open_sqlite
from bot.errors import DatabaseBusy

TIMEOUT_SECONDS = 30
"""Seconds after which a test is surely stuck; nothing here should take one."""


@pytest.fixture
async def db(tmp_path: Path) -> AsyncGenerator[SqliteDatabase]:
    async with open_sqlite(tmp_path / "test.db") as db:
        await make_table(db)
        yield db


async def make_table(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.fetch("create table item (name text not null primary key, number bigint)")


async def put(db: Database, *names: str) -> None:
    async with db.transaction() as tx:
        for name in names:
            await tx.fetch("insert into item (name) values ($1)", name)


async def names(db: Database) -> list[str]:
    return [row["name"] for row in await db.fetch("select name from item order by name")]


class Gate:
    """Stop a connection's thread at one operation, before or after it is carried out, until told to go on."""

    def __init__(self, operation: str, *, done: bool) -> None:
        self._operation = operation
        self._done = done
        self._reached = threading.Event()
        self._open = threading.Event()
        self._used = False

    def pass_by(self, operation: str, *, done: bool) -> None:
        if self._used or done != self._done or not operation.startswith(self._operation):
            return
        self._used = True
        self._reached.set()
        assert self._open.wait(TIMEOUT_SECONDS)

    async def reached(self) -> None:
        assert await asyncio.to_thread(self._reached.wait, TIMEOUT_SECONDS)

    def open(self) -> None:
        self._open.set()


@asynccontextmanager
async def open_gated(path: Path, gate: Gate) -> AsyncGenerator[SqliteDatabase]:
    """Open a database whose writing connection stops at a gate; all else is the real thing."""

    class GatedConnection(sqlite3.Connection):
        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
            gate.pass_by(sql, done=False)
            cursor = super().execute(sql, parameters)
            gate.pass_by(sql, done=True)
            return cursor

        def commit(self) -> None:
            gate.pass_by("commit", done=False)
            super().commit()
            gate.pass_by("commit", done=True)

    async with open_sqlite(path) as plain:
        await make_table(plain)
    async with (
        aiosqlite.connect(path, isolation_level=None, factory=GatedConnection) as writer,
        aiosqlite.connect(path, isolation_level=None) as reader,
    ):
        for connection in (writer, reader):
            connection.row_factory = sqlite3.Row
        yield SqliteDatabase(writer, reader)


INTERRUPTED = [
    (operation, done, times)
    for operation in ("begin immediate", "insert", "commit")
    for done in (False, True)
    for times in (1, 2, 3)
]


@pytest.mark.parametrize(("operation", "done", "times"), INTERRUPTED)
async def test_a_cancelled_task_leaves_a_usable_database_and_nothing_half_written(
    tmp_path: Path, operation: str, done: bool, times: int
) -> None:
    gate = Gate(operation, done=done)
    async with open_gated(tmp_path / "test.db", gate) as db:
        cancelled = asyncio.create_task(put(db, "a", "b"))
        await gate.reached()
        for _ in range(times):
            cancelled.cancel()
            await asyncio.sleep(0)
        gate.open()
        with pytest.raises(asyncio.CancelledError):
            await cancelled

        async with asyncio.timeout(TIMEOUT_SECONDS):
            await put(db, "c")
        # A COMMIT that was under way when its task was cancelled may have taken effect, but only as a whole.
        assert await names(db) in ([["c"], ["a", "b", "c"]] if operation == "commit" else [["c"]])


async def test_a_task_cancelled_while_it_waits_for_its_turn_leaves_the_turn_to_the_next(db: SqliteDatabase) -> None:
    async with db.transaction() as tx:
        waiting = asyncio.create_task(put(db, "a"))
        await asyncio.sleep(0)
        waiting.cancel()
        await tx.fetch("insert into item (name) values ('b')")
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await put(db, "c")
    assert await names(db) == ["b", "c"]


async def test_a_begin_that_fails_because_of_another_process_spoils_nothing(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    async with open_sqlite(path) as plain:
        await make_table(plain)
    async with (
        aiosqlite.connect(path, isolation_level=None, timeout=0) as writer,
        aiosqlite.connect(path, isolation_level=None) as reader,
    ):
        reader.row_factory = sqlite3.Row
        db = SqliteDatabase(writer, reader)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("begin immediate")
            with pytest.raises(DatabaseBusy, match="locked"):
                await put(db, "a")
            other.execute("rollback")
        await put(db, "b")
        assert await names(db) == ["b"]


async def test_transactions_never_interleave(db: SqliteDatabase) -> None:
    await put(db, "counter")
    inside = 0

    async def count_up() -> None:
        nonlocal inside
        async with db.transaction() as tx:
            inside += 1
            assert inside == 1
            number = (await tx.fetch("select coalesce(number, 0) as number from item"))[0]["number"]
            await asyncio.sleep(0)
            await tx.fetch("update item set number = $1", number + 1)
            inside -= 1

    await asyncio.gather(*(count_up() for _ in range(50)))
    assert (await db.fetch("select number from item"))[0]["number"] == 50


async def test_two_processes_wait_for_each_other_instead_of_failing(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    async with open_sqlite(path) as one, open_sqlite(path) as other:
        await make_table(one)
        await put(one, "counter")

        async def count_up(db: Database) -> None:
            async with db.transaction() as tx:
                number = (await tx.fetch("select coalesce(number, 0) as number from item"))[0]["number"]
                await tx.fetch("update item set number = $1", number + 1)

        await asyncio.gather(*(count_up(db) for db in (one, other) * 25))
        assert (await one.fetch("select number from item"))[0]["number"] == 50


async def test_foreign_keys_are_kept_and_every_commit_reaches_the_disk(db: SqliteDatabase) -> None:
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    async with db.transaction() as tx:
        for name, value in expected.items():
            assert list(dict((await tx.fetch(f"pragma {name}"))[0]).values()) == [value]


async def test_of_two_that_begin_a_file_together_neither_gives_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute, told = aiosqlite.Connection.execute, 0

    async def locked_at_first(self: aiosqlite.Connection, sql: str) -> aiosqlite.Cursor:
        nonlocal told
        told += "journal_mode" in sql
        if "journal_mode" in sql and told == 1:
            # As SQLite says it without waiting, once in some hundred times.
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error
        return await execute(self, sql)

    monkeypatch.setattr(aiosqlite.Connection, "execute", locked_at_first)
    async with open_sqlite(tmp_path / "new.db") as db:
        assert [row["journal_mode"] for row in await db.fetch("pragma journal_mode")] == ["wal"]
    assert told == 3
