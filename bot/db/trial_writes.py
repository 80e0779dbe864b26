"""Writes that change nothing, to find out whether the database would take others."""

from bot.db.database import Transaction

_TABLES = ("job", "account", "ledger")
"""Where a job's life is written."""


async def try_to_write(tx: Transaction) -> None:
    """Ask for the right, and the tables' locks, to write what a job needs; raise a `DatabaseError` as that would."""
    for table in _TABLES:
        await tx.fetch(f"update {table} set guild_id = guild_id where 1 = 0")


async def try_to_create(tx: Transaction) -> None:
    """Make a table, in a transaction that is not kept."""
    await tx.fetch("create table trial (tried bigint)")
