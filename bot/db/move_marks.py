"""What says that a database is being moved, or was: rows of `metadata` in the old one, tables in the new one."""

import secrets
from dataclasses import dataclass

from bot.db.database import Transaction, WriteTransaction
from bot.errors import SchemaProblem, SchemaRefused

UNFINISHED = "unfinished_copy"
"""The table of a copy's own facts, which are there until it is whole."""

_DATABASE, _ATTEMPT, _PLACE = "database_id", "move_attempt", "moved_to"
"""In the old database's metadata: its name for ever, the attempt that no bot has worked since, and where it is now."""

COPIED = "copied_by"
"""In the new database's metadata, from the end on: the attempt that brought everything."""

OF_OLD_DATABASE = (_DATABASE, _ATTEMPT, _PLACE, COPIED)
"""What is not copied."""


@dataclass(frozen=True)
class Attempt:
    """Say which database is being moved, by which attempt, and where it was moved to, if it was."""

    database: str
    token: str
    place: str | None = None


async def begin_attempt(tx: WriteTransaction) -> Attempt:
    """Go on with the last attempt, if no bot has worked on the database since, else begin a new one."""
    rows = await tx.fetch("select name, value from metadata")
    found = {row["name"]: row["value"] for row in rows}
    attempt = Attempt(
        found.get(_DATABASE) or secrets.token_hex(8), found.get(_ATTEMPT) or secrets.token_hex(8), found.get(_PLACE)
    )
    for name, value in ((_DATABASE, attempt.database), (_ATTEMPT, attempt.token)):
        await tx.fetch(_PUT, name, value)
    return attempt


async def mark_moved(tx: WriteTransaction, place: str) -> None:
    """Write down where a database was moved to: no bot works on it any more."""
    await tx.fetch(_PUT, _PLACE, place)


async def forget_attempt(tx: WriteTransaction) -> None:
    """Let a copy that was begun be out of date, because a bot works on the database."""
    await tx.fetch("delete from metadata where name = $1", _ATTEMPT)


async def refuse_moved(tx: Transaction) -> None:
    """Raise `SchemaRefused` for a database that was moved, and for a copy that is not whole yet."""
    tables = await tx.tables()
    if UNFINISHED in tables:
        raise SchemaRefused(SchemaProblem.UNFINISHED)
    if {"schema_migration", "metadata"} <= tables:
        rows = await tx.fetch("select value from metadata where name = $1", _PLACE)
        if rows:
            raise SchemaRefused(SchemaProblem.MOVED, rows[0]["value"])


_PUT = "insert into metadata (name, value) values ($1, $2) on conflict do nothing"
