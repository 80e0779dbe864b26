"""What many unit tests work on: a real database; one bot in this process for each file, with a server for each test."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.db_fixture import DbFixture, open_db_fixture
from tests.support.in_process_bot import InProcessBot, Server, in_process_bot
from tests.support.s3_server import Bucket, S3Server, s3_server


@pytest.fixture
async def db(tmp_path: Path) -> AsyncGenerator[DbFixture]:
    async with open_db_fixture(tmp_path / "animatic.db") as db:
        yield db


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[InProcessBot]:
    async with in_process_bot(tmp_path_factory.mktemp("bot")) as bot:
        yield bot


@pytest.fixture
def server(bot: InProcessBot) -> Server:
    return bot.server()


@pytest.fixture(scope="session")
def s3() -> Generator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture
def bucket(s3: S3Server) -> Bucket:
    return s3.bucket()
