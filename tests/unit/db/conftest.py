"""Both engines: each test here that asks for a database runs on SQLite and on PostgreSQL.

They share one event loop, and so the connections to PostgreSQL, which would take longer than the tests.
"""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.db_engines import Engine, engine_of
from tests.support.db_fixture import DbFixture
from tests.support.kept_postgres import KeptDatabases

ENGINES = ("sqlite", "postgres")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what asks for an engine run in the loop of its databases."""
    for item in items:
        if "kept_databases" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kept_databases() -> AsyncGenerator[KeptDatabases]:
    databases = KeptDatabases()
    yield databases
    await databases.close()


@pytest_asyncio.fixture(loop_scope="session", params=ENGINES)
async def engine(
    request: pytest.FixtureRequest, tmp_path: Path, kept_databases: KeptDatabases
) -> AsyncGenerator[Engine]:
    async with engine_of(request.param, tmp_path, kept_databases) as engine:
        yield engine


@pytest_asyncio.fixture(loop_scope="session")
async def db(engine: Engine) -> AsyncGenerator[DbFixture]:
    async with engine.open_store() as db:
        yield db
