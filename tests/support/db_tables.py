"""The tables that there are, their columns and their indexes, on either engine."""

from bot.db.database import Database
from bot.db.postgres import PostgresDatabase
from bot.db.schema import MIGRATIONS
from bot.db.sqlite import SqliteDatabase

TABLES = tuple(
    statement.split()[2].partition("(")[0]
    for migration in MIGRATIONS
    for statement in migration
    if statement.startswith("create table")
)

_COLUMNS: dict[type, str] = {
    SqliteDatabase: """select m.name as "table", c.name as "column"
        from sqlite_master as m, pragma_table_info(m.name) as c where m.type = 'table'""",
    PostgresDatabase: """select table_name as "table", column_name as "column" from information_schema.columns
        where table_schema = 'public'""",
}
_INDEXES: dict[type, str] = {
    SqliteDatabase: "select name, sql from sqlite_master where type = 'index' and sql is not null",
    PostgresDatabase: "select indexname as name, indexdef as sql from pg_indexes where schemaname = 'public'",
}


async def columns(db: Database) -> dict[str, set[str]]:
    """Name the columns of each table, in the engine's own words."""
    found: dict[str, set[str]] = {}
    for row in await db.fetch(_COLUMNS[type(db)]):
        found.setdefault(row["table"], set()).add(row["column"])
    return found


async def indexes(db: Database) -> dict[str, str]:
    """Give how each index was made, in the engine's own words."""
    return {row["name"]: row["sql"] for row in await db.fetch(_INDEXES[type(db)])}
