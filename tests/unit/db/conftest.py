"""Both engines: each test here that asks for a database runs on SQLite and on PostgreSQL."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.support.db_fixture import DbFixture, Engine, engine_of

ENGINES = ("sqlite", "postgres")


@pytest.fixture(params=ENGINES)
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Engine]:
    async with engine_of(request.param, tmp_path) as engine:
        yield engine


@pytest.fixture
async def db(engine: Engine) -> AsyncGenerator[DbFixture]:
    async with engine.open_store() as db:
        yield db
