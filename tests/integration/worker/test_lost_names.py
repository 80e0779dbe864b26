"""A worker whose name is lost, or may be: it begins nothing, ends what is in hand, and pays for nothing twice."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.job import Job, State
from bot.errors import LostLease
from bot.providers.types import RemoteState, Snapshot, Submitted
from tests.support.losable_names import LosableNames
from tests.support.scripted_provider import Gate, Script
from tests.support.worker_harness import TIMEOUT_SECONDS, WorkerHarness


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


@pytest.fixture
def names() -> LosableNames:
    return LosableNames("first")


async def reached(event: asyncio.Event) -> None:
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await event.wait()


async def being_polled(harness: WorkerHarness, gate: Gate[Snapshot]) -> Job:
    """Bring a job to a poll that waits at its gate."""
    harness.provider.polls = Script(gate)
    job = await harness.request_video()
    await harness.until_state(job, State.RUNNING)
    await harness.advance_until_due(job)
    await reached(gate.reached)
    return await harness.get(job)


def made(harness: WorkerHarness) -> Snapshot:
    return Snapshot(RemoteState.SUCCEEDED, 100, harness.clips, "remote 1", "40")


async def test_nothing_is_begun_while_the_name_may_be_lost(harness: WorkerHarness, names: LosableNames) -> None:
    async with harness.working(names):
        names.doubt()
        job = await harness.request_video()
        for _ in range(3):
            harness.wake()
            await asyncio.sleep(0.05)
        untouched = await harness.get(job)
        assert (untouched.state, untouched.epoch) == (State.RECEIVED, 0)
        names.take("first")
        harness.wake()
        await harness.until_state(job, State.RUNNING)


async def test_a_lost_name_ends_the_steps_in_hand_and_their_jobs_go_on_under_the_next_one(
    harness: WorkerHarness, names: LosableNames
) -> None:
    gate = Gate(made(harness))
    async with harness.working(names):
        held = await being_polled(harness, gate)
        assert held.lease == "first"
        names.lose()
        await reached(gate.cancelled)
        assert (await harness.get(held)).epoch == held.epoch
        harness.provider.polls = Script(made(harness))
        names.take("second")
        harness.wake()
        done = await harness.until_state(held, State.DONE)
    assert done.epoch > held.epoch
    assert harness.provider.submits.calls == 1


async def test_a_submit_under_way_goes_on_and_its_id_is_written_down_whoever_has_the_job_by_then(
    harness: WorkerHarness, names: LosableNames
) -> None:
    gate = Gate(Submitted("remote 1"))
    harness.provider.submits = Script(gate)
    async with harness.working(names):
        job = await harness.request_video()
        await reached(gate.reached)
        names.lose()
        names.take("second")
        harness.wake()
        await harness.until(job, lambda job: job.lease is None and job.tries > 0)  # it was looked for in vain
        assert not gate.cancelled.is_set()
        gate.open()
        running = await harness.until_state(job, State.RUNNING)
    assert running.remote_id == "remote 1"
    assert harness.provider.submits.calls == 1


async def test_what_was_admitted_and_is_not_surely_ours_is_not_sent_and_waits_again(
    harness: WorkerHarness, names: LosableNames
) -> None:
    async with harness.working(names):

        def stand_still(sql: str) -> None:
            # The process is stopped between the two: the submit is written down, and not made.
            if "select id from line" in sql:
                asyncio.get_running_loop().call_soon(names.doubt)

        harness.db.before_read = stand_still
        job = await harness.request_video()
        waiting = await harness.until(job, lambda job: job.state is State.QUEUED and job.tries > 0)
        assert (waiting.client_token, waiting.lease) == (None, None)
        assert harness.provider.submits.calls == 0
        harness.db.before_read = lambda _: None
        names.take("second")
        harness.wake()
        await harness.until_state(job, State.RUNNING)
    assert harness.provider.submits.calls == 1


@pytest.mark.parametrize("owner", ["another process", None])
async def test_a_provider_is_asked_for_nothing_on_behalf_of_another_name(
    harness: WorkerHarness, names: LosableNames, owner: str | None
) -> None:
    job = await harness.request_video()
    held = replace(job, lease=owner, client_token="a token")
    with pytest.raises(LostLease):
        await harness.provider_requests(names).send(harness.provider, held, None)
    assert harness.provider.submits.calls == 0


async def test_leases_of_names_that_nobody_holds_are_taken_over_and_those_of_the_living_left_alone(
    harness: WorkerHarness, names: LosableNames
) -> None:
    jobs = [await harness.request_video(), await harness.request_video()]
    async with harness.db.transaction() as tx:
        for job, name in zip(jobs, ("alive", "dead"), strict=True):
            await tx.fetch(
                "update job set lease = $2, epoch = 1, due_ms = $3 where id = $1",
                job.id,
                name,
                harness.clock.now + 90_000,
            )
    names.alive.add("alive")
    async with harness.working(names):
        await harness.until_state(jobs[1], State.RUNNING)
        assert (await harness.get(jobs[0])).lease == "alive"
        names.alive.clear()
        harness.wake()
        await harness.until(jobs[0], lambda job: job.epoch > 1)


async def test_a_worker_that_stops_without_a_name_leaves_its_leases_to_others(
    harness: WorkerHarness, names: LosableNames
) -> None:
    async with harness.working(names):
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
        names.lose()
    assert (await harness.get(job)).state is State.RUNNING
