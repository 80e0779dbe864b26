"""What comes late is still taken: answers after the refund, results after the deadline, a Discord that was away."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.domain.job import Job, State
from bot.errors import CardError, ErrorKind
from bot.providers.types import RemoteState, Snapshot
from tests.integration.worker.test_worker import RUNNING, error
from tests.support.scripted_provider import Script
from tests.support.worker_harness import WorkerHarness


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


async def given_up(harness: WorkerHarness) -> Job:
    """Bring a job to its refund without ever having had an answer."""
    harness.provider.submits = Script(error(ErrorKind.OUTCOME_UNKNOWN, "maybe"))
    job = await harness.request_video()
    while (
        await harness.until(job, lambda job: job.lease is None and bool(job.client_token))
    ).state is not State.FAILED:
        await harness.advance_until_due(job)
        if (await harness.get(job)).state in (State.FAILING, State.FAILED):
            return await harness.until_state(job, State.FAILED)
    return await harness.get(job)


async def test_a_late_answer_that_cannot_be_checked_now_is_checked_later(harness: WorkerHarness) -> None:
    harness.provider.polls = Script(error(ErrorKind.UPSTREAM, "yes"))
    async with harness.working():
        job = await given_up(harness)
        await harness.store.jobs.wake(job.id, harness.clock.now, "remote 9")
        harness.wake()
        waiting = await harness.until(job, lambda job: job.tries == 1 and job.lease is None)
        assert waiting.state is State.FAILED
        assert (waiting.due_ms or 0) > harness.clock.now
        await harness.advance_until_due(job)
        again = await harness.until(job, lambda job: job.tries == 2 and job.lease is None)
        assert again.due_ms is not None
        # A job that is not ours ends the looking.
        harness.provider.polls = Script(Snapshot(RemoteState.SUCCEEDED, 100, harness.clips, echo="https://x.example/y"))
        await harness.advance_until_due(job)
        await harness.until(job, lambda job: job.due_ms is None)
    assert await harness.used() == 0


async def test_a_late_answer_is_checked_when_the_key_is_back(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await given_up(harness)
        provider = harness.providers.pop("ttapi")
        await harness.store.jobs.wake(job.id, harness.clock.now, "remote 9")
        harness.wake()
        waiting = await harness.until(job, lambda job: job.tries == 1 and job.lease is None)
        assert (waiting.state, waiting.due_ms is None) == (State.FAILED, False)
        harness.providers["ttapi"] = provider
        await harness.advance_until_due(job)
        again = await harness.until(job, lambda job: job.lease is None and job.tries != 1)
    # It repeats no callback, so it is not known to be ours; but it was asked for.
    assert again.due_ms is None
    assert harness.provider.polls.calls == 1


async def test_discord_that_is_gone_for_hours_loses_no_result(harness: WorkerHarness) -> None:
    harness.publisher.deliveries = Script(*[CardError("Discord is away")] * 30, True)
    async with harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
        await harness.advance_until_due(job)
        for tries in range(1, 31):
            await harness.until(job, lambda job, tries=tries: job.tries == tries and job.lease is None)
            await harness.advance_until_due(job)
        await harness.until_state(job, State.DONE)
    assert harness.publisher.delivered == [job.id]


async def test_a_job_that_its_provider_finishes_after_our_deadline_is_delivered_for_free(
    harness: WorkerHarness,
) -> None:
    finished = harness.provider.polls
    harness.provider.polls = Script(RUNNING)
    async with harness.working():
        job = await harness.request_video()
        running = await harness.until_state(job, State.RUNNING)
        harness.advance((running.deadline_ms or 0) - harness.clock.now)
        await harness.until(job, lambda job: job.progress == 42 and job.lease is None)
        await harness.advance_until_due(job)
        await harness.until_state(job, State.FAILED)
        assert await harness.used() == 0
        await harness.advance_until_due(job)
        await harness.until(job, lambda job: job.tries == 1 and job.lease is None)
        harness.provider.polls = finished
        await harness.advance_until_due(job)
        await harness.until_state(job, State.DONE)
    assert harness.publisher.delivered == [job.id]
    assert harness.provider.submits.calls == 1
    assert await harness.used() == 0
