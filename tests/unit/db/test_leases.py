"""Leases: due jobs are taken once, a wake-up is never lost, and what a holder leaves behind is free."""

import asyncio
from pathlib import Path

import pytest

from bot.domain.job import State
from tests.support.db_fixture import LEASE_MS, Stage, open_stage


async def claim(stage: Stage, lease: str = "one", most: int = 100) -> list[str]:
    claimed = await stage.store.leases.claim(lease, stage.now, stage.now + LEASE_MS, most)
    return [job.id for job in claimed]


async def test_a_claimed_job_is_nobody_elses_until_the_lease_ends(stage: Stage) -> None:
    job = await stage.receive()
    assert await claim(stage, "one") == [job.id]
    stage.now += LEASE_MS - 1
    assert await claim(stage, "two") == []
    stage.now += 1
    assert await claim(stage, "two") == [job.id]


async def test_a_renewed_lease_ends_later(stage: Stage) -> None:
    job = await stage.claim(await stage.receive())
    stage.now += LEASE_MS - 1
    assert await stage.store.leases.renew(job, stage.now + LEASE_MS)
    stage.now += LEASE_MS - 1
    assert await claim(stage, "two") == []


async def test_the_longest_overdue_are_claimed_first_and_no_more_than_asked(stage: Stage) -> None:
    jobs = [await stage.receive(created_ms=stage.now - age) for age in (10, 30, 20, 40)]
    assert set(await claim(stage, most=2)) == {jobs[1].id, jobs[3].id}
    assert set(await claim(stage, most=0)) == set()
    assert set(await claim(stage)) == {jobs[0].id, jobs[2].id}


async def test_what_is_not_due_is_not_claimed(stage: Stage) -> None:
    await stage.queued()
    await stage.store.jobs.requeue(await stage.submitting(), stage.now - 1)
    await stage.done()
    await stage.failed()
    await stage.running()
    assert await claim(stage) == []


@pytest.mark.parametrize("state", [State.RECEIVED, State.SUBMITTING, State.RUNNING, State.READY, State.FAILING])
async def test_every_state_with_something_to_do_is_claimed_when_due(stage: Stage, state: State) -> None:
    job = await stage.in_state(state)
    stage.now += LEASE_MS
    assert await claim(stage, "two") == [job.id]


async def test_two_workers_never_take_the_same_job(stage: Stage, tmp_path: Path) -> None:
    jobs = {(await stage.receive()).id for _ in range(30)}
    async with open_stage(tmp_path / "animatic.db") as other:
        other.now = stage.now
        claims = await asyncio.gather(
            *(claim(worker, f"worker {number}", most=3) for number, worker in enumerate([stage, other] * 6))
        )
    taken = [job_id for some in claims for job_id in some]
    assert sorted(taken) == sorted(jobs)
    assert all(len(some) <= 3 for some in claims)


async def test_a_lease_given_back_leaves_the_job_due_when_it_was_told(stage: Stage) -> None:
    job = await stage.claim(await stage.running())
    back = await stage.store.leases.reschedule(job, stage.now + 7000, tries=3, progress=42)
    assert back == await stage.get(job.id)
    assert (back.lease, back.due_ms, back.tries, back.progress) == (None, stage.now + 7000, 3, 42)
    again = await stage.claim(job)
    assert (await stage.store.leases.reschedule(again, stage.now)).progress == 42


async def test_a_wake_makes_a_job_that_nobody_holds_due_at_once(stage: Stage) -> None:
    job = await stage.running()
    await stage.store.jobs.wake(job.id, stage.now)
    assert await claim(stage) == [job.id]
    back = await stage.store.leases.reschedule(await stage.get(job.id), stage.now + 7000)
    assert back.due_ms == stage.now + 7000


async def test_a_wake_during_a_lease_is_honoured_when_it_is_given_back(stage: Stage) -> None:
    job = await stage.claim(await stage.running())
    await stage.store.jobs.wake(job.id, stage.now)
    assert (await stage.get(job.id)).due_ms == job.due_ms
    assert await claim(stage, "two") == []
    back = await stage.store.leases.reschedule(job, stage.now + 7000)
    assert (back.due_ms, back.wake_ms) == (stage.now, None)
    assert await claim(stage, "two") == [job.id]


