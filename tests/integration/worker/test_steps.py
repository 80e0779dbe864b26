"""What each answer to a poll makes of a job, and what a result costs."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.domain.job import Job, State
from bot.errors import ErrorKind, ProviderError
from bot.providers.types import RemoteState, Snapshot
from bot.worker.steps import GIVE_UP_TRIES
from tests.support.scripted_provider import Script
from tests.support.worker_harness import POLL_MS, WorkerHarness


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


async def polled(harness: WorkerHarness, *answers: Snapshot | Exception) -> Job:
    """Bring a job to the provider and poll it as often as there are answers."""
    harness.provider.polls = Script(*answers)
    job = await harness.request_video()
    await harness.until_state(job, State.RUNNING)
    for number in range(1, len(answers) + 1):
        await harness.advance_until_due(job)
        await harness.until(job, lambda _, number=number: harness.provider.polls.calls >= number)
        # A row that is read after the call has the step's lease until the answer is written down.
        await harness.until(job, lambda found: found.lease is None)
    return await harness.get(job)


@pytest.mark.parametrize("state", [RemoteState.WAITING, RemoteState.RUNNING])
async def test_a_job_under_way_is_asked_for_again(harness: WorkerHarness, state: RemoteState) -> None:
    async with harness.working():
        job = await polled(harness, Snapshot(state, 42))
        assert (job.state, job.progress, job.tries) == (State.RUNNING, 42, 0)
        assert job.due_ms == harness.clock.now + POLL_MS


@pytest.mark.parametrize("kind", [ErrorKind.UPSTREAM, ErrorKind.MODERATED_IMAGE, ErrorKind.MODERATED_PROMPT])
async def test_a_job_that_failed_there_costs_nothing(harness: WorkerHarness, kind: ErrorKind) -> None:
    async with harness.working():
        job = await polled(harness, Snapshot(RemoteState.FAILED, error=ProviderError(kind, "yes")))
        ended = await harness.until_state(job, State.FAILED)
    assert (ended.error_code, (ended.error_data or {})["reason"]) == ("job_failed", str(kind))
    assert await harness.used() == 0
    rows = await harness.db.fetch("select count(*) as strikes from strike")
    assert rows[0]["strikes"] == (kind is ErrorKind.MODERATED_PROMPT)


@pytest.mark.parametrize("kind", list(ErrorKind))
async def test_one_poll_that_fails_ends_nothing(harness: WorkerHarness, kind: ErrorKind) -> None:
    async with harness.working():
        job = await polled(harness, ProviderError(kind, "yes", retry_after=60))
        assert (job.state, abs(job.tries), job.due_ms) == (State.RUNNING, 1, harness.clock.now + 60_000)
    assert await harness.used() == 8


@pytest.mark.parametrize("kind", [ErrorKind.NOT_FOUND, ErrorKind.RESULT_MISSING])
async def test_a_job_that_is_not_there_time_and_again_is_given_up(harness: WorkerHarness, kind: ErrorKind) -> None:
    async with harness.working():
        job = await polled(harness, *[ProviderError(kind, "yes")] * GIVE_UP_TRIES)
        ended = await harness.until_state(job, State.FAILED)
    assert (ended.error_data or {})["final"] is False
    assert await harness.used() == 0


async def test_what_can_be_read_of_an_incomplete_result_is_delivered_and_paid_for(harness: WorkerHarness) -> None:
    missing = ProviderError(ErrorKind.RESULT_MISSING, "yes")
    some = Snapshot(RemoteState.RUNNING, 100, harness.clips[:3], error=missing)
    async with harness.working():
        job = await polled(harness, *[some] * GIVE_UP_TRIES)
        await harness.until_state(job, State.DONE)
    assert len(await harness.store.clips.clips(job.id)) == 3
    assert await harness.used() == 6


@pytest.mark.parametrize(("clips", "cost"), [(4, 8), (3, 6), (1, 2), (6, 8)])
async def test_only_the_clips_that_came_are_paid_for(harness: WorkerHarness, clips: int, cost: int) -> None:
    links = tuple(harness.clips[slot % 4] for slot in range(clips))
    async with harness.working():
        job = await polled(harness, Snapshot(RemoteState.SUCCEEDED, 100, links, "remote 1"))
        await harness.until_state(job, State.DONE)
    assert len(await harness.store.clips.clips(job.id)) == min(clips, 4)
    assert await harness.used() == cost


async def test_a_job_that_runs_beyond_its_deadline_is_given_up(harness: WorkerHarness) -> None:
    harness.provider.polls = Script(Snapshot(RemoteState.RUNNING, 99))
    async with harness.working():
        job = await harness.request_video()
        running = await harness.until_state(job, State.RUNNING)
        assert running.deadline_ms is not None
        harness.advance(running.deadline_ms - harness.clock.now + 1)
        ended = await harness.until_state(job, State.FAILED)
    assert (ended.error_data or {})["reason"] == "job_timeout"
    assert await harness.used() == 0


async def test_an_end_that_could_not_be_told_is_told_once_its_channel_is_open_again(harness: WorkerHarness) -> None:
    harness.publisher.failures = Script(False, False, True)
    failed = Snapshot(RemoteState.FAILED, error=ProviderError(ErrorKind.UPSTREAM, "yes"))
    async with harness.working():
        job = await polled(harness, failed)
        untold = await harness.until_state(job, State.FAILED)
        assert untold.untold == 1
        for still in (1, 0):
            await harness.store.undelivered.deliver_again(job.channel_id, harness.clock.now)
            harness.wake()
            told = await harness.until(job, lambda job: job.due_ms is None and job.lease is None)
            assert told.untold == still
    assert [code for code, _ in harness.publisher.told] == ["job_failed"] * 3
    assert await harness.used() == 0


async def test_a_member_who_cannot_be_reached_keeps_what_was_made(harness: WorkerHarness) -> None:
    harness.publisher.deliveries = Script(False)
    async with harness.working():
        job = await polled(harness, Snapshot(RemoteState.SUCCEEDED, 100, harness.clips, "remote 1"))
        ended = await harness.until_state(job, State.DONE)
    assert ended.error_code == "undeliverable"
    assert await harness.used() == 8
