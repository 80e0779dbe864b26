"""The PostgreSQL database that another one is moved into: bare tables first, their keys and indexes at the end."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.db.database import Transaction, Value, WriteTransaction
from bot.db.migrations import make_tables
from bot.db.move_marks import COPIED, UNFINISHED, Attempt
from bot.db.move_source import Columns, Totals
from bot.errors import MoveProblem, MoveRefused

if TYPE_CHECKING:  # its driver is an extra of its own
    from bot.db.postgres import PostgresDatabase

SORT_MEMORY = "256MB"
"""What the server may take to sort an index; its usual 64 MB take twice as long for a million jobs."""

_PROGRESS, _STEPS = "unfinished_copy_table", "unfinished_copy_step"

_OWN_TABLES = (
    # Whose copy this is.
    f"create table {UNFINISHED} (database_id text not null, attempt text not null)",
    # How many rows of each table are here.
    f"create table {_PROGRESS} (name text not null primary key, copied bigint not null)",
    # What makes keys and indexes, as long as it was not done.
    f"create table {_STEPS} (number bigint not null primary key, statement text not null)",
)

_KEYS = """select conrelid::regclass::text as "table", conname as name, contype::text as kind,
        pg_get_constraintdef(oid) as definition
    from pg_constraint where connamespace = current_schema()::regnamespace and contype in ('p', 'u', 'f')
        and conrelid <> 'schema_migration'::regclass
    order by contype = 'f', conname"""

_INDEXES = """select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
    from pg_index join pg_class on pg_class.oid = indexrelid
    where relnamespace = current_schema()::regnamespace
        and not exists (select 1 from pg_constraint where conindid = indexrelid)
    order by relname"""

_COLUMNS = """select relname as "table", attname as "column", format_type(atttypid, atttypmod) as type
    from pg_attribute join pg_class on pg_class.oid = attrelid
    where relnamespace = current_schema()::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped
    order by attrelid, attnum"""


class MoveTarget:
    """Fill a database step by step; each is written down with what it did, so that another try goes on after it."""

    def __init__(self, db: "PostgresDatabase") -> None:
        self._db = db

    async def prepare(self, attempt: Attempt, version: int) -> bool:
        """Make bare tables of a version, or go on with those of this attempt; tells whether all was done before.

        An older attempt's copy of the same database is dropped. Raises `MoveRefused` when anything else is there.
        """
        async with self._db.transaction(patient=True) as tx:
            await tx.lock("migrations")
            tables = await tx.tables()
            if UNFINISHED in tables:
                if await self._is_outdated(tx, attempt):
                    await self._drop(tx)
                    tables = set[str]()
            elif tables:
                if await self._is_copied(tx, tables, attempt):
                    return True
                raise MoveRefused(MoveProblem.NOT_EMPTY)
            if not tables:
                await self._make(tx, attempt, version)
            return False

    async def columns(self) -> dict[str, Columns]:
        """Name the tables that are to be filled, and their columns."""
        found: dict[str, dict[str, str]] = {name: {} for name in await self.copied()}
        for row in await self._db.fetch(_COLUMNS):
            if row["table"] in found:
                found[row["table"]][row["column"]] = row["type"]
        return dict(found)

    async def copied(self) -> dict[str, int]:
        """Tell of each table how many rows are here."""
        rows = await self._db.fetch(f"select name, copied from {_PROGRESS} order by name")
        return {row["name"]: row["copied"] for row in rows}

    async def copy(self, table: str, columns: Columns, rows: Sequence[tuple[Value, ...]]) -> None:
        """Add rows to a table."""
        async with self._db.transaction(patient=True) as tx:
            await tx.copy_rows(table, tuple(columns), rows)
            await tx.fetch(f"update {_PROGRESS} set copied = copied + $2 where name = $1", table, len(rows))

    async def steps(self) -> list[tuple[int, str]]:
        """Give the statements that make what keys and indexes are missing, by their numbers."""
        rows = await self._db.fetch(f"select number, statement from {_STEPS} order by number")
        return [(row["number"], row["statement"]) for row in rows]

    async def make(self, number: int, statement: str) -> None:
        """Make a key or an index."""
        async with self._db.transaction(patient=True) as tx:
            await tx.fetch(f"set local maintenance_work_mem = '{SORT_MEMORY}'")
            await tx.fetch(statement)
            await tx.fetch(f"delete from {_STEPS} where number = $1", number)

    async def totals(self, table: str, columns: Columns) -> Totals:
        """Add up each column, as the old database does."""
        sums = ", ".join(f"count({name}), {_sum(name, kind)}" for name, kind in columns.items())
        async with self._db.transaction(patient=True) as tx:
            (row,) = await tx.fetch(f"select count(*), 0, {sums} from {table}")
        values = [int(value or 0) for value in row]
        return dict(zip(("*", *columns), zip(values[::2], values[1::2], strict=True), strict=True))

    async def finish(self, attempt: Attempt) -> None:
        """Let the server know its new rows, and a bot begin its work."""
        async with self._db.transaction(patient=True) as tx:
            await tx.fetch(f"analyze {', '.join(await _names(tx))}")
            for table in (UNFINISHED, _PROGRESS, _STEPS):
                await tx.fetch(f"drop table {table}")
            await tx.fetch("insert into metadata (name, value) values ($1, $2)", COPIED, attempt.token)

    async def _make(self, tx: WriteTransaction, attempt: Attempt, version: int) -> None:
        await make_tables(tx, 0, version)
        tables = await tx.tables() - {"schema_migration"}
        steps = await _take_apart(tx)
        for statement in _OWN_TABLES:
            await tx.fetch(statement)
        await tx.fetch(f"insert into {UNFINISHED} values ($1, $2)", attempt.database, attempt.token)
        for table in sorted(tables):
            await tx.fetch(f"insert into {_PROGRESS} values ($1, 0)", table)
        for number, statement in enumerate(steps):
            await tx.fetch(f"insert into {_STEPS} values ($1, $2)", number, statement)
        # What a version writes into its tables when it makes them came with the rows of the old database, too.
        await tx.fetch(f"truncate {', '.join(sorted(tables))}")

    @staticmethod
    async def _is_outdated(tx: Transaction, attempt: Attempt) -> bool:
        (row,) = await tx.fetch(f"select database_id, attempt from {UNFINISHED}")
        if row["database_id"] != attempt.database:
            raise MoveRefused(MoveProblem.OTHER_COPY)
        return row["attempt"] != attempt.token

    @staticmethod
    async def _is_copied(tx: Transaction, tables: set[str], attempt: Attempt) -> bool:
        if not {"metadata", "schema_migration"} <= tables:
            return False
        rows = await tx.fetch("select value from metadata where name = $1", COPIED)
        return bool(rows) and rows[0]["value"] == attempt.token

    @staticmethod
    async def _drop(tx: Transaction) -> None:
        tables = (*await _names(tx), "schema_migration", UNFINISHED, _PROGRESS, _STEPS)
        await tx.fetch(f"drop table {', '.join(tables)}")


async def _names(tx: Transaction) -> list[str]:
    return [row["name"] for row in await tx.fetch(f"select name from {_PROGRESS} order by name")]


async def _take_apart(tx: Transaction) -> list[str]:
    """Drop all keys and indexes; gives the statements that make them again, those first that others need."""
    keys, indexes = await tx.fetch(_KEYS), await tx.fetch(_INDEXES)
    for key in reversed(keys):  # a key cannot go while another table's refers to it
        await tx.fetch(f"alter table {key['table']} drop constraint {key['name']}")
    for index in indexes:
        await tx.fetch(f"drop index {index['name']}")
    made = [
        (key["kind"], f"alter table {key['table']} add constraint {key['name']} {key['definition']}") for key in keys
    ]
    unique = [statement for kind, statement in made if kind != "f"]
    foreign = [statement for kind, statement in made if kind == "f"]
    return [*unique, *(index["definition"] for index in indexes), *foreign]


def _sum(name: str, kind: str) -> str:
    match kind:
        case "bigint":
            return f"sum({name})"
        case "double precision":
            return f"sum(trunc({name} * 1000))"
        case _:
            return f"sum(octet_length({name}))"
