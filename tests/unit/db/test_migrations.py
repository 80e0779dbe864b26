"""The migrations: harmless when repeated, whole or not at all, and the same from however many processes."""

import asyncio

import pytest

from bot.db import migrations
from bot.db.database import Database
from bot.db.migrations import migrate
from bot.db.schema import MIGRATIONS
from bot.errors import DatabaseBroken, SchemaProblem, SchemaRefused
from tests.support.db_engines import Engine
from tests.support.db_fixture import DbFixture
from tests.support.db_tables import columns, indexes


async def tables(db: DbFixture) -> tuple[dict[str, set[str]], dict[str, str]]:
    return await columns(db.database), await indexes(db.database)


async def versions(db: Database) -> list[int]:
    return [row["version"] for row in await db.fetch("select version from schema_migration order by version")]


async def test_migrating_twice_changes_nothing(db: DbFixture) -> None:
    await db.done()
    before = await db.everything(), await tables(db)
    await migrate(db.database)
    assert (await db.everything(), await tables(db)) == before
    assert await versions(db.database) == list(range(1, len(MIGRATIONS) + 1))


async def test_processes_that_start_together_migrate_once(engine: Engine) -> None:
    async with engine.open("new") as one, engine.open("new") as other:
        await asyncio.gather(*(migrate(db) for db in (one, other) * 3))
    async with engine.open("new") as db:
        assert await versions(db) == list(range(1, len(MIGRATIONS) + 1))


async def test_jobs_outlive_a_restart(engine: Engine) -> None:
    async with engine.open_store("kept") as db:
        job = await db.done()
    async with engine.open_store("kept") as db:
        assert await db.get(job.id) == job


async def test_a_migration_that_fails_leaves_nothing_of_itself(db: DbFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await tables(db)
    broken = ("create table extra (name text)", "create table extra (name text)")
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, broken))
    with pytest.raises(DatabaseBroken):
        await migrate(db.database)
    assert await tables(db) == before

    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, broken[:1]))
    await migrate(db.database)
    assert await versions(db.database) == list(range(1, len(MIGRATIONS) + 2))


@pytest.mark.parametrize(
    "statement",
    [
        "update account set used = -1",
        "update job set state = 'lost'",
        "update ledger set kind = 'gift'",
        "update clip set job_id = 'nothing'",
        "insert into ledger select id || 'x', guild_id, user_id, period, job_id, 'x', 'refund', -8, at_ms from ledger "
        "where kind = 'settle'",
        "insert into allowance values (1, 'server', 1, 1, 1)",
        "insert into allowance values (1, 'member', 1, -1, 1)",
    ],
)
async def test_the_database_itself_refuses_what_must_never_be(db: DbFixture, statement: str) -> None:
    await db.done()
    with pytest.raises(DatabaseBroken):
        await db.db_write(statement)


async def test_a_database_from_before_the_first_migration_is_refused(engine: Engine) -> None:
    async with engine.open("old") as db:
        async with db.transaction() as tx:
            for table in ("migration", "guild", "job", "ledger", "account"):
                await tx.fetch(f"create table {table} (version bigint)")
        with pytest.raises(SchemaRefused) as refused:
            await migrate(db)
        assert refused.value.problem is SchemaProblem.OLDER


async def test_the_tables_of_another_application_are_refused(engine: Engine) -> None:
    async with engine.open("other") as db:
        async with db.transaction() as tx:
            await tx.fetch("create table guild (id bigint)")
        with pytest.raises(SchemaRefused) as refused:
            await migrate(db)
        assert refused.value.problem is SchemaProblem.FOREIGN
        assert await db.tables() == {"guild"}


async def test_a_schema_newer_than_the_code_is_refused(db: DbFixture) -> None:
    await db.db_write("insert into schema_migration (version) values (1000)")
    before = await tables(db)
    with pytest.raises(SchemaRefused) as refused:
        await migrate(db.database)
    assert refused.value.problem is SchemaProblem.NEWER
    assert await tables(db) == before


async def test_a_database_belongs_to_the_application_that_first_used_it(engine: Engine) -> None:
    async with engine.open("a") as db:
        await migrate(db, 7)
        await migrate(db, 7)
        before = [dict(row) for row in await db.fetch("select * from metadata")]
        with pytest.raises(SchemaRefused) as refused:
            await migrate(db, 8)
        assert refused.value.problem is SchemaProblem.OTHER_BOT
        assert [dict(row) for row in await db.fetch("select * from metadata")] == before


async def test_another_applications_database_is_neither_copied_nor_changed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def back_up() -> None:
        raise AssertionError("it was copied")

    async with engine.open("a") as db:
        await migrate(db, 7)
        monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, ("create table extra (name text)",)))
        with pytest.raises(SchemaRefused):
            await migrate(db, 8, back_up)
        assert "extra" not in await db.tables()


async def test_a_database_of_before_takes_the_application_that_uses_it_next(engine: Engine) -> None:
    async with engine.open("a") as db:
        await migrate(db)
        await migrate(db, 7)
        with pytest.raises(SchemaRefused):
            await migrate(db, 8)
