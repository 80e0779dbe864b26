"""What makes jobs due for whoever comes first tells all processes, with its commit."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from bot.db.postgres_session import open_session
from bot.domain.clock import Clock
from bot.errors import Cancelled
from tests.support.db_engines import Engine, PostgresEngine, engine_of
from tests.support.db_fixture import GUILD, DbFixture
from tests.support.kept_postgres import KeptDatabases

pytestmark = pytest.mark.postgres

TIMEOUT_SECONDS = 30
"""Seconds after which a test is surely stuck."""


@pytest_asyncio.fixture(loop_scope="session")
async def engine(tmp_path: Path, kept_databases: KeptDatabases) -> AsyncGenerator[Engine]:
    async with engine_of("postgres", tmp_path, kept_databases) as engine:
        yield engine


async def request(db: DbFixture) -> None:
    await db.store.jobs.receive(db.new_job())


async def call_back(db: DbFixture) -> None:
    await db.store.jobs.wake("any job", db.now)


async def stop(db: DbFixture) -> None:
    await db.store.leases.release("any process", db.now)


async def let_in_again(db: DbFixture) -> None:
    await db.store.undelivered.deliver_again(5, db.now)


async def leave(db: DbFixture) -> None:
    await db.store.waiting.leave(GUILD, Cancelled(None), db.now)


async def look(db: DbFixture) -> None:
    await db.store.metadata.put("name", "value")


WAKING = (request, call_back, stop, let_in_again, leave)


@pytest.mark.parametrize("act", WAKING, ids=lambda act: act.__name__)
async def test_all_processes_look_for_what_is_due(
    engine: PostgresEngine, db: DbFixture, act: Callable[[DbFixture], Awaitable[None]]
) -> None:
    heard = asyncio.Event()
    async with open_session(await engine.url(), Clock()) as session:
        session.when_woken(heard.set)
        await act(db)
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await heard.wait()


async def test_what_makes_nothing_due_wakes_nobody(engine: PostgresEngine, db: DbFixture) -> None:
    heard = asyncio.Event()
    async with open_session(await engine.url(), Clock()) as session:
        session.when_woken(heard.set)
        await look(db)
        await asyncio.sleep(0.2)
        assert not heard.is_set()
