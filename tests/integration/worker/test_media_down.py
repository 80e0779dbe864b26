"""A media store that takes or gives nothing for a while: what was paid for waits, and is not asked for again."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.job import State
from bot.errors import MediaProblem, MediaUnavailable
from bot.media import FileStore
from bot.media.file_store import GrowingFile
from tests.support.worker_harness import MP4, WorkerHarness


class FailingStore(FileStore):
    """Take and give nothing while it is down, as a bucket may."""

    down = False
    refused_slot = ""
    """The file that alone is refused, even when it is up."""

    @asynccontextmanager
    async def new_file(self, name: str) -> AsyncGenerator[GrowingFile]:
        self._fail(name)
        async with super().new_file(name) as file:
            yield file

    async def keep(self, name: str, data: bytes) -> str:
        self._fail(name)
        return await super().keep(name, data)

    async def has(self, name: str) -> bool:
        self._fail(name)
        return await super().has(name)

    def _fail(self, name: str) -> None:
        if self.down or (self.refused_slot and name.endswith(self.refused_slot)):
            raise MediaUnavailable(MediaProblem.UNREACHABLE, "the bucket's server does not answer")


class Harness:
    """Hold a worker's parts on a store that may fail."""

    def __init__(self, worker: WorkerHarness, folder: Path) -> None:
        self.worker = worker
        self.media = FailingStore(folder / "media")
        worker.media = self.media


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[Harness]:
    async with WorkerHarness.open(tmp_path) as worker:
        yield Harness(worker, tmp_path)


async def test_a_made_film_waits_until_it_can_be_kept_and_is_paid_for_once(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    worker = harness.worker
    async with worker.working():
        job = await worker.request_video()
        await worker.until_state(job, State.RUNNING)
        harness.media.down = True
        for tries in range(1, 16):
            await worker.advance_until_due(job)
            waiting = await worker.until_rescheduled(job, tries)
            assert (waiting.state, waiting.fetch_until_ms) == (State.READY, None)
        harness.media.down = False
        await worker.advance_until_due(job)
        await worker.until_state(job, State.DONE)
    assert (worker.publisher.delivered, len(worker.provider.requests)) == ([job.id], 1)
    assert (await harness.media.read(f"{job.id}/1.mp4"), await harness.media.read(f"{job.id}/2.mp4")) == (MP4, MP4)
    assert "the bucket's server does not answer; trying again later" in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_one_film_that_cannot_be_kept_keeps_no_other_from_being_fetched(harness: Harness) -> None:
    worker = harness.worker
    harness.media.refused_slot = "2.mp4"
    async with worker.working():
        job = await worker.request_video()
        await worker.until_state(job, State.RUNNING)
        await worker.advance_until_due(job)
        await worker.until_rescheduled(job, 1)
        clips = await worker.store.clips.clips(job.id)
        assert [clip.slot for clip in clips if clip.media_file is None] == [1]
        harness.media.refused_slot = ""
        await worker.advance_until_due(job)
        await worker.until_state(job, State.DONE)


async def test_a_request_whose_picture_cannot_be_kept_waits_and_costs_nothing_meanwhile(harness: Harness) -> None:
    worker = harness.worker
    harness.media.down = True
    async with worker.working():
        job = await worker.request_video(clips=1)
        await worker.until_rescheduled(job, 1)
        assert await worker.used() == 0
        harness.media.down = False
        await worker.advance_until_due(job)
        await worker.until_state(job, State.RUNNING)
    assert len(worker.provider.requests) == 1
