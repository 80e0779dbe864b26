"""The migrations: harmless when repeated, whole or not at all, and the same from however many processes."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.db import migrations as schema
from bot.db.database import open_sqlite
from bot.db.migrations import MIGRATIONS, migrate
from bot.domain.job import Kind, State
from tests.support.db_fixture import RESULT, Stage, open_stage

OLD_JOB = """insert into job (id, request_id, kind, state, guild_id, channel_id, user_id, roles, file_limit, provider,
        params, due_ms, created_ms, remote_id)
    values ('1jd8x3k2m9f4qz', '1', 'video', 'running', 1, 5, 11, '[]', 9, 'ttapi',
        '{"prompt": "a boat", "clips": 4, "motion": "low", "resolution": "sd", "loop": false, "speed": null,
          "image": null, "end_image": null, "removed": []}', 0, 0, 'remote')"""
"""A job as it was written before there were pictures."""


async def tables(stage: Stage) -> list[tuple[str, str]]:
    rows = await stage.db.fetch("select name, sql from sqlite_master where sql is not null order by name")
    return [(row["name"], row["sql"]) for row in rows]


async def versions(stage: Stage) -> list[int]:
    return [row["version"] for row in await stage.db.fetch("select version from migration order by version")]


async def test_migrating_twice_changes_nothing(stage: Stage) -> None:
    await stage.done()
    before = await stage.everything(), await tables(stage)
    await migrate(stage.db)
    assert (await stage.everything(), await tables(stage)) == before
    assert await versions(stage) == list(range(1, len(MIGRATIONS) + 1))


async def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    async with open_sqlite(tmp_path / "new.db") as one, open_sqlite(tmp_path / "new.db") as other:
        await asyncio.gather(*(migrate(db) for db in (one, other) * 3))
    async with open_stage(tmp_path / "new.db") as stage:
        assert await versions(stage) == list(range(1, len(MIGRATIONS) + 1))


async def test_jobs_outlive_a_restart(tmp_path: Path) -> None:
    async with open_stage(tmp_path / "kept.db") as stage:
        job = await stage.done()
    async with open_stage(tmp_path / "kept.db") as stage:
        assert await stage.get(job.id) == job


async def test_a_migration_that_fails_leaves_nothing_of_itself(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await tables(stage)
    broken = ("create table extra (name text)", "create table extra (name text)")
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, broken))
    with pytest.raises(sqlite3.OperationalError):
        await migrate(stage.db)
    assert await tables(stage) == before

    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, broken[:1]))
    await migrate(stage.db)
    assert await versions(stage) == list(range(1, len(MIGRATIONS) + 2))


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
async def test_the_database_itself_refuses_what_must_never_be(stage: Stage, statement: str) -> None:
    await stage.done()
    with pytest.raises(sqlite3.IntegrityError):
        await stage.db_write(statement)


async def test_jobs_from_before_there_were_pictures_go_on_and_their_members_begin_without_strikes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    with monkeypatch.context() as before:
        before.setattr(schema, "MIGRATIONS", MIGRATIONS[:2])
        async with open_stage(path) as stage:
            await stage.db_write(OLD_JOB)
    async with open_stage(path) as stage:
        old = await stage.get("1jd8x3k2m9f4qz")
        assert (old.kind, old.params.prompt, old.params.pictures, old.result) == (Kind.VIDEO, "a boat", (), None)
        assert await stage.store.strikes.count(11, "2026-11-18") == 0
        ready = await stage.succeed(await stage.claim(old))
        assert (ready.state, ready.result) == (State.READY, None)
        assert (await stage.done(kind=Kind.IMAGINE)).result == RESULT


async def test_a_database_from_before_there_were_several_providers_is_brought_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    with monkeypatch.context() as before:
        before.setattr(schema, "MIGRATIONS", MIGRATIONS[:1])
        async with open_sqlite(path) as db:
            await migrate(db)
            async with db.transaction() as tx:
                await tx.fetch("insert into provider (name, failures, paused_until_ms) values ('ttapi', 3, 0)")
                await tx.fetch("insert into guild (guild_id, default_credits, updated_ms) values (1, 30, 0)")
    async with open_stage(path) as stage:
        assert (await stage.store.health.condition("ttapi")).ailing
        assert await stage.store.guilds.ranking(1) == ()
        await stage.store.guilds.rank(1, ["apimart"], 1)
        await stage.done()
