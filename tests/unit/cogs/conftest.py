"""One bot in this process for each file; every test has a server of its own."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from tests.support.in_process_bot import InProcessBot, Server, in_process_bot


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[InProcessBot]:
    async with in_process_bot(tmp_path_factory.mktemp("bot")) as bot:
        yield bot


@pytest.fixture
def server(bot: InProcessBot) -> Server:
    return bot.server()
