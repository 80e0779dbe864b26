"""The database port: short whole transactions, `$1` parameters, rows by name."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from bot.metrics import PoolUse

Value = str | int | float | bytes | None


class Row(Protocol):
    """Hold one row of a result, by column name; `dict(row)` gives all of it."""

    def keys(self) -> Iterable[str]:
        """Name the columns, in their order."""
        ...

    def __getitem__(self, column: str, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]:
        """Give the values, in the order of their columns."""
        ...


class Transaction(Protocol):
    """Run statements that take effect together or not at all; raises a `DatabaseError`."""

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        """Run one statement and give all its rows; `$1`, `$2`... take the values in order.

        `for update` and `for update skip locked` at the end of a select hold its rows until the transaction ends.
        """
        ...

    async def tables(self) -> set[str]:
        """Name the tables that there are, whoever made them."""
        ...


class WriteTransaction(Transaction, Protocol):
    """Write; the transactions of an engine that runs them side by side lock first what they decide on."""

    async def lock(self, name: str) -> None:
        """Wait until no other transaction holds this name, and hold it until this one ends.

        Names and rows are locked in one order, which stands in `lock_names`.
        """
        ...

    async def wake(self) -> None:
        """Let every other process look for due jobs as soon as this transaction is committed; some engines cannot."""
        ...


class Database(Transaction, Protocol):
    """Give whole transactions, and reads that do not wait for them; raises a `DatabaseError`."""

    def transaction(self, *, patient: bool = False) -> AbstractAsyncContextManager[WriteTransaction]:
        """Begin a write transaction; commit at the end of the block, roll back on any exception.

        A `patient` one waits for locks, and for its own statements, as long as it takes.
        """
        ...


class PooledDatabase(Database, Protocol):
    """Tell of its connections too."""

    def pool_use(self) -> PoolUse:
        """Tell how many connections there may be, are open, and are at work."""
        ...


def parameters(values: Sequence[Any], first: int = 1) -> str:
    """Write the parameter list for `values`: '$3, $4' for two of them from the third on."""
    return ", ".join(f"${number}" for number in range(first, first + len(values)))
