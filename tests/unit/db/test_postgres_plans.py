"""The hot queries' plans on PostgreSQL: a long past slows nothing down there either."""

import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.db.database import Value
from bot.db.migrations import migrate
from bot.db.postgres import PostgresDatabase, open_postgres
from bot.db.store import Store
from tests.support.db_fixture import DEFAULTS, GUILD, MIRA, DbFixture
from tests.support.postgres_server import shared_databases
from tests.unit.db.test_plans import Recorder, use_everything

FINISHED = 10_000
MOST_PAGES = 200
"""Pages of 8 KiB that a statement may look at to find its rows; all finished jobs fill over 700."""

pytestmark = pytest.mark.slow  # it fills a database with 10,000 jobs


@dataclass(frozen=True)
class Past:
    """Hold a database with a long past, and the statements to be tried on it."""

    db: PostgresDatabase
    statements: dict[str, tuple[Value, ...]]


USER = "case when n % 3 = 0 then 142 else n % 100 + 100 end"
"""One member has so many that their words count as common, the others few."""

FILL = (
    """insert into job select new.* from job, generate_series(1, $1::int) as n, jsonb_populate_record(job,
           jsonb_build_object(
               'id', job.id || '/' || n, 'request_id', job.request_id || '/' || n,
               'remote_id', job.remote_id || '/' || n, 'client_token', job.client_token || '/' || n,
               'callback_hash', job.callback_hash || '/' || n, 'user_id', <user>, 'period', 'day ' || n / 100,
               'created_ms', job.created_ms - n, 'submitted_ms', job.submitted_ms - n,
               'finished_ms', job.finished_ms - n)) as new
       where job.state = 'done'""",
    """insert into ledger select ledger.id || '/' || n, guild_id, n % 100 + 100, 'day ' || n / 100, job_id || '/' || n,
           request_id || '/' || n, kind, amount, at_ms - n from ledger, generate_series(1, $1::int) as n""",
    """insert into account (guild_id, user_id, period, cap) select 1, n % 100 + 100, 'day ' || n / 100, 24
       from generate_series(1, $1::int) as n""",
    """insert into job_word select guild_id, <user>, word, job_id || '/' || n
       from job_word, generate_series(1, $1::int) as n""",
    """insert into favourite select <user>, job_id || '/' || n, guild_id, created_ms - n
       from favourite, generate_series(1, $1::int) as n""",
    """insert into clip (job_id, slot, remote_url)
       select job_id || '/' || n, slot, remote_url from clip, generate_series(1, $1::int) as n""",
    """insert into strike select job_id || '/' || n, n % 100 + 100, 'day ' || n / 100
       from strike, generate_series(1, $1::int) as n""",
)

DUE = """insert into ping select id, guild_id, channel_id, user_id, 0, 0 from job
    where state = 'done' and id not like '%/%'"""
"""Pings that were taken leave no clips to be counted: whoever is no copy is to be told once more."""


@pytest.fixture
async def past() -> AsyncGenerator[Past]:
    async with AsyncExitStack() as stack:
        # Of its own, for what is left of a long past would slow down who is lent it next.
        db = await stack.enter_async_context(open_postgres(await stack.enter_async_context(shared_databases().new())))
        await migrate(db)
        store = DbFixture(db, Store(db, DEFAULTS))
        done = await store.done()
        await store.store.strikes.add(done, "2026-11-18")
        await store.store.favourites.add(GUILD, MIRA, done.id, store.now)
        for statement in FILL:
            await db.fetch(statement.replace("<user>", USER), FINISHED)
        await db.fetch("vacuum analyze")
        recorder = Recorder(db)
        await use_everything(DbFixture(db, Store(recorder, replace(DEFAULTS, most_open=1000)), requests=10))
        await db.fetch(DUE)
        yield Past(db, recorder.statements)


def searched(plan: dict[str, Any]) -> int:
    """Count the pages looked at to find rows: to write one takes some 30 more for its indexes, whatever the past."""
    nodes = plan["Plans"] if plan["Node Type"] == "ModifyTable" else [plan]
    return sum(node["Shared Hit Blocks"] + node["Shared Read Blocks"] for node in nodes)


async def test_no_hot_query_reads_as_many_pages_as_a_long_past_has(past: Past) -> None:
    assert len(past.statements) > 30
    pages: dict[str, int] = {}
    for sql, values in past.statements.items():
        async with past.db.transaction() as tx:
            [row] = await tx.fetch(f"explain (analyze, buffers, format json) {sql}", *values)
            plan = json.loads(row["QUERY PLAN"])[0]["Plan"]
            pages[sql] = searched(plan)
    assert {sql: count for sql, count in pages.items() if count > MOST_PAGES} == {}
