"""A stage with a furnished server and the page on it; no bot runs unless a test starts one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.harness import Stage, set_stage
from sandbox.web import Page
from sandbox.web.bot_supervisor import Keeper
from sandbox.web.guild_setup import Scene, furnish


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with set_stage(tmp_path) as stage:
        yield stage


@pytest.fixture
async def keeper(stage: Stage) -> AsyncIterator[Keeper]:
    async with Keeper(stage) as keeper:
        yield keeper


@pytest.fixture
def scene(stage: Stage) -> Scene:
    scene = furnish(stage.discord)
    scene.guild.join_bot()
    return scene


@pytest.fixture
async def page(stage: Stage, scene: Scene, keeper: Keeper) -> AsyncIterator[Page]:
    async with Page(stage, keeper, port=0) as page:
        yield page
