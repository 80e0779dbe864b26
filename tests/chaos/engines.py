"""The bot's database read and changed from outside, in plain SQL; `$1` is a parameter on either engine."""

import asyncio
import sqlite3
import threading
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from tests.support.postgres_server import connect

Value = str | int
Row = Mapping[str, Any]


class Engine(Protocol):
    """Run statements beside living bots."""

    order_of_commits: str
    """What a ledger is sorted by to see its lines as they came about."""

    def read(self, sql: str, *values: Value) -> Sequence[Row]:
        """Run one query; where there are no tables yet, there are no rows."""
        ...

    def write(self, statements: Sequence[str], *values: Value) -> None:
        """Run statements together; each takes all values."""
        ...

    def version(self) -> object:
        """Give what is another one after each change, or always, where that is not known."""
        ...

    def damage(self) -> str | None:
        """Say what is damaged, if that can be found out."""
        ...

    def close(self) -> None:
        """Close what is open."""
        ...


class SqliteEngine:
    """Look at a file."""

    order_of_commits = "rowid"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def read(self, sql: str, *values: Value) -> Sequence[Row]:
        """Run one query; a file without tables has no rows."""
        if self._connection is None:
            if not self._path.exists():
                return []
            self._connection = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, isolation_level=None, timeout=10)
            self._connection.row_factory = sqlite3.Row
        try:
            return self._connection.execute(sql, _named(values)).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            raise

    def write(self, statements: Sequence[str], *values: Value) -> None:
        """Run statements in one transaction."""
        connection = sqlite3.connect(self._path, timeout=10)
        try:
            with connection:
                for sql in statements:
                    connection.execute(sql, _named(values))
        finally:
            connection.close()

    def version(self) -> object:
        """Give the file's version, which is a hundred times cheaper than a query; None while there is no file."""
        found = self.read("pragma data_version")
        return found[0]["data_version"] if found else None

    def damage(self) -> str | None:
        """Look through the whole file."""
        said = self.read("pragma integrity_check")[0]["integrity_check"]
        return None if said == "ok" else said

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()


class PostgresEngine:
    """Ask a server, from a thread that has a loop of its own: who looks here does not wait for any other."""

    order_of_commits = "pg_xact_commit_timestamp(xmin), id"
    """Ids are made before their lines are; who waited for an account commits after whom it waited for."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._connection: Any = None

    def read(self, sql: str, *values: Value) -> Sequence[Row]:
        """Run one query."""
        return self._wait_for(self._read(sql, values))

    def write(self, statements: Sequence[str], *values: Value) -> None:
        """Run statements in one transaction."""
        self._wait_for(self._write(statements, values))

    def version(self) -> object:
        """Let everything count as a change."""
        return object()

    def damage(self) -> str | None:
        """Find nothing: the server looks after that."""
        return None

    def close(self) -> None:
        """Close the connection and end the thread."""
        if self._connection is not None:
            self._wait_for(self._connection.close(timeout=5))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _read(self, sql: str, values: Sequence[Value]) -> Sequence[Row]:
        connection = await self._connected()
        if await connection.fetchval("select to_regclass('job')") is None:
            return []
        return await connection.fetch(sql, *values)

    async def _write(self, statements: Sequence[str], values: Sequence[Value]) -> None:
        connection = await self._connected()
        async with connection.transaction():
            for sql in statements:
                await connection.execute(sql, *values)

    async def _connected(self) -> Any:
        if self._connection is None:
            self._connection = await connect(self._url)
        return self._connection

    def _wait_for(self, question: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(question, self._loop).result(60)


def _named(values: Sequence[Value]) -> dict[str, Value]:
    """Name values as SQLite does: it reads $1 as a parameter named "1"."""
    return {str(number): value for number, value in enumerate(values, 1)}
