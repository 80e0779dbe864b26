"""Leases: due jobs are taken once, a wake-up is never lost, and what a holder leaves behind is free."""

import asyncio
from dataclasses import replace

import pytest

from bot.db.leases import Room
from bot.db.store import Store
from bot.domain.clock import FARTHEST_MS
from bot.domain.job import Job, State
from bot.errors import LostLease
from tests.support.counted_database import CountedDatabase, Statements
from tests.support.db_engines import Engine
from tests.support.db_fixture import DEFAULTS, LEASE_MS, MIRA, OTTO, DbFixture, room


async def claim(db: DbFixture, lease: str = "one", most: int = 100) -> list[str]:
    claimed = await db.store.leases.claim(lease, db.now, db.now + LEASE_MS, room(most))
    return [job.id for job in claimed]


async def test_a_claimed_job_is_nobody_elses_until_the_lease_ends(db: DbFixture) -> None:
    job = await db.receive()
    assert await claim(db, "one") == [job.id]
    db.now += LEASE_MS - 1
    assert await claim(db, "two") == []
    db.now += 1
    assert await claim(db, "two") == [job.id]


async def test_a_renewed_lease_ends_later(db: DbFixture) -> None:
    job = await db.claim(await db.receive())
    db.now += LEASE_MS - 1
    assert await db.store.leases.renew(job, db.now + LEASE_MS)
    db.now += LEASE_MS - 1
    assert await claim(db, "two") == []


async def test_the_longest_overdue_are_claimed_first_and_no_more_than_asked(db: DbFixture) -> None:
    jobs = [await db.receive(created_ms=db.now - age) for age in (10, 30, 20, 40)]
    assert set(await claim(db, most=2)) == {jobs[1].id, jobs[3].id}
    assert set(await claim(db, most=0)) == set()
    assert set(await claim(db)) == {jobs[0].id, jobs[2].id}


async def test_what_is_not_due_is_not_claimed(db: DbFixture) -> None:
    await db.queued()
    await db.store.jobs.requeue(await db.submitting(), db.now - 1)
    await db.done()
    await db.failed()
    await db.running()
    assert await claim(db) == []


@pytest.mark.parametrize("state", [State.RECEIVED, State.SUBMITTING, State.RUNNING, State.READY, State.FAILING])
async def test_every_state_with_something_to_do_is_claimed_when_due(db: DbFixture, state: State) -> None:
    job = await db.in_state(state)
    db.now += LEASE_MS
    assert await claim(db, "two") == [job.id]


async def test_two_workers_never_take_the_same_job(db: DbFixture, engine: Engine) -> None:
    jobs = {(await db.receive()).id for _ in range(30)}
    async with engine.open_store() as other:
        other.now = db.now
        claims = await asyncio.gather(
            *(claim(worker, f"worker {number}", most=3) for number, worker in enumerate([db, other] * 6))
        )
    taken = [job_id for some in claims for job_id in some]
    assert sorted(taken) == sorted(jobs)
    assert all(len(some) <= 3 for some in claims)


async def test_a_lease_given_back_leaves_the_job_due_when_it_was_told(db: DbFixture) -> None:
    job = await db.claim(await db.running())
    back = await db.store.leases.reschedule(job, db.now + 7000, tries=3, progress=42)
    assert back == await db.get(job.id)
    assert (back.lease, back.due_ms, back.tries, back.progress) == (None, db.now + 7000, 3, 42)
    again = await db.claim(job)
    assert (await db.store.leases.reschedule(again, db.now)).progress == 42


async def test_a_wake_makes_a_job_that_nobody_holds_due_at_once(db: DbFixture) -> None:
    job = await db.running()
    await db.store.jobs.wake(job.id, db.now)
    assert await claim(db) == [job.id]
    back = await db.store.leases.reschedule(await db.get(job.id), db.now + 7000)
    assert back.due_ms == db.now + 7000


async def test_a_wake_during_a_lease_is_honoured_when_it_is_given_back(db: DbFixture) -> None:
    job = await db.claim(await db.running())
    await db.store.jobs.wake(job.id, db.now)
    assert (await db.get(job.id)).due_ms == job.due_ms
    assert await claim(db, "two") == []
    back = await db.store.leases.reschedule(job, db.now + 7000)
    assert (back.due_ms, back.wake_ms) == (db.now, None)
    assert await claim(db, "two") == [job.id]


async def test_a_wake_survives_the_renewal_of_the_lease(db: DbFixture) -> None:
    job = await db.claim(await db.running())
    await db.store.jobs.wake(job.id, db.now)
    await db.store.leases.renew(job, db.now + 10 * LEASE_MS)
    assert (await db.store.leases.reschedule(job, db.now + 7000)).due_ms == db.now


