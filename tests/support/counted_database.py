"""A database that counts what is asked of it: statements, and write transactions, which begin with one."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.db.database import Database, Row, Transaction, Value

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
    async def transaction(self) -> AsyncGenerator[Transaction]:
        async with self._db.transaction() as tx:
            self._statements.add(BEGIN)
            yield _CountedTransaction(tx, self._statements)

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        self._statements.add(sql)
        return await self._db.fetch(sql, *values)


class _CountedTransaction:
    def __init__(self, tx: Transaction, statements: Statements) -> None:
        self._tx = tx
        self._statements = statements

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        self._statements.add(sql)
        return await self._tx.fetch(sql, *values)
