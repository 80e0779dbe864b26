"""Who has waited is told once of an end, whatever dies in between; others are not told at all."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.db.pings import AT_ONCE
from bot.domain.job import Job, State
from bot.domain.pings import SHARED_MS, WAITED_MS
from bot.providers.types import RemoteState, Snapshot, Submitted
from tests.integration.worker.test_job_cost import LOOK
from tests.support.counted_database import Statements
from tests.support.scripted_provider import Gate, Script
from tests.support.worker_harness import TIMEOUT_SECONDS, WorkerHarness

PING = re.compile(r"\bping\b")


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


def told(harness: WorkerHarness) -> list[list[str]]:
    return [[job.job_id for job in ping.jobs] for ping in harness.publisher.pings]


async def until_told(harness: WorkerHarness, times: int) -> None:
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while len(harness.publisher.pings) < times:  # noqa: ASYNC110  # nobody tells when a ping was sent
            await asyncio.sleep(0.005)


async def look_on(harness: WorkerHarness) -> None:
    """Let as much time pass as failures wait for each other, and a worker look twice at what there is to do."""
    looked = asyncio.Event()
    harness.db.before_read = lambda sql: looked.set() if " ".join(sql.split()).startswith(LOOK) else None
    harness.advance(SHARED_MS)
    for _ in range(2):
        looked.clear()
        harness.wake()
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await looked.wait()


async def end_late(harness: WorkerHarness, *jobs: Job) -> None:
    """Let running jobs end more than 30 seconds after they were asked for."""
    harness.advance(WAITED_MS + 1)
    for job in jobs:
        await harness.until(job, lambda found: found.lease is None and found.state in (State.DONE, State.FAILED))


async def test_who_waited_is_told_once_that_their_film_is_there(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
        await end_late(harness, job)
        await until_told(harness, 1)
        await look_on(harness)
    async with harness.working():
        await look_on(harness)
    assert told(harness) == [[job.id]]
    assert harness.publisher.pings[0].jobs[0].clips == 4


async def test_who_got_it_within_30_seconds_is_not_told(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
        await harness.advance_until_due(job)
        await harness.until_state(job, State.DONE)
        await look_on(harness)
    assert told(harness) == []


async def test_failures_share_a_message_once_20_seconds_have_passed(harness: WorkerHarness) -> None:
    harness.provider.submits = Script(Submitted("remote 1"), Submitted("remote 2"))
    harness.provider.polls = Script(Snapshot(RemoteState.FAILED))
    async with harness.working():
        jobs = [await harness.request_video(), await harness.request_video()]
        for job in jobs:
            await harness.until_state(job, State.RUNNING)
        await end_late(harness, *jobs)
        assert told(harness) == []
        harness.advance(SHARED_MS)
        await until_told(harness, 1)
    assert [sorted(each) for each in told(harness)] == [sorted(job.id for job in jobs)]


async def test_a_ping_that_goes_wrong_is_not_said_again_and_keeps_no_other_back(harness: WorkerHarness) -> None:
    harness.publisher.answers_to_pings = Script(RuntimeError("a bug"), None)
    async with harness.working():
        for times in (1, 2):
            job = await harness.request_video()
            await harness.until_state(job, State.RUNNING)
            await end_late(harness, job)
            await until_told(harness, times)
            harness.provider.submits = Script(Submitted("remote 2"))
        await look_on(harness)
    assert len({each[0] for each in told(harness)}) == len(told(harness)) == 2


async def test_a_ping_that_hangs_keeps_no_job_back(harness: WorkerHarness) -> None:
    hanging: Gate[None] = Gate(None)
    harness.publisher.answers_to_pings = Script(hanging, None)
    harness.provider.submits = Script(Submitted("remote 1"), Submitted("remote 2"))
    async with harness.working():
        first = await harness.request_video()
        await harness.until_state(first, State.RUNNING)
        await end_late(harness, first)
        await hanging.reached.wait()
        second = await harness.request_video()
        await harness.until_state(second, State.RUNNING)
        await end_late(harness, second)
        hanging.open()
        await until_told(harness, 2)
    assert told(harness) == [[first.id], [second.id]]


async def test_a_ping_costs_two_statements_and_the_begin_of_one_transaction(tmp_path: Path) -> None:
    statements = Statements()
    async with WorkerHarness.open(tmp_path, statements) as harness, harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
        await end_late(harness, job)
        await until_told(harness, 1)
    of_ping = Counter(
        {
            text.split()[0]: number
            for text, number in statements.by_text.items()
            if PING.search(text) and LOOK not in text
        }
    )
    # The first is part of the transaction that ends the job, the second begins one.
    assert of_ping == {"insert": 1, "with": 1}


async def test_many_that_are_due_are_all_told(harness: WorkerHarness) -> None:
    async with harness.working():
        jobs = [await harness.request_video() for _ in range(AT_ONCE + 2)]
        harness.provider.submits = Script(*[Submitted(f"remote {job.id}") for job in jobs])
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while len(harness.publisher.pings) < len(jobs):
                harness.advance(WAITED_MS + 1)
                await asyncio.sleep(0.05)
    assert sorted(each[0] for each in told(harness)) == sorted(job.id for job in jobs)
