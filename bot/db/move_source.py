"""The SQLite database that is moved: its rows in their order, and what they add up to."""

from collections.abc import AsyncGenerator, Mapping, Sequence

from bot.db.database import Transaction, Value
from bot.db.move_marks import OF_OLD_DATABASE

BATCH = 10_000
"""Rows that are read, and written, at once."""

Columns = Mapping[str, str]
"""A table's columns in their order, each with its type in the new database."""

Totals = Mapping[str, tuple[int, int]]
"""By column: how many values there are, and what they add up to: numbers, thousandths, or bytes of texts."""

_BILLION = 1_000_000_000
"""Sums of ids do not fit into 64 bits, so that quotients and remainders are added apart."""

_WHICH = {"metadata": "name not in ({})".format(", ".join(f"'{name}'" for name in OF_OLD_DATABASE))}


class MoveSource:
    """Read a database in a transaction that keeps everybody else from writing."""

    def __init__(self, tx: Transaction, batch: int = BATCH) -> None:
        self._tx = tx
        self._batch = batch

    async def count(self, table: str) -> int:
        """Count a table's rows."""
        rows = await self._tx.fetch(f"select count(*) as count from {table} where {_which(table)}")
        return rows[0]["count"]

    async def batches(self, table: str, columns: Columns, first: int) -> AsyncGenerator[list[tuple[Value, ...]]]:
        """Give a table's rows from one on, counted from 0, in the order in which they were written."""
        names = ", ".join(columns)
        last = await self._last(table, 0, first) if first else 0
        while (after := last) is not None and (last := await self._last(table, after, self._batch)) is not None:
            rows = await self._tx.fetch(
                f"select {names} from {table} where rowid > $1 and rowid <= $2 and {_which(table)} order by rowid",
                after,
                last,
            )
            yield [tuple(row) for row in rows]

    async def totals(self, table: str, columns: Columns) -> Totals:
        """Add up each column."""
        sums = ", ".join(f"count({name}), {_high(name, kind)}, {_low(name, kind)}" for name, kind in columns.items())
        (row,) = await self._tx.fetch(f"select count(*), 0, 0, {sums} from {table} where {_which(table)}")
        values: Sequence[int | None] = tuple(row)
        counts, high, low = values[::3], values[1::3], values[2::3]
        return {
            name: (counts[place] or 0, (high[place] or 0) * _BILLION + (low[place] or 0))
            for place, name in enumerate(("*", *columns))
        }

    async def _last(self, table: str, after: int, count: int) -> int | None:
        """Find the place of the last of some rows after a place; None when there is none."""
        rows = await self._tx.fetch(
            f"""select max(place) as place from (select rowid as place from {table}
                where rowid > $1 and {_which(table)} order by rowid limit $2)""",
            after,
            count,
        )
        return rows[0]["place"]


def _which(table: str) -> str:
    return _WHICH.get(table, "1 = 1")


def _high(name: str, kind: str) -> str:
    return f"sum({name} / {_BILLION})" if kind == "bigint" else "0"


def _low(name: str, kind: str) -> str:
    match kind:
        case "bigint":
            return f"sum({name} % {_BILLION})"
        case "double precision":
            return f"sum(cast({name} * 1000 as integer))"
        case _:
            return f"sum(length(cast({name} as blob)))"