async def test_a_wake_that_comes_before_the_answer_to_the_submit_is_honoured_with_it(db: DbFixture) -> None:
    job = await db.submitting()
    await db.store.jobs.wake(job.id, db.now)
    assert (await db.get(job.id)).due_ms == job.due_ms
    running = await db.accept(job)
    assert (running.due_ms, running.wake_ms) == (db.now, None)


@pytest.mark.parametrize("state", [state for state in State if state not in (State.SUBMITTING, State.RUNNING)])
async def test_a_wake_of_a_job_that_is_not_at_a_provider_writes_nothing(db: DbFixture, state: State) -> None:
    job = await db.in_state(state)
    before = await db.everything()
    await db.store.jobs.wake(job.id, db.now)
    assert await db.everything() == before


@pytest.mark.parametrize("state", [State.SUBMITTING, State.FAILING, State.FAILED])
async def test_a_wake_that_names_an_id_is_kept_for_a_job_that_never_learned_its_own(
    db: DbFixture, state: State
) -> None:
    job = await db.in_state(state)
    await db.store.jobs.wake(job.id, db.now, "named")
    woken = await db.get(job.id)
    assert (woken.callback_remote_id, woken.state) == ("named", state)
    if job.lease:
        assert woken.due_ms == job.due_ms
        woken = await db.store.leases.reschedule(job, db.now + 7000)
    assert woken.due_ms == db.now
    assert await claim(db, "two") == [job.id]


async def test_an_answer_that_comes_while_a_failure_is_told_is_looked_at_next(db: DbFixture) -> None:
    job = await db.in_state(State.FAILING)
    await db.store.jobs.wake(job.id, db.now, "named")
    failed = await db.store.jobs.finish(job)
    assert failed == await db.get(job.id)
    assert (failed.state, failed.due_ms) == (State.FAILED, db.now)
    held = await db.claim(failed)
    again = await db.store.leases.reschedule(held, None)
    assert (again.due_ms, again.lease) == (None, None)


async def test_a_failed_job_that_had_its_id_is_never_woken(db: DbFixture) -> None:
    job = await db.fail(await db.claim(await db.running()))
    failed = await db.store.jobs.finish(await db.claim(job))
    await db.store.jobs.wake(failed.id, db.now, "another")
    assert await db.get(failed.id) == failed


async def test_a_release_frees_all_leases_of_a_name_and_no_others(db: DbFixture) -> None:
    mine = [await db.in_state(state) for state in (State.RECEIVED, State.SUBMITTING, State.RUNNING, State.READY)]
    other = await db.claim(await db.receive(), lease="two")
    assert set((await db.store.leases.look(db.now)).holders) == {"one", "two"}
    assert await db.store.leases.release("one", db.now) == len(mine)
    assert (await db.store.leases.look(db.now)).holders == ("two",)
    assert set(await claim(db, "three")) == {job.id for job in mine}
    assert (await db.get(other.id)).lease == "two"
    assert await db.store.leases.release("one", db.now) == 0


async def test_the_next_due_moment_is_that_of_claimable_jobs_leased_ones_included(db: DbFixture) -> None:
    assert await look(db) == (frozenset(), None)
    await db.queued()
    await db.done()
    assert await look(db) == (frozenset(), None)
    running = await db.running()
    assert await look(db) == (frozenset(), running.due_ms)
    leased = await db.claim(running)
    assert await look(db) == (frozenset(), leased.due_ms)


async def test_unfinished_jobs_are_listed_oldest_first(db: DbFixture) -> None:
    live: list[str] = []
    for state in State:
        db.now += 1000
        job = await db.in_state(state)
        live += [job.id] if state not in (State.DONE, State.FAILED) else []
    assert [job.id for job in await db.store.history.unfinished()] == live
    assert [job.id for job in await db.store.history.unfinished(2)] == live[:2]


async def test_what_is_due_farther_ahead_than_a_job_can_be_is_due_now(db: DbFixture) -> None:
    near, far = await db.running(), await db.running()
    await db.db_write("update job set due_ms = $2 where id = $1", near.id, db.now + FARTHEST_MS)
    await db.db_write("update job set due_ms = $2 where id = $1", far.id, db.now + FARTHEST_MS + 1)
    assert await claim(db) == [far.id]


async def test_a_lease_that_a_wrong_clock_has_written_is_over(db: DbFixture) -> None:
    job = await db.claim(await db.receive())
    db.now -= 6 * 3_600_000
    assert await claim(db, "two") == [job.id]


