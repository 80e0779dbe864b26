"""Databases of this process's server that stay connected from test to test: to connect takes longer than most tests do.

What a test leaves is gone when the next one begins: its rows, its transactions, its locks. A database whose tables it
changed is dropped. Connections belong to one event loop, so who keeps them does.
"""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import asyncpg

from bot.db.member_ids import make_key
from bot.db.migrations import migrate
from bot.db.postgres import PostgresDatabase, open_postgres
from tests.support.db_tables import TABLES
from tests.support.postgres_server import connect, shared_databases

_CUT = """select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
        and (state <> 'idle' or pid in (select pid from pg_locks where locktype = 'advisory'))"""
"""Idle connections hold nothing, and stay."""

# As a replica, it does not ask for each row whether another one refers to it.
_EMPTY = "; ".join(
    ("begin", "set local session_replication_role = replica", *(f"delete from {table}" for table in TABLES), "commit")  # noqa: S608  # our own table names
)

_SCHEMA = """select
    (select array_agg(version order by version) from schema_migration) as versions,
    (select count(*) || ' ' || sum(hashtextextended(concat(attrelid, attname, atttypid), attnum)) from pg_attribute
        where attrelid >= 16384) as columns"""
"""What changes with each table, index and column."""


class KeptDatabase:
    """Hold a database with all tables, and what is connected to it."""

    def __init__(self, url: str, desk: Any, stack: AsyncExitStack) -> None:
        self.url = url
        self._desk = desk
        self._stack = stack
        self._schema: Any = None
        self._idle: list[PostgresDatabase] = []

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[PostgresDatabase]:
        """Give a pool that nobody else uses; it is not used again when something fails meanwhile."""
        pool = self._idle.pop() if self._idle else await self._stack.enter_async_context(open_postgres(self.url))
        yield pool
        self._idle.append(pool)

    async def renew(self) -> bool:
        """Empty it and give it another key; tell whether its tables are still those that it was made with."""
        await self._desk.execute(_CUT)
        await self._desk.execute(_EMPTY)
        await make_key(self._desk)
        [schema] = await self._desk.fetch(_SCHEMA)
        self._schema = self._schema or schema
        return schema == self._schema

    async def close(self) -> None:
        """Close all connections and give the database back."""
        await self._stack.aclose()


class KeptDatabases:
    """Keep databases for the tests of one event loop."""

    def __init__(self) -> None:
        self._idle: list[KeptDatabase] = []

    @asynccontextmanager
    async def lend(self) -> AsyncGenerator[KeptDatabase]:
        """Lend a database with all tables, no rows but a key, and none of what was done in it before."""
        kept = await self._whole() or await self._make()
        try:
            yield kept
        finally:
            self._idle.append(kept)

    async def close(self) -> None:
        """Close all that were lent and came back."""
        while self._idle:
            await self._idle.pop().close()

    async def _whole(self) -> KeptDatabase | None:
        while self._idle:
            kept = self._idle.pop()
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                if await kept.renew():
                    return kept
            await kept.close()
        return None

    async def _make(self) -> KeptDatabase:
        async with AsyncExitStack() as stack:
            url = await stack.enter_async_context(shared_databases().filled(_migrate))
            desk = await connect(url)
            stack.push_async_callback(desk.close)
            kept = KeptDatabase(url, desk, stack.pop_all())
            await kept.renew()
            return kept
        raise AssertionError


async def _migrate(url: str) -> None:
    async with open_postgres(url) as db:
        await migrate(db)
