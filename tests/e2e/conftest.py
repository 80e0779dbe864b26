"""One sandbox and one bot process a module; every test has a server and members of its own."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from sandbox.harness import BotProcess, Stage, set_stage
from tests.e2e.delivering import sane_bot
from tests.e2e.scene import Scene, set_scene


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Stage]:
    """Start the sandbox, with clips made beforehand and no waiting."""
    folder = tmp_path_factory.mktemp("stage")
    async with set_stage(folder) as stage:
        stage.studio.knobs.ready_made = True
        stage.studio.knobs.queue_seconds = 0.02
        stage.studio.knobs.run_seconds = 0.2
        stage.settings.update(POLL_SECONDS="0.1")
        yield stage
        assert stage.discord.violations == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(stage: Stage) -> AsyncGenerator[BotProcess]:
    """Run one bot for the module."""
    async with sane_bot(stage) as bot:
        yield bot


@pytest_asyncio.fixture(loop_scope="module")
async def scene(stage: Stage, bot: BotProcess) -> Scene:
    """Give a new server with a channel, its owner and two members."""
    assert bot.process.returncode is None
    return set_scene(stage)
