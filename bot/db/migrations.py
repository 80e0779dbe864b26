"""Bring a database to the newest schema, and refuse one that we cannot work on."""

from collections.abc import Awaitable, Callable

from bot.db.database import Database, Transaction, WriteTransaction
from bot.db.member_ids import make_key
from bot.db.move_marks import forget_attempt, refuse_moved
from bot.db.schema import MIGRATIONS
from bot.errors import SchemaProblem, SchemaRefused

APPLICATION = "application"
"""The name in `metadata` of the Discord application that the database belongs to."""

_TABLES_OF_BEFORE = frozenset({"migration", "guild", "job", "ledger"})
"""What the database of a version before the first of these migrations holds: nothing leads from there to here."""


async def migrate(
    db: Database, application_id: int | None = None, back_up: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Bring the database to the newest schema in one transaction, for a Discord application where one is given.

    `back_up` is called before tables with rows in them are changed; what it raises ends all. Raises `SchemaRefused`
    for a database that is not ours or not this application's, older than the first migration, or newer than the last;
    then nothing is changed.
    """
    async with db.transaction(patient=True) as tx:
        await tx.lock("migrations")
        found = await known_version_of(tx)
        if found and application_id is not None:
            await check_application(tx, application_id)
        if 0 < found < len(MIGRATIONS) and back_up is not None:
            await back_up()
        await make_tables(tx, found, len(MIGRATIONS))
        await forget_attempt(tx)
        await make_key(tx)
        if application_id is not None:
            await tx.fetch(
                "insert into metadata (name, value) values ($1, $2) on conflict do nothing",
                APPLICATION,
                str(application_id),
            )


async def make_tables(tx: WriteTransaction, found: int, version: int) -> None:
    """Carry out the migrations after `found`, up to a version."""
    await tx.fetch("create table if not exists schema_migration (version bigint not null primary key)")
    for number, statements in enumerate(MIGRATIONS[found:version], found + 1):
        for statement in statements:
            await tx.fetch(statement)
        await tx.fetch("insert into schema_migration (version) values ($1)", number)


async def known_version_of(tx: Transaction) -> int:
    """Tell which migration a database saw last, 0 for an empty one; raise `SchemaRefused` if we cannot work on it."""
    found = await version_of(tx)
    if found > len(MIGRATIONS):
        raise SchemaRefused(SchemaProblem.NEWER)
    return found


async def check_application(tx: Transaction, application_id: int) -> None:
    """Refuse the database of another Discord application: its cards and commands are not ours to edit."""
    rows = await tx.fetch("select value from metadata where name = $1", APPLICATION)
    if rows and rows[0]["value"] != str(application_id):
        raise SchemaRefused(SchemaProblem.OTHER_BOT)


async def version_of(tx: Transaction) -> int:
    """Tell which migration a database saw last, 0 for an empty one.

    Raises `SchemaRefused` for one that is not ours, that was moved, or that is an unfinished copy of another.
    """
    await refuse_moved(tx)
    return await written_version_of(tx)


async def written_version_of(tx: Transaction) -> int:
    """Tell the same of a database that may have been moved."""
    tables = await tx.tables()
    if "schema_migration" not in tables:
        if tables >= _TABLES_OF_BEFORE:
            raise SchemaRefused(SchemaProblem.OLDER)
        if tables:
            raise SchemaRefused(SchemaProblem.FOREIGN)
        return 0
    (row,) = await tx.fetch("select max(version) as version from schema_migration")
    return row["version"] or 0
