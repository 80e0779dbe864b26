"""The services that write requests down and prepare them, over a store and one provider."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.domain.credits import PriceList, Prices
from bot.media import Downloader, FileStore, Transcoder
from bot.services.blocks import Blocks
from bot.services.clip_files import ClipFiles
from bot.services.extends import Extends
from bot.services.job_results import JobResults
from bot.services.jobs import JobService
from bot.services.prompt_moderation import PromptModeration
from bot.services.provider_routing import ProviderRouter
from tests.support.clock import clock_of
from tests.support.db_fixture import DbFixture
from tests.support.scripted_image_provider import ScriptedImageProvider
from tests.support.scripted_provider import ScriptedProvider


class CountingTranscoder(Transcoder):
    """Give what it is told to for the last frame of any film, and remember whose were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.frame: bytes | None = b"the last frame"
        self.read: list[str] = []
        self.installed = True

    @property
    def available(self) -> bool:
        return self.installed

    async def last_frame(self, source: Path) -> bytes | None:
        self.read.append(source.name)
        return self.frame


class Services:
    """Hold the service over a store, one provider, and how often the worker was woken."""

    def __init__(self, db: DbFixture, folder: Path) -> None:
        self.woken = 0
        self.transcoder = CountingTranscoder()
        self.provider = ScriptedProvider(())
        self.provider.images = ScriptedImageProvider()
        self.media = FileStore(folder / "media")
        self.downloader = Downloader(allow_private=True)
        providers = {"ttapi": self.provider}
        self.clip_files = ClipFiles(db.store, self.media, self.downloader, providers)
        self.results = JobResults(db.store, self.media, self.transcoder, self.clip_files)
        prices = PriceList(Prices(2, 6))
        clock = clock_of(lambda: db.now)
        moderation = PromptModeration(db.store, providers, 3, clock)
        self.jobs = JobService(
            db.store,
            providers,
            self.downloader,
            self.media,
            self.results,
            ProviderRouter(db.store, providers, moderation, prices, clock),
            moderation,
            Blocks(db.store, clock),
            prices=prices,
            clock=clock,
            wake=self._wake,
        )
        self.extends = Extends(db.store, providers, self.results, self.jobs, prices=prices, clock=clock)

    def _wake(self) -> None:
        self.woken += 1


@pytest.fixture
async def services(db: DbFixture, tmp_path: Path) -> AsyncGenerator[Services]:
    services = Services(db, tmp_path)
    async with services.downloader:
        yield services
