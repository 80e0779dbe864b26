"""What comes late is still taken: answers after the refund, results after the deadline, a Discord that was away."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.domain.job import Job, State
from bot.errors import CardError, ErrorKind
from bot.providers.types import RemoteState, Snapshot
from tests.integration.worker.test_worker import RUNNING, error
from tests.support.scripted_provider import Script
from tests.support.worker_harness import Bench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    async with Bench.open(tmp_path) as bench:
        yield bench


async def given_up(bench: Bench) -> Job:
    """Bring a job to its refund without ever having had an answer."""
    bench.provider.submits = Script(error(ErrorKind.OUTCOME_UNKNOWN, "maybe"))
    job = await bench.ask()
    while (await bench.until(job, lambda job: job.lease is None and bool(job.client_token))).state is not State.FAILED:
        await bench.turn_to_due(job)
        if (await bench.get(job)).state in (State.FAILING, State.FAILED):
            return await bench.until_state(job, State.FAILED)
    return await bench.get(job)


async def test_a_late_answer_that_cannot_be_checked_now_is_checked_later(bench: Bench) -> None:
    bench.provider.polls = Script(error(ErrorKind.UPSTREAM, "yes"))
    async with bench.working():
        job = await given_up(bench)
        await bench.store.jobs.wake(job.id, bench.clock.now, "remote 9")
        bench.wake()
        waiting = await bench.until(job, lambda job: job.tries == 1 and job.lease is None)
        assert waiting.state is State.FAILED
        assert (waiting.due_ms or 0) > bench.clock.now
        await bench.turn_to_due(job)
        again = await bench.until(job, lambda job: job.tries == 2 and job.lease is None)
        assert again.due_ms is not None
        # A job that is not ours ends the looking.
        bench.provider.polls = Script(Snapshot(RemoteState.SUCCEEDED, 100, bench.clips, echo="https://x.example/y"))
        await bench.turn_to_due(job)
        await bench.until(job, lambda job: job.due_ms is None)
    assert await bench.used() == 0


async def test_discord_that_is_gone_for_hours_loses_no_result(bench: Bench) -> None:
    bench.publisher.deliveries = Script(*[CardError("Discord is away")] * 30, True)
    async with bench.working():
        job = await bench.ask()
        await bench.until_state(job, State.RUNNING)
        await bench.turn_to_due(job)
        for tries in range(1, 31):
            await bench.until(job, lambda job, tries=tries: job.tries == tries and job.lease is None)
            await bench.turn_to_due(job)
        await bench.until_state(job, State.DONE)
    assert bench.publisher.delivered == [job.id]


async def test_a_job_that_its_provider_finishes_after_our_deadline_is_delivered_for_free(bench: Bench) -> None:
    finished = bench.provider.polls
    bench.provider.polls = Script(RUNNING)
    async with bench.working():
        job = await bench.ask()
        running = await bench.until_state(job, State.RUNNING)
        bench.turn((running.deadline_ms or 0) - bench.clock.now)
        await bench.until(job, lambda job: job.progress == 42 and job.lease is None)
        await bench.turn_to_due(job)
        await bench.until_state(job, State.FAILED)
        assert await bench.used() == 0
        await bench.turn_to_due(job)
        await bench.until(job, lambda job: job.tries == 1 and job.lease is None)
        bench.provider.polls = finished
        await bench.turn_to_due(job)
        await bench.until_state(job, State.DONE)
    assert bench.publisher.delivered == [job.id]
    assert bench.provider.submits.calls == 1
    assert await bench.used() == 0
