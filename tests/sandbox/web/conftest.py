"""A sandbox whose server is set up, and the page on it; no bot runs unless a test starts one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.harness import Sandbox
from sandbox.web import Page
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.guild_setup import GuildSetup, set_up_guild
from tests.support.fork_server import start_sandbox


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with start_sandbox(tmp_path) as sandbox:
        yield sandbox


@pytest.fixture
async def supervisor(sandbox: Sandbox) -> AsyncIterator[BotSupervisor]:
    async with BotSupervisor(sandbox) as supervisor:
        yield supervisor


@pytest.fixture
def guild_setup(sandbox: Sandbox) -> GuildSetup:
    guild_setup = set_up_guild(sandbox.discord)
    guild_setup.guild.join_bot()
    return guild_setup


@pytest.fixture
async def page(sandbox: Sandbox, guild_setup: GuildSetup, supervisor: BotSupervisor) -> AsyncIterator[Page]:
    async with Page(sandbox, supervisor, port=0) as page:
        yield page
