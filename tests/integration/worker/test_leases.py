"""Workers and their leases: stopping, dying, being overtaken, and never doing a thing twice."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.domain.job import Job, Kind, State
from bot.domain.params import JobParams
from bot.errors import DatabaseUnavailable
from bot.locks import FileInstanceNames
from bot.providers.types import RemoteState, Snapshot, Submitted
from bot.worker import worker as worker_module
from bot.worker.worker import LEASE_MS
from tests.support.db_fixture import room
from tests.support.scripted_provider import Gate, Script
from tests.support.worker_harness import TIMEOUT_SECONDS, WorkerHarness


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


async def reached(event: asyncio.Event) -> None:
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await event.wait()


def polling(harness: WorkerHarness) -> Gate[Snapshot]:
    """Let the next poll wait at a gate, to find four clips."""
    gate = Gate(Snapshot(RemoteState.SUCCEEDED, 100, harness.clips, "remote 1", "40"))
    harness.provider.polls = Script(gate)
    return gate


async def being_polled(harness: WorkerHarness, gate: Gate[Snapshot]) -> Job:
    """Bring a job to a poll that waits at its gate."""
    job = await harness.request_video()
    await harness.until_state(job, State.RUNNING)
    await harness.advance_until_due(job)
    await reached(gate.reached)
    return await harness.get(job)


async def abandoned(harness: WorkerHarness, state: State, name: str) -> Job:
    """Leave a job in the hands of somebody who will do nothing with it."""
    job = await harness.request_video()
    if state is State.RUNNING:
        async with harness.working():
            await harness.until_state(job, State.RUNNING)
        harness.clock.now = (await harness.get(job)).due_ms or 0
    now = harness.clock.now
    (held,) = await harness.store.leases.claim(name, now, now + LEASE_MS, room(1))
    return held


async def test_stopping_lets_a_step_in_hand_finish(harness: WorkerHarness) -> None:
    gate = polling(harness)
    async with harness.working() as worker:
        job = await being_polled(harness, gate)
        worker.stop()
        gate.open()
        await harness.until_state(job, State.READY)
    assert not gate.cancelled.is_set()


async def test_stopping_ends_a_step_that_takes_too_long_and_hands_its_lease_back(
    harness: WorkerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "STOP_SECONDS", 0.05)
    gate = polling(harness)
    async with harness.working():
        held = await being_polled(harness, gate)
        assert held.lease is not None
    assert gate.cancelled.is_set()
    back = await harness.get(held)
    assert (back.state, back.lease, back.due_ms) == (State.RUNNING, None, harness.clock.now)
    assert (await harness.store.leases.look(harness.clock())).holders == ()

    harness.provider.polls = Script(Snapshot(RemoteState.SUCCEEDED, 100, harness.clips, "remote 1"))
    async with harness.working():
        await harness.until_state(held, State.DONE)


async def test_a_stop_that_comes_while_the_line_is_looked_at_submits_nothing_more(harness: WorkerHarness) -> None:
    async with harness.working() as worker:

        def stop(sql: str) -> None:
            if "select id from line" in sql:
                worker.stop()

        harness.db.before_read = stop
        job = await harness.request_video()
        await harness.until_state(job, State.QUEUED)
    assert (await harness.get(job)).state is State.QUEUED
    assert harness.provider.submits.calls == 0


async def test_an_id_that_the_provider_gave_is_kept_even_while_the_process_stops(
    harness: WorkerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "STOP_SECONDS", 0.05)
    gate = Gate(Submitted("remote 1"))
    harness.provider.submits = Script(gate)
    async with harness.working() as worker:
        job = await harness.request_video()
        await reached(gate.reached)
        # The database is busy just when the answer comes and the process is told to stop.
        async with harness.db.transaction():
            gate.open()
            worker.stop()
            await asyncio.sleep(0.2)
    running = await harness.get(job)
    assert (running.state, running.remote_id, running.lease) == (State.RUNNING, "remote 1", None)


@pytest.mark.parametrize("state", [State.RECEIVED, State.RUNNING])
async def test_a_second_worker_takes_over_what_a_dead_one_held(harness: WorkerHarness, state: State) -> None:
    held = await abandoned(harness, state, "dead")
    async with harness.working():
        await harness.until(held, lambda job: job.epoch > held.epoch)
        if state is State.RECEIVED:
            await harness.until_state(held, State.RUNNING)
            await harness.advance_until_due(held)
        await harness.until_state(held, State.DONE)
    assert harness.provider.submits.calls == 1
    assert await harness.used() == 8


async def test_a_submit_that_a_dead_worker_left_behind_is_not_made_again(harness: WorkerHarness) -> None:
    gate = Gate(Submitted("remote 1"))
    harness.provider.submits = Script(gate)
    async with harness.working():
        job = await harness.request_video()
        await reached(gate.reached)
        # What a killed process leaves: a lease of a name that nobody holds.
        async with harness.db.transaction() as tx:
            await tx.fetch("update job set lease = 'dead', epoch = epoch + 1 where id = $1", job.id)
        harness.advance(0)
        await harness.until(job, lambda job: job.state is State.SUBMITTING and job.lease is None and job.tries > 0)
        assert harness.provider.submits.calls == 1
        gate.open()
        await harness.until_state(job, State.RUNNING)
    assert harness.provider.submits.calls == 1


async def test_what_a_living_process_holds_is_left_alone_until_its_lease_ends(harness: WorkerHarness) -> None:
    harness.provider.submits = Script(Submitted("remote 1"), Submitted("remote 2"))
    with harness.names.hold() as name:
        held = await abandoned(harness, State.RECEIVED, name)
        async with harness.working():
            # Another job goes all the way to its submit meanwhile.
            other = await harness.request_video()
            await harness.until_state(other, State.RUNNING)
            assert (await harness.get(held)).lease == name
            harness.advance(LEASE_MS)
            await harness.until(held, lambda job: job.epoch > held.epoch)
            await harness.until(held, lambda job: job.state is State.RUNNING)


async def test_a_lost_lease_cancels_the_step_and_nothing_of_it_is_written(
    harness: WorkerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = polling(harness)
    async with harness.working():
        monkeypatch.setattr(worker_module, "LEASE_MS", 300)
        job = await being_polled(harness, gate)
        async with harness.db.transaction() as tx:
            await tx.fetch("update job set lease = $2, epoch = epoch + 1 where id = $1", job.id, job.lease)
        before = await harness.get(job)
        await reached(gate.cancelled)
        assert await harness.get(job) == before


async def test_a_submit_goes_on_although_its_lease_is_lost(
    harness: WorkerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(Submitted("remote 1"))
    harness.provider.submits = Script(gate)
    other_gate = polling(harness)
    async with harness.working():
        monkeypatch.setattr(worker_module, "LEASE_MS", 300)
        job = await harness.request_video()
        await reached(gate.reached)
        async with harness.db.transaction() as tx:
            await tx.fetch("update job set epoch = epoch + 1 where id = $1", job.id)
        await asyncio.sleep(0.3)
        assert not gate.cancelled.is_set()
        gate.open()
        running = await harness.until_state(job, State.RUNNING)
        other_gate.open()
    assert running.remote_id == "remote 1"


async def test_a_lease_is_renewed_while_a_step_runs_even_after_a_failure_of_the_database(
    harness: WorkerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = polling(harness)
    renew = harness.store.leases.renew
    renewed = asyncio.Event()
    failures = 1

    async def renew_badly(job: Job, lease_until_ms: int) -> bool:
        nonlocal failures
        if failures:
            failures -= 1
            raise OSError("the disk is full")
        kept = await renew(job, lease_until_ms)
        renewed.set()
        return kept

    async with harness.working():
        monkeypatch.setattr(worker_module, "LEASE_MS", 300)
        monkeypatch.setattr(harness.store.leases, "renew", renew_badly)
        job = await being_polled(harness, gate)
        harness.clock.now += 100
        # The first renewal may have read the clock before it was turned.
        for _ in range(2):
            renewed.clear()
            await reached(renewed)
        assert (await harness.get(job)).due_ms == harness.clock.now + 300
        gate.open()
        await harness.until(job, lambda job: job.state in (State.READY, State.DONE))


async def test_no_more_jobs_are_at_the_provider_than_allowed_whoever_works(harness: WorkerHarness) -> None:
    gates = [Gate(Submitted(f"remote {number}")) for number in range(4)]
    harness.provider.submits = Script(*gates)
    async with harness.working(), harness.working():
        jobs = [await harness.request_video(clips=1) for _ in gates]
        for gate in gates[:2]:
            await reached(gate.reached)
        for job in jobs:
            await harness.until(job, lambda job: job.state in (State.QUEUED, State.SUBMITTING))
        await harness.advance_idle(5000)
        assert harness.provider.submits.calls == 2
        for gate in gates:
            gate.open()


async def test_a_job_that_cannot_be_put_back_while_the_database_is_away_is_put_back_as_soon_as_it_is_there(
    harness: WorkerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    reschedule, away = harness.store.leases.reschedule, 3

    async def reschedule_once_it_is_there(job: Job, due_ms: int | None, **more: int) -> Job:
        nonlocal away
        away -= 1
        if away >= 0:
            harness.wake()
            raise DatabaseUnavailable("connection refused")
        return await reschedule(job, due_ms, **more)

    harness.provider.polls = Script(DatabaseUnavailable("connection refused"))
    async with harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
        monkeypatch.setattr(harness.store.leases, "reschedule", reschedule_once_it_is_there)
        job = await harness.get(job)
        await harness.advance_until_due(job)
        await harness.until(job, lambda job: job.lease is not None or away < 0)
        back = await harness.until(job, lambda job: job.lease is None)
        # The clock stood still: its lease would have ended by itself much later.
        assert (back.state, away) == (State.RUNNING, -1)


class OnceNamed(FileInstanceNames):
    """Have a name for as long as the first look takes, and none from then on."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked = 0
        self.lost = asyncio.Event()

    def own(self) -> str | None:
        self.asked += 1
        if self.asked == 1:
            return "a name"
        self.lost.set()
        return None


async def test_a_process_without_a_name_waits_for_one_and_does_not_look_all_the_time(harness: WorkerHarness) -> None:
    jobs = [await harness.request(Kind.VIDEO, JobParams("a boat"), user_id=user) for user in range(20)]
    async with harness.db.transaction() as tx:
        await tx.fetch("update job set due_ms = $2 where id = $1", jobs[-1].id, harness.clock.now + 1000)
    names = OnceNamed(harness.locks)
    async with harness.working(names):
        await reached(names.lost)
        harness.clock.now += 2000
        harness.wake()
        await asyncio.sleep(0.2)
        assert names.asked < 2 + 20
