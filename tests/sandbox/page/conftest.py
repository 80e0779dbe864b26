"""A stage with a furnished server and the page on it; no bot runs unless a test starts one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.page import Page
from bot.sandbox.page.keeper import Keeper
from bot.sandbox.page.scene import Scene, furnish
from bot.sandbox.stage import Stage, set_stage


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