PLENTY = Room(preparing=100, delivering=100, others=100, per_user=2)


async def claim_jobs(db: DbFixture, room: Room = PLENTY, lease: str = "one") -> list[Job]:
    return await db.store.leases.claim(lease, db.now, db.now + LEASE_MS, room)


async def test_one_member_prepares_and_delivers_two_at_a_time_and_all_else_at_once(db: DbFixture) -> None:
    for _ in range(5):
        await db.ready()
        await db.running()
        await db.receive()
    db.now += LEASE_MS
    states = [job.state for job in await claim_jobs(db)]
    assert sorted(states) == sorted([State.RECEIVED] * 2 + [State.READY] * 2 + [State.RUNNING] * 5)
    assert await claim_jobs(db, lease="two") == []


async def test_whoever_has_fewest_in_hand_is_next(db: DbFixture) -> None:
    for _ in range(4):
        await db.receive(user=MIRA)
        db.now += 1
    await db.receive(user=OTTO)
    db.now += 1
    one = Room(preparing=1, delivering=0, others=0, per_user=2)
    users = [job.user_id for _ in range(3) for job in await claim_jobs(db, one)]
    assert users == [MIRA, OTTO, MIRA]


async def test_a_member_is_next_again_once_a_step_has_ended(db: DbFixture) -> None:
    jobs = [await db.receive() for _ in range(3)]
    first, second = await claim_jobs(db)
    assert await claim_jobs(db) == []
    await db.charge(first)
    [third] = await claim_jobs(db)
    assert {first.id, second.id, third.id} == {job.id for job in jobs}


async def test_what_a_dead_process_had_in_hand_holds_nobody_back(db: DbFixture) -> None:
    for _ in range(2):
        await db.receive()
    await claim_jobs(db, lease="dead")
    await db.receive()
    db.now += LEASE_MS
    assert len(await claim_jobs(db)) == 2


@pytest.mark.parametrize(
    ("room", "state"),
    [
        (Room(3, 0, 0, 9), State.RECEIVED),
        (Room(0, 3, 0, 9), State.READY),
        (Room(0, 0, 3, 9), State.RUNNING),
        (Room(-1, -1, 3, 9), State.RUNNING),
    ],
)
async def test_no_more_is_claimed_than_there_is_room_for(db: DbFixture, room: Room, state: State) -> None:
    for _ in range(5):
        await db.ready()
        await db.running()
        await db.receive()
    db.now += LEASE_MS
    assert [job.state for job in await claim_jobs(db, room)] == [state] * 3


async def look(db: DbFixture) -> tuple[frozenset[State], int | None]:
    """Tell what can be claimed now, and when there will be more."""
    outlook = await db.store.leases.look(db.now)
    return outlook.due, outlook.next_due_ms


async def test_a_job_that_is_due_far_ahead_can_be_claimed_now(db: DbFixture) -> None:
    job = await db.running()
    await db.db_write("update job set due_ms = $2 where id = $1", job.id, db.now + FARTHEST_MS + 1)
    assert (await look(db))[0] == {State.RUNNING}


async def test_only_the_states_that_are_due_are_claimed(db: DbFixture) -> None:
    for make in (db.receive, db.running, db.ready):
        await make()
    db.now += LEASE_MS
    claimed = await db.store.leases.claim("one", db.now, db.now + LEASE_MS, room(9), {State.READY})
    assert [job.state for job in claimed] == [State.READY]


async def test_jobs_that_are_still_made_are_given_back_in_one_transaction(db: DbFixture) -> None:
    held = [await db.claim(await db.running()) for _ in range(3)]
    lost = replace(held[0], epoch=held[0].epoch - 1)
    statements = Statements()
    leases = Store(CountedDatabase(db.database, statements), DEFAULTS).leases
    answers = await asyncio.gather(
        *(leases.ask_again(job, db.now + 7000, 42) for job in (lost, *held[1:])), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [LostLease, type(None), type(None)]
    assert (statements.total, statements.transactions) == (2, 1)
    back = [await db.get(job.id) for job in held]
    assert [(job.lease, job.due_ms, job.progress) for job in back[1:]] == [(None, db.now + 7000, 42)] * 2
    assert back[0] == held[0]


async def test_the_next_due_time_after_a_moment_leaves_out_what_was_due_then(db: DbFixture) -> None:
    await db.receive()
    later = await db.claim(await db.running())
    await db.store.leases.reschedule(later, db.now + 7000)
    assert await look(db) == ({State.RECEIVED}, db.now + 7000)
