"""What the tests of downloads share."""

from collections.abc import AsyncIterator

import pytest

from bot.media import Downloader


@pytest.fixture
async def downloader() -> AsyncIterator[Downloader]:
    async with Downloader(allow_private=True) as downloader:
        yield downloader
