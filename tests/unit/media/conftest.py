"""What the tests of downloads and of the media store share."""

from collections.abc import AsyncIterator, Generator

import pytest

from bot.media import Downloader
from tests.support.s3_server import Bucket, S3Server, s3_server


@pytest.fixture
async def downloader() -> AsyncIterator[Downloader]:
    async with Downloader(allow_private=True) as downloader:
        yield downloader


@pytest.fixture(scope="session")
def s3() -> Generator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture
def bucket(s3: S3Server) -> Bucket:
    return s3.bucket()
