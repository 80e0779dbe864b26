"""Databases of either engine, by name: files of a folder, or databases of this process's PostgreSQL."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Protocol

from bot.db.database import Database
from bot.db.postgres import open_postgres
from bot.db.store import Defaults, Store
from tests.support.db_fixture import DEFAULTS, DbFixture
from tests.support.kept_postgres import KeptDatabase, KeptDatabases
from tests.support.postgres_server import shared_databases
from tests.support.sqlite_files import open_migrated, open_without_fsync


class Engine(Protocol):
    """Give databases by name; each may be opened more than once, as by several processes."""

    def open(self, name: str = "animatic", *, migrated: bool = False) -> AbstractAsyncContextManager[Database]:
        """Open a database, which is empty the first time."""
        ...

    def open_store(
        self, name: str = "animatic", defaults: Defaults = DEFAULTS
    ) -> AbstractAsyncContextManager[DbFixture]:
        """Open a store in a database that has all tables."""
        ...


class SqliteEngine:
    """Give files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @asynccontextmanager
    async def open(self, name: str = "animatic", *, migrated: bool = False) -> AsyncGenerator[Database]:
        """Open a file."""
        path = self._folder / f"{name}.db"
        async with open_migrated(path) if migrated else open_without_fsync(path) as db:
            yield db

    @asynccontextmanager
    async def open_store(self, name: str = "animatic", defaults: Defaults = DEFAULTS) -> AsyncGenerator[DbFixture]:
        """Open a store in a file."""
        async with self.open(name, migrated=True) as db:
            yield DbFixture(db, Store(db, defaults))


class PostgresEngine:
    """Give databases of this process's server, which are given back when the stack is closed."""

    def __init__(self, stack: AsyncExitStack, databases: KeptDatabases | None = None) -> None:
        self._stack = stack
        self._databases = databases or KeptDatabases()
        if databases is None:
            stack.push_async_callback(self._databases.close)
        self._migrated: dict[str, KeptDatabase] = {}
        self._empty: dict[str, str] = {}

    async def url(self, name: str = "animatic", *, migrated: bool = False) -> str:
        """Give a database's address."""
        if migrated or name in self._migrated:
            return (await self._with_tables(name)).url
        if name not in self._empty:
            self._empty[name] = await self._stack.enter_async_context(shared_databases().new())
        return self._empty[name]

    @asynccontextmanager
    async def open(self, name: str = "animatic", *, migrated: bool = False) -> AsyncGenerator[Database]:
        """Open a pool of its own on a database."""
        if migrated or name in self._migrated:
            async with (await self._with_tables(name)).open() as db:
                yield db
        else:
            async with open_postgres(await self.url(name)) as db:
                yield db

    @asynccontextmanager
    async def open_store(self, name: str = "animatic", defaults: Defaults = DEFAULTS) -> AsyncGenerator[DbFixture]:
        """Open a store on a pool of its own."""
        async with self.open(name, migrated=True) as db:
            yield DbFixture(db, Store(db, defaults))

    async def _with_tables(self, name: str) -> KeptDatabase:
        if name not in self._migrated:
            self._migrated[name] = await self._stack.enter_async_context(self._databases.lend())
        return self._migrated[name]


@asynccontextmanager
async def engine_of(kind: str, folder: Path, databases: KeptDatabases | None = None) -> AsyncGenerator[Engine]:
    """Give an engine by its name: sqlite, whose files are in the folder, or postgres."""
    async with AsyncExitStack() as stack:
        yield SqliteEngine(folder) if kind == "sqlite" else PostgresEngine(stack, databases)
