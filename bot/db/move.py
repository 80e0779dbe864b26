"""Copy a stopped SQLite database into PostgreSQL; what broke off goes on where it was."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from bot.db.database import Database, Value, WriteTransaction
from bot.db.migrations import written_version_of
from bot.db.move_marks import Attempt, begin_attempt, mark_moved
from bot.db.move_source import BATCH, Columns, MoveSource, Totals
from bot.db.move_target import MoveTarget
from bot.errors import DatabaseBroken, DatabaseBusy, MoveProblem, MoveRefused

T = TypeVar("T")

Tell = Callable[[str, int, int], None]
"""Be told of a part how much is done, and of how much."""


@dataclass(frozen=True)
class Moved:
    """Say how many rows of each table are in the new database; `before` when another call had moved them."""

    rows: dict[str, int]
    before: bool = False


async def move_rows(
    db: Database,
    target: MoveTarget,
    place: str,
    tell: Tell,
    is_in_use: Callable[[], bool],
    and_then: Callable[[], Awaitable[None]],
    batch: int = BATCH,
) -> Moved:
    """Copy all rows, compare both sides, wait for what else is to be moved, and mark the old database as moved.

    Nobody else writes into the old one meanwhile, and no bot begins on the new one before the end. Raises
    `MoveRefused` when it cannot be done there, a `DatabaseError` when it broke off.
    """
    async with _alone(db) as tx:
        attempt = await begin_attempt(tx)
    async with _alone(db) as tx:
        if await begin_attempt(tx) != attempt or is_in_use():
            raise MoveRefused(MoveProblem.IN_USE)
        moved = await _copy(MoveSource(tx, batch), target, attempt, await written_version_of(tx), place, tell)
        await and_then()
        if not moved.before:
            await mark_moved(tx, place)
    # From here on nobody works on the old database, so that a bot may begin on the new one.
    if not moved.before:
        await target.finish(attempt)
    return moved


@asynccontextmanager
async def _alone(db: Database) -> AsyncGenerator[WriteTransaction]:
    """Keep everybody else from writing; raises `MoveRefused` while somebody does."""
    async with AsyncExitStack() as stack:
        try:
            tx = await stack.enter_async_context(db.transaction())
        except DatabaseBusy:
            raise MoveRefused(MoveProblem.IN_USE) from None
        yield tx


async def _copy(
    source: MoveSource, target: MoveTarget, attempt: Attempt, version: int, place: str, tell: Tell
) -> Moved:
    if attempt.place not in (None, place):
        raise MoveRefused(MoveProblem.ELSEWHERE, attempt.place or "")
    if await target.prepare(attempt, version):
        return Moved({}, before=True)
    if attempt.place is not None:  # only its end is missing
        return Moved(await target.copied())
    tables = await target.columns()
    rows = {table: await _copy_table(source, target, table, columns, tell) for table, columns in tables.items()}
    theirs, _ = await asyncio.gather(_all_totals(source, tables), _make_indexes(target, tell))
    for number, (table, columns) in enumerate(tables.items()):
        tell("comparing", number, len(tables))
        if await target.totals(table, columns) != theirs[table]:
            raise MoveRefused(MoveProblem.DIFFERENT, table)
    tell("comparing", len(tables), len(tables))
    return Moved(rows)


async def _copy_table(source: MoveSource, target: MoveTarget, table: str, columns: Columns, tell: Tell) -> int:
    done, count = (await target.copied())[table], await source.count(table)
    tell(table, done, count)
    async with aclosing(_ahead(source.batches(table, columns, done))) as batches:
        async for rows in batches:
            try:
                await target.copy(table, columns, rows)
            except DatabaseBroken:
                await target.copy(table, columns, [_without_nul(row) for row in rows])
            done += len(rows)
            tell(table, done, count)
    return done


def _without_nul(row: tuple[Value, ...]) -> tuple[Value, ...]:
    """Write a space for each sign that PostgreSQL has in no text."""
    return tuple(value.replace("\0", " ") if isinstance(value, str) else value for value in row)


async def _make_indexes(target: MoveTarget, tell: Tell) -> None:
    steps = await target.steps()
    for done, (number, statement) in enumerate(steps):
        tell("indexes", done, len(steps))
        await target.make(number, statement)
    tell("indexes", len(steps), len(steps))


async def _all_totals(source: MoveSource, tables: dict[str, Columns]) -> dict[str, Totals]:
    return {table: await source.totals(table, columns) for table, columns in tables.items()}


async def _ahead(batches: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """Read the next batch while the last one is being written."""
    async with aclosing(batches):
        coming = asyncio.ensure_future(anext(batches, None))
        try:
            while (batch := await coming) is not None:
                coming = asyncio.ensure_future(anext(batches, None))
                yield batch
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
