"""A provider whose key is away cannot be asked, which says nothing of its jobs: none of them ends within a day."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.job import Job, State
from bot.errors import ErrorKind, NotAdoptable, NotUnconfirmed
from bot.providers.types import RemoteState, Snapshot, Submitted
from bot.worker.steps import NO_KEY_MS
from tests.integration.worker.test_worker import RUNNING, error
from tests.support.scripted_provider import Script
from tests.support.worker_harness import WorkerHarness

HOUR_MS = 3_600_000


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


async def at_provider(harness: WorkerHarness) -> Job:
    """Bring a job to its provider, which goes on with it."""
    finished, harness.provider.polls = harness.provider.polls, Script(RUNNING)
    job = await harness.until_state(await harness.request_video(), State.RUNNING)
    harness.provider.polls = finished
    return job


async def step(harness: WorkerHarness, job: Job, late_ms: int = 0) -> Job:
    """Let a job's next step be taken, some time after it is due."""
    before = await harness.get(job)
    harness.advance(max(0, (before.due_ms or 0) - harness.clock.now) + late_ms)
    return await harness.until(
        job,
        lambda job: job.lease is None and (job.epoch > before.epoch),
    )


@asynccontextmanager
async def key_away(harness: WorkerHarness, reason: str) -> AsyncGenerator[None]:
    """Take the provider's key away, or let it open nothing, for as long as the block."""
    polls = harness.provider.polls
    if reason == "no_key":
        provider = harness.providers.pop("ttapi")
    else:
        provider = harness.provider
        harness.provider.polls = Script(error(ErrorKind(reason), "yes"))
    yield
    harness.providers["ttapi"] = provider
    harness.provider.polls = polls


async def refunds(harness: WorkerHarness) -> int:
    """Count how often credits came back, whatever day that was."""
    return len(await harness.db.fetch("select 1 from ledger where kind = 'refund'"))


REASONS = ["no_key", "auth", "account_blocked"]

LATE_MS = {"no_key": HOUR_MS, "auth": 0, "account_blocked": HOUR_MS}
"""How late each step is: that a day is full of them is tried with one reason, for that takes a second."""


@pytest.mark.parametrize("reason", REASONS)
async def test_a_film_that_was_made_while_the_key_was_away_for_hours_is_delivered(
    harness: WorkerHarness, reason: str
) -> None:
    async with harness.working():
        job = await at_provider(harness)
        async with key_away(harness, reason):
            began = harness.clock.now
            while harness.clock.now - began < 23 * HOUR_MS:
                assert (await step(harness, job, LATE_MS[reason])).state is State.RUNNING
        assert await refunds(harness) == 0
        await harness.advance_until_due(job)
        await harness.until_state(job, State.DONE)
    assert harness.publisher.told == []
    assert harness.publisher.delivered == [job.id]


@pytest.mark.parametrize("reason", REASONS)
async def test_one_error_once_the_key_is_back_ends_nothing(harness: WorkerHarness, reason: str) -> None:
    for kind in (ErrorKind.UPSTREAM, ErrorKind.NOT_FOUND):
        finished = harness.provider.polls
        async with harness.working():
            job = await at_provider(harness)
            async with key_away(harness, reason):
                began = harness.clock.now
                while harness.clock.now - began < 3 * HOUR_MS:
                    await step(harness, job, LATE_MS[reason])
            harness.provider.polls = Script(error(kind, "yes"))
            assert (await step(harness, job)).state is State.RUNNING
            harness.provider.polls = finished
            await harness.advance_until_due(job)
            await harness.until_state(job, State.DONE)
            harness.provider.submits = Script(Submitted("remote 2"))
    assert await refunds(harness) == 0


def rests(job: Job) -> bool:
    """Tell whether nobody has a job in hand, or will have at once."""
    return job.lease is None and job.state is not State.FAILING


async def given_up(harness: WorkerHarness, reason: str) -> Job:
    job = await at_provider(harness)
    async with key_away(harness, reason):
        while (found := await harness.until(job, rests)).due_ms is not None:
            await step(harness, job, LATE_MS[reason])
    return found


@pytest.mark.parametrize("reason", REASONS)
async def test_after_more_than_a_day_it_is_refunded_and_an_admin_takes_it_up_for_free(
    harness: WorkerHarness, reason: str
) -> None:
    async with harness.working():
        job = await given_up(harness, reason)
        assert (job.error_data or {})["reason"] == reason
        assert (job.finished_ms or 0) - job.created_ms > NO_KEY_MS
        assert await refunds(harness) == 1
        assert [found.id for found in await harness.recovery().undelivered(1)] == [job.id]
        taken = await harness.recovery().adopt(1, job.id, job.remote_id or "")
        assert taken.id == job.id
        await harness.until_state(job, State.DONE)
    assert harness.publisher.delivered == [job.id]
    assert await refunds(harness) == 1


async def test_while_the_key_is_away_nothing_can_be_adopted(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await given_up(harness, "no_key")
        async with key_away(harness, "no_key"):
            with pytest.raises(NotAdoptable) as refused:
                await harness.recovery().adopt(1, job.id, job.remote_id or "")
    assert refused.value.asked is False
    assert (await harness.get(job)).state is State.FAILED


async def test_what_was_given_up_can_be_struck_off(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await given_up(harness, "no_key")
        assert (await harness.recovery().give_up(1, job.id)).id == job.id
        assert await harness.recovery().undelivered(1) == []
        with pytest.raises(NotUnconfirmed):
            await harness.recovery().give_up(1, job.id)


async def test_a_job_that_its_provider_says_has_failed_is_not_taken_for_one_that_may_be_made(
    harness: WorkerHarness,
) -> None:
    async with harness.working():
        job = await at_provider(harness)
        harness.provider.polls = Script(RUNNING)
        harness.advance((job.deadline_ms or 0) - harness.clock.now + 1)
        await harness.until_state(job, State.FAILED)
        assert (await harness.get(job)).undelivered == 1
        harness.provider.polls = Script(Snapshot(RemoteState.FAILED, error=error(ErrorKind.UPSTREAM, "yes")))
        await harness.advance_until_due(job)
        ended = await harness.until(job, lambda job: job.due_ms is None)
    assert (ended.state, ended.undelivered) == (State.FAILED, 0)
    assert await harness.recovery().undelivered(1) == []


async def test_a_submit_without_an_answer_is_looked_for_when_the_key_is_back(harness: WorkerHarness) -> None:
    harness.provider.submits = Script(error(ErrorKind.OUTCOME_UNKNOWN, "maybe"))
    async with harness.working():
        job = await harness.request_video()
        await harness.until(job, lambda job: job.state is State.SUBMITTING and job.lease is None)
        async with key_away(harness, "no_key"):
            began = harness.clock.now
            while harness.clock.now - began < 23 * HOUR_MS:
                harness.advance(HOUR_MS)
                waiting = await step(harness, job)
                assert waiting.state is State.SUBMITTING
        assert await refunds(harness) == 0
