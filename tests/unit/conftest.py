"""A real database that many tests work on."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.support.db_fixture import Stage, open_stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncGenerator[Stage]:
    async with open_stage(tmp_path / "animatic.db") as stage:
        yield stage
