"""A move into PostgreSQL: everything arrives, at whatever moment it breaks off, and nothing else is ever touched."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.db import migrations
from bot.db.database import Value
from bot.db.migrations import migrate, version_of
from bot.db.move import Moved, move_rows
from bot.db.move_marks import Attempt
from bot.db.move_source import BATCH, Columns
from bot.db.move_target import MoveTarget
from bot.db.postgres import PostgresDatabase, open_postgres
from bot.db.schema import MIGRATIONS
from bot.db.store import Store
from bot.domain.job import Frame, State
from bot.errors import DatabaseUnavailable, MoveProblem, MoveRefused, SchemaProblem, SchemaRefused
from tests.support.db_fixture import DEFAULTS, GUILD, HOUR_MS, MIRA, OTTO, DbFixture, open_db_fixture
from tests.support.db_tables import TABLES
from tests.support.postgres_server import shared_databases

pytestmark = pytest.mark.postgres

PLACE = "db.example/animatic"

SHAPE = (
    """select relname as "table", attname as "column", format_type(atttypid, atttypmod) as type, attnotnull
       from pg_attribute join pg_class on pg_class.oid = attrelid
       where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 order by 1, attnum""",
    "select conrelid::regclass::text as owner, conname, pg_get_constraintdef(oid) as made from pg_constraint "
    "where connamespace = 'public'::regnamespace order by 1, 2",
    "select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1",
)


async def nothing() -> None:
    """Move nothing but the rows."""


class BreakingTarget(MoveTarget):
    """Lose the connection at a certain one of its writes: before it is made, or its answer."""

    def __init__(self, db: PostgresDatabase, breaks_at: int, *, made: bool = True) -> None:
        super().__init__(db)
        self.copied_rows = 0
        self._left = breaks_at
        self._made = made

    async def copy(self, table: str, columns: Columns, rows: Sequence[tuple[Value, ...]]) -> None:
        async with self._write():
            await super().copy(table, columns, rows)
            self.copied_rows += len(rows)

    async def make(self, number: int, statement: str) -> None:
        async with self._write():
            await super().make(number, statement)

    async def finish(self, attempt: Attempt) -> None:
        async with self._write():
            await super().finish(attempt)

    @asynccontextmanager
    async def _write(self) -> AsyncGenerator[None]:
        self._left -= 1
        if self._left == 0 and not self._made:
            raise DatabaseUnavailable("the connection is lost")
        yield
        if self._left == 0:
            raise DatabaseUnavailable("the answer is lost")


@dataclass
class Houses:
    """Hold the old database and the address of a new one."""

    old: DbFixture
    path: Path
    new: PostgresDatabase
    told: list[tuple[str, int, int]] = field(default_factory=list[tuple[str, int, int]])

    async def move(
        self,
        target: MoveTarget | None = None,
        *,
        place: str = PLACE,
        in_use: bool = False,
        and_then: Callable[[], Awaitable[None]] = nothing,
        batch: int = BATCH,
    ) -> Moved:
        """Move, or go on with it."""

        def tell(part: str, done: int, of: int) -> None:
            self.told.append((part, done, of))

        return await move_rows(
            self.old.database, target or MoveTarget(self.new), place, tell, lambda: in_use, and_then, batch
        )

    async def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Read every row of the new database but those of its own."""
        return await DbFixture(self.new, Store(self.new, DEFAULTS)).everything()

    async def refusal(self, target: MoveTarget | None = None, **options: Any) -> MoveRefused:
        """Try to move."""
        with pytest.raises(MoveRefused) as refused:
            await self.move(target, **options)
        return refused.value

    async def write_new(self, sql: str, *values: Value) -> None:
        """Change the new database behind the move's back."""
        async with self.new.transaction() as tx:
            await tx.fetch(sql, *values)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "animatic.db"

    async def make() -> None:
        async with open_db_fixture(path) as db:
            await fill(db)

    asyncio.run(make())
    return path


@pytest.fixture
async def houses(tmp_path: Path, filled: Path) -> AsyncGenerator[Houses]:
    path = tmp_path / "animatic.db"
    shutil.copy(filled, path)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(shared_databases().new())
        old = await stack.enter_async_context(open_db_fixture(path))
        old.requests, old.now = 1000, old.now + HOUR_MS
        new = await stack.enter_async_context(open_postgres(url))
        yield Houses(old, path, new)


