"""A database that counts what is asked of it: statements, and write transactions, which begin with one."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.db.database import Database, Row, Value, WriteTransaction

BEGIN = "begin"


@dataclass
class Statements:
    """Count statements by their text; the begin of a transaction is one, its commit is not."""

    by_text: Counter[str] = field(default_factory=Counter[str])

    @property
    def total(self) -> int:
        return self.by_text.total()

    @property
    def transactions(self) -> int:
        """Tell how many write transactions were begun."""
        return self.by_text[BEGIN]

    def add(self, sql: str) -> None:
        self.by_text[" ".join(sql.split())] += 1


class CountedDatabase:
    """Pass everything to a real database, and count it."""

    def __init__(self, db: Database, statements: Statements) -> None:
        self._db = db
        self._statements = statements

    @asynccontextmanager
    async def transaction(self, *, patient: bool = False) -> AsyncGenerator[WriteTransaction]:
        async with self._db.transaction(patient=patient) as tx:
            self._statements.add(BEGIN)
            yield _CountedTransaction(tx, self._statements)

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        self._statements.add(sql)
        return await self._db.fetch(sql, *values)

    async def tables(self) -> set[str]:
        return await self._db.tables()


class _CountedTransaction:
    def __init__(self, tx: WriteTransaction, statements: Statements) -> None:
        self._tx = tx
        self._statements = statements

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        self._statements.add(sql)
        return await self._tx.fetch(sql, *values)

    async def lock(self, name: str) -> None:
        await self._tx.lock(name)

    async def wake(self) -> None:
        await self._tx.wake()

    async def tables(self) -> set[str]:
        return await self._tx.tables()
