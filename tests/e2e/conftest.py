"""One sandbox and one bot process a module; every test has a server and members of its own."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from sandbox.harness import BotProcess, Sandbox
from tests.e2e.support.delivery import bot_without_errors
from tests.e2e.support.guild import Server, create_server
from tests.support.fork_server import start_sandbox


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    """Start the sandbox, with clips made beforehand and no waiting."""
    folder = tmp_path_factory.mktemp("sandbox")
    async with start_sandbox(folder) as sandbox:
        sandbox.provider.settings.ready_made = True
        sandbox.provider.settings.queue_seconds = 0.02
        sandbox.provider.settings.run_seconds = 0.2
        sandbox.settings.update(POLL_SECONDS="0.1")
        yield sandbox
        assert sandbox.discord.violations == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(sandbox: Sandbox) -> AsyncGenerator[BotProcess]:
    """Run one bot for the module."""
    async with bot_without_errors(sandbox) as bot:
        yield bot


@pytest_asyncio.fixture(loop_scope="module")
async def server(sandbox: Sandbox, bot: BotProcess) -> Server:
    """Give a new server with a channel, its owner and two members."""
    assert bot.process.returncode is None
    return create_server(sandbox)
