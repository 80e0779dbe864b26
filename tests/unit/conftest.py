"""A real database that many tests work on."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.support.db_fixture import DbFixture, open_db_fixture


@pytest.fixture
async def db(tmp_path: Path) -> AsyncGenerator[DbFixture]:
    async with open_db_fixture(tmp_path / "animatic.db") as db:
        yield db