async def fill(db: DbFixture) -> None:
    """Bring a job to each state, and something into as many tables as there are."""
    for state in State:
        await db.in_state(state)
    job = await db.done(user=OTTO, guild=9_000_000_000_000_000_000)
    await db.receive(user=OTTO, guild=9_000_000_000_000_000_000, parent_job_id=job.id, parent_slot=1)
    job = await db.claim(await db.receive())
    await db.charge(job, (Frame(job.id, "start", f"{job.id}/start.png"),))
    await db.store.guild_settings.rank(GUILD, ["ttapi"], db.now)
    await db.store.provider_health.record_failure("ttapi", db.now)
    await db.store.metadata.put("commands", "tab\there, line\nthere, back\\slash, ünï¢ödé 🎬, and nothing: ")
    await db.db_write("update clip set seconds = 5.0004 where slot = 1")
    await db.db_write("insert into strike (job_id, user_id, day) values ($1, $2, '2026-11-18')", job.id, MIRA)


def kept(rows: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Leave out what either side notes of the move itself."""
    own = ("database_id", "move_attempt", "moved_to", "copied_by")
    return {**rows, "metadata": [row for row in rows["metadata"] if row[0] not in own]}


async def test_every_row_of_every_table_arrives(houses: Houses) -> None:
    moved = await houses.move()
    before, after = kept(await houses.old.everything()), kept(await houses.everything())
    assert after == before
    assert moved == Moved({table: len(rows) for table, rows in sorted(before.items())})
    assert {"job", "clip", "ledger", "account", "frame", "guild", "provider_health", "strike", "metadata"} <= {
        table for table, rows in before.items() if rows
    }


async def test_the_new_database_is_like_one_that_a_bot_has_made(houses: Houses) -> None:
    await houses.move()
    async with shared_databases().new() as url, open_postgres(url) as made:
        await migrate(made)
        for sql in SHAPE:
            assert await rows_of(houses.new, sql) == await rows_of(made, sql)


async def rows_of(db: PostgresDatabase, sql: str) -> list[dict[str, Any]]:
    return [dict(row) for row in await db.fetch(sql)]


async def test_a_bot_works_on_the_new_database_and_not_on_the_old_one(houses: Houses) -> None:
    await houses.move()
    await migrate(houses.new)
    db = DbFixture(houses.new, Store(houses.new, DEFAULTS), now=houses.old.now)
    assert (await db.receive(user=OTTO, guild=9_000_000_000_000_000_000)).state is State.RECEIVED
    with pytest.raises(SchemaRefused) as refused:
        await migrate(houses.old.database)
    assert (refused.value.problem, refused.value.place) == (SchemaProblem.MOVED, PLACE)


async def test_a_database_of_an_older_version_arrives_as_it_is(
    tmp_path: Path, houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(migrations, "MIGRATIONS", MIGRATIONS[:2])
        async with AsyncExitStack() as stack:
            old = await stack.enter_async_context(open_db_fixture(tmp_path / "older.db"))
            await old.store.metadata.put("commands", "some")
            houses.old = old
            await houses.move()
            assert await version_of(houses.new) == 2
    await migrate(houses.new)
    assert await version_of(houses.new) == len(MIGRATIONS)


async def test_it_goes_on_wherever_it_broke_off(houses: Houses) -> None:
    """Each write is the last one of a try, whether it was made or not; at no moment may bots start on both sides."""
    copied = tries = 0
    target = BreakingTarget(houses.new, 1)
    for tries in range(1, 200):
        target = BreakingTarget(houses.new, 1 + tries % 2, made=tries % 2 == 0)
        try:
            await houses.move(target, batch=5)
            break
        except DatabaseUnavailable:
            copied += target.copied_rows
            assert await starts(houses.new) is SchemaProblem.UNFINISHED or await starts(houses.old.database)
    rows = kept(await houses.everything())
    assert rows == kept(await houses.old.everything())
    assert copied + target.copied_rows == sum(map(len, rows.values()))
    assert tries > 40
    assert (await houses.move()).before


async def starts(db: Any) -> SchemaProblem | None:
    """Tell why no bot starts there."""
    try:
        await version_of(db)
    except SchemaRefused as refused:
        return refused.problem
    return None


async def test_a_move_that_is_done_says_so(houses: Houses) -> None:
    await houses.move()
    await migrate(houses.new, 7)
    before = await houses.everything()
    again = await houses.move()
    assert again == Moved({}, before=True)
    assert await houses.everything() == before


async def test_a_copy_is_begun_anew_after_a_bot_worked_on_the_old_database(houses: Houses) -> None:
    with pytest.raises(OSError, match="now"):
        await houses.move(and_then=stop)
    await migrate(houses.old.database)
    job = await houses.old.receive()
    await houses.old.db_write("delete from provider_health")
    await houses.move()
    after = kept(await houses.everything())
    assert after == kept(await houses.old.everything())
    assert job.id in {row[0] for row in after["job"]}


@pytest.mark.parametrize("made", ["create table other (id bigint)", "create table metadata (name text, value text)"])
async def test_a_database_that_holds_anything_else_is_refused_and_left_alone(houses: Houses, made: str) -> None:
    await houses.write_new(made)
    assert (await houses.refusal()).problem is MoveProblem.NOT_EMPTY
    assert len(await houses.new.tables()) == 1
    assert await starts(houses.old.database) is None


async def test_the_database_of_a_bot_is_refused(houses: Houses) -> None:
    await migrate(houses.new, 7)
    before = await houses.everything()
    assert (await houses.refusal()).problem is MoveProblem.NOT_EMPTY
    assert await houses.everything() == before


async def test_the_unfinished_copy_of_another_database_is_refused(houses: Houses, tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable):
        await houses.move(BreakingTarget(houses.new, 4), batch=5)
    before = await houses.everything()
    async with open_db_fixture(tmp_path / "other.db") as other:
        houses.old = other
        assert (await houses.refusal()).problem is MoveProblem.OTHER_COPY
    assert await houses.everything() == before


async def test_a_database_is_moved_to_one_place_only(houses: Houses) -> None:
    await houses.move()
    refused = await houses.refusal(place="elsewhere.example/animatic")
    assert (refused.problem, refused.where) == (MoveProblem.ELSEWHERE, PLACE)


async def test_a_database_in_use_is_not_moved(houses: Houses) -> None:
    assert (await houses.refusal(in_use=True)).problem is MoveProblem.IN_USE
    assert await houses.new.tables() == set()
    await houses.move()


async def test_nobody_writes_into_the_old_database_meanwhile(houses: Houses) -> None:
    async def write() -> None:
        with closing(sqlite3.connect(houses.path, timeout=0)) as connection, pytest.raises(sqlite3.OperationalError):
            connection.execute("begin immediate")

    await houses.move(and_then=write)


async def test_nothing_is_marked_when_what_else_is_moved_fails(houses: Houses) -> None:
    async def fail() -> None:
        raise OSError("no such bucket")

    with pytest.raises(OSError, match="no such bucket"):
        await houses.move(and_then=fail)
    assert await starts(houses.old.database) is None
    assert await starts(houses.new) is SchemaProblem.UNFINISHED
    houses.told.clear()
    await houses.move()
    assert next(done for part, done, _ in houses.told if part == "job") > 0


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("job", "update job set user_id = user_id + 1 where user_id = 12"),
        ("job", "update job set params = params || ' '"),
        ("job", "update job set error_code = null"),
        ("ledger", "delete from ledger where kind = 'settle'"),
        ("clip", "update clip set seconds = seconds + 0.001 where slot = 1"),
        ("account", "update account set used = used - 1 where used > 0"),
    ],
)
async def test_what_differs_in_number_or_sum_is_found(houses: Houses, table: str, change: str) -> None:
    with pytest.raises(OSError, match="now"):
        await houses.move(and_then=stop)
    await houses.write_new(change)
    refused = await houses.refusal()
    assert (refused.problem, refused.where) == (MoveProblem.DIFFERENT, table)
    assert await starts(houses.old.database) is None
    assert await starts(houses.new) is SchemaProblem.UNFINISHED


async def stop() -> None:
    """Break off after the rows."""
    raise OSError("now")


async def test_a_sign_that_postgresql_has_in_no_text_becomes_a_space(houses: Houses) -> None:
    await houses.old.store.metadata.put("odd", "a\0b")
    await houses.move()
    rows = await houses.new.fetch("select value from metadata where name = 'odd'")
    assert rows[0]["value"] == "a b"


async def test_each_part_is_told_from_its_beginning_to_its_end(houses: Houses) -> None:
    await houses.move(batch=5)
    parts = list(dict.fromkeys(part for part, _, _ in houses.told))
    assert parts == [*sorted(TABLES), "indexes", "comparing"]
    for part in parts:
        steps = [(done, of) for name, done, of in houses.told if name == part]
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1]
        assert steps[0][0] == 0