async def test_a_wake_survives_the_renewal_of_the_lease(stage: Stage) -> None:
    job = await stage.claim(await stage.running())
    await stage.store.jobs.wake(job.id, stage.now)
    await stage.store.leases.renew(job, stage.now + 10 * LEASE_MS)
    assert (await stage.store.leases.reschedule(job, stage.now + 7000)).due_ms == stage.now


async def test_a_wake_that_comes_before_the_answer_to_the_submit_is_honoured_with_it(stage: Stage) -> None:
    job = await stage.submitting()
    await stage.store.jobs.wake(job.id, stage.now)
    assert (await stage.get(job.id)).due_ms == job.due_ms
    running = await stage.accept(job)
    assert (running.due_ms, running.wake_ms) == (stage.now, None)


@pytest.mark.parametrize("state", [state for state in State if state not in (State.SUBMITTING, State.RUNNING)])
async def test_a_wake_of_a_job_that_is_not_at_a_provider_writes_nothing(stage: Stage, state: State) -> None:
    job = await stage.in_state(state)
    before = await stage.everything()
    await stage.store.jobs.wake(job.id, stage.now)
    assert await stage.everything() == before


@pytest.mark.parametrize("state", [State.SUBMITTING, State.FAILING, State.FAILED])
async def test_a_wake_that_names_an_id_is_kept_for_a_job_that_never_learned_its_own(stage: Stage, state: State) -> None:
    job = await stage.in_state(state)
    await stage.store.jobs.wake(job.id, stage.now, "named")
    woken = await stage.get(job.id)
    assert (woken.callback_remote_id, woken.state) == ("named", state)
    if job.lease:
        assert woken.due_ms == job.due_ms
        woken = await stage.store.leases.reschedule(job, stage.now + 7000)
    assert woken.due_ms == stage.now
    assert await claim(stage, "two") == [job.id]


async def test_an_answer_that_comes_while_a_failure_is_told_is_looked_at_next(stage: Stage) -> None:
    job = await stage.in_state(State.FAILING)
    await stage.store.jobs.wake(job.id, stage.now, "named")
    failed = await stage.store.jobs.finish(job)
    assert failed == await stage.get(job.id)
    assert (failed.state, failed.due_ms) == (State.FAILED, stage.now)
    held = await stage.claim(failed)
    again = await stage.store.leases.reschedule(held, None)
    assert (again.due_ms, again.lease) == (None, None)


async def test_a_failed_job_that_had_its_id_is_never_woken(stage: Stage) -> None:
    job = await stage.fail(await stage.claim(await stage.running()))
    failed = await stage.store.jobs.finish(await stage.claim(job))
    await stage.store.jobs.wake(failed.id, stage.now, "another")
    assert await stage.get(failed.id) == failed


async def test_a_release_frees_all_leases_of_a_name_and_no_others(stage: Stage) -> None:
    mine = [await stage.in_state(state) for state in (State.RECEIVED, State.SUBMITTING, State.RUNNING, State.READY)]
    other = await stage.claim(await stage.receive(), lease="two")
    assert set(await stage.store.leases.holders()) == {"one", "two"}
    assert await stage.store.leases.release("one", stage.now) == len(mine)
    assert await stage.store.leases.holders() == ["two"]
    assert set(await claim(stage, "three")) == {job.id for job in mine}
    assert (await stage.get(other.id)).lease == "two"
    assert await stage.store.leases.release("one", stage.now) == 0


async def test_the_next_due_moment_is_that_of_claimable_jobs_leased_ones_included(stage: Stage) -> None:
    assert await stage.store.leases.next_due_ms() is None
    await stage.queued()
    await stage.done()
    assert await stage.store.leases.next_due_ms() is None
    running = await stage.running()
    assert await stage.store.leases.next_due_ms() == running.due_ms
    leased = await stage.claim(running)
    assert await stage.store.leases.next_due_ms() == leased.due_ms


async def test_unfinished_jobs_are_listed_oldest_first(stage: Stage) -> None:
    live: list[str] = []
    for state in State:
        stage.now += 1000
        job = await stage.in_state(state)
        live += [job.id] if state not in (State.DONE, State.FAILED) else []
    assert [job.id for job in await stage.store.jobs.unfinished()] == live
    assert [job.id for job in await stage.store.jobs.unfinished(2)] == live[:2]
