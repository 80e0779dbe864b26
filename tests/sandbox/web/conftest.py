"""A stage with a furnished server and the page on it; no bot runs unless a test starts one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.harness import Sandbox, start_sandbox
from sandbox.web import Page
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.guild_setup import GuildSetup, set_up_guild


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with start_sandbox(tmp_path) as sandbox:
        yield sandbox


@pytest.fixture
async def keeper(sandbox: Sandbox) -> AsyncIterator[BotSupervisor]:
    async with BotSupervisor(sandbox) as keeper:
        yield keeper


@pytest.fixture
def scene(sandbox: Sandbox) -> GuildSetup:
    scene = set_up_guild(sandbox.discord)
    scene.guild.join_bot()
    return scene


@pytest.fixture
async def page(sandbox: Sandbox, scene: GuildSetup, keeper: BotSupervisor) -> AsyncIterator[Page]:
    async with Page(sandbox, keeper, port=0) as page:
        yield page
