"""A job whose card is in doubt ends after one more look at it, by whichever process is there then."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.db.card_edits import DOUBTED, LOOK_AGAIN_MS
from bot.domain.job import Job, State
from bot.errors import ErrorKind, ProviderError
from bot.providers.types import RemoteState, Snapshot
from tests.support.scripted_provider import Script
from tests.support.worker_harness import TIMEOUT_SECONDS, WorkerHarness


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


async def in_doubt(harness: WorkerHarness) -> Job:
    """Bring a job to the provider, with an edit of its card that was never answered."""
    job = await harness.request_video()
    await harness.until_state(job, State.RUNNING)
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not harness.store.card_edits.ahead(job.id):  # noqa: ASYNC110  # known a moment after it is written
            await asyncio.sleep(0)
    await harness.store.card_edits.set_card_hash(job.id, "under way", 70)
    await harness.store.card_edits.begin(job)
    return job


async def until_looked_for(harness: WorkerHarness, job: Job) -> Job:
    """Let a job's end be told, and wait until it is put back to be looked at."""
    await harness.advance_until_due(job)
    return await harness.until(job, lambda found: found.card_hash == DOUBTED and found.lease is None)


async def test_a_delivered_card_in_doubt_is_looked_at_before_its_job_is_done(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await in_doubt(harness)
        waiting = await until_looked_for(harness, job)
        assert (waiting.state, waiting.due_ms) == (State.READY, harness.clock.now + LOOK_AGAIN_MS)
        assert await harness.used() == 8
        harness.advance(LOOK_AGAIN_MS)
        await harness.until_state(job, State.DONE)
    assert harness.publisher.delivered == [job.id] * 2


async def test_a_failure_told_on_a_card_in_doubt_is_told_again(harness: WorkerHarness) -> None:
    harness.provider.polls = Script(Snapshot(RemoteState.FAILED, error=ProviderError(ErrorKind.UPSTREAM, "yes")))
    async with harness.working():
        job = await in_doubt(harness)
        assert (await until_looked_for(harness, job)).state is State.FAILING
        assert await harness.used() == 0
        harness.advance(LOOK_AGAIN_MS)
        await harness.until_state(job, State.FAILED)
    assert len(harness.publisher.told) == 2


async def test_the_look_is_taken_by_another_process_where_the_first_is_gone(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await in_doubt(harness)
        await until_looked_for(harness, job)
    async with harness.working():
        harness.advance(LOOK_AGAIN_MS)
        await harness.until_state(job, State.DONE)
    assert harness.publisher.delivered == [job.id] * 2


async def test_a_card_whose_edits_were_all_answered_is_not_looked_at(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await in_doubt(harness)
        harness.store.card_edits.answered(job.id)
        await harness.store.card_edits.settle()
        await harness.advance_until_due(job)
        await harness.until_state(job, State.DONE)
    assert harness.publisher.delivered == [job.id]
