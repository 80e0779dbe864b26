"""The fences: whoever no longer holds a job changes nothing, and no job takes a step that the domain does not know."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import pytest

from bot.domain.job import TRANSITIONS, Job, State
from bot.errors import LostLease
from tests.support.db_fixture import LEASE_MS, DbFixture

Move = Callable[[DbFixture, Job], Awaitable[Job]]


async def put_back(db: DbFixture, job: Job) -> Job:
    return await db.store.leases.reschedule(job, db.now + 1000)


async def turned_away(db: DbFixture, job: Job) -> Job:
    return await db.store.jobs.requeue(job, db.now + 1000)


async def finish(db: DbFixture, job: Job) -> Job:
    return await db.store.jobs.finish(job)


async def admit(db: DbFixture, job: Job) -> Job:
    admitted = await db.admit(job)
    assert admitted
    return admitted[0]


STEPS: Mapping[tuple[State, Move], State] = {
    (State.RECEIVED, DbFixture.charge): State.QUEUED,
    (State.QUEUED, admit): State.SUBMITTING,
    (State.SUBMITTING, DbFixture.accept): State.RUNNING,
    (State.SUBMITTING, turned_away): State.QUEUED,
    (State.RUNNING, DbFixture.succeed): State.READY,
    (State.RECEIVED, DbFixture.fail): State.FAILING,
    (State.QUEUED, DbFixture.fail): State.FAILING,
    (State.SUBMITTING, DbFixture.fail): State.FAILING,
    (State.RUNNING, DbFixture.fail): State.FAILING,
    (State.READY, finish): State.DONE,
    (State.FAILING, finish): State.FAILED,
    (State.FAILING, DbFixture.accept): State.RUNNING,
    (State.FAILED, DbFixture.accept): State.RUNNING,
    (State.DONE, DbFixture.show_again): State.READY,
}
"""Every step that the store offers, as the state before it, its function, and the state after it."""

MOVES = list(dict.fromkeys(move for _, move in STEPS))


FENCED: Mapping[str, tuple[Move, State]] = {
    "charge": (DbFixture.charge, State.RECEIVED),
    "turned_away": (turned_away, State.SUBMITTING),
    "succeed": (DbFixture.succeed, State.RUNNING),
    "fail, received": (DbFixture.fail, State.RECEIVED),
    "fail, submitting": (DbFixture.fail, State.SUBMITTING),
    "fail, running": (DbFixture.fail, State.RUNNING),
    "finish, ready": (finish, State.READY),
    "finish, failing": (finish, State.FAILING),
    "put_back, received": (put_back, State.RECEIVED),
    "put_back, submitting": (put_back, State.SUBMITTING),
    "put_back, running": (put_back, State.RUNNING),
    "put_back, ready": (put_back, State.READY),
    "put_back, failing": (put_back, State.FAILING),
}
every_fenced_move = pytest.mark.parametrize(("move", "state"), FENCED.values(), ids=FENCED.keys())


async def written_by_a_loser(db: DbFixture, move: Move, job: Job) -> list[str]:
    """Make a move that must find its lease lost; name the tables that it wrote all the same."""
    before = await db.everything()
    with pytest.raises(LostLease):
        await move(db, job)
    after = await db.everything()
    return [table for table in before if before[table] != after[table]]


@every_fenced_move
async def test_a_job_in_hand_can_be_moved(db: DbFixture, move: Move, state: State) -> None:
    moved = await move(db, await db.in_state(state))
    assert moved.lease is None
    assert moved == await db.get(moved.id)


@every_fenced_move
async def test_a_released_lease_is_lost(db: DbFixture, move: Move, state: State) -> None:
    job = await db.in_state(state)
    assert await db.store.leases.release("one", db.now) == 1
    assert await written_by_a_loser(db, move, job) == []


@every_fenced_move
async def test_a_job_that_another_process_has_claimed_is_lost(db: DbFixture, move: Move, state: State) -> None:
    job = await db.in_state(state)
    taken = await db.claim(job, lease="two")
    assert taken.lease == "two"
    assert await written_by_a_loser(db, move, job) == []


@every_fenced_move
async def test_a_job_that_the_same_process_has_claimed_again_is_lost(db: DbFixture, move: Move, state: State) -> None:
    job = await db.in_state(state)
    again = await db.claim(job, lease="one")
    assert (again.lease, again.epoch) == ("one", job.epoch + 1)
    assert await written_by_a_loser(db, move, job) == []


@every_fenced_move
async def test_a_job_of_another_state_is_lost(db: DbFixture, move: Move, state: State) -> None:
    job = await db.in_state(state)
    for other in set(State) - {state}:
        await db.db_write("update job set state = $2 where id = $1", job.id, other)
        assert await written_by_a_loser(db, move, job) == []


@every_fenced_move
async def test_a_job_that_was_given_back_is_lost(db: DbFixture, move: Move, state: State) -> None:
    job = await db.in_state(state)
    await put_back(db, job)
    assert await written_by_a_loser(db, move, job) == []


@every_fenced_move
async def test_a_job_seen_while_nobody_held_it_is_lost_once_it_was_claimed(
    db: DbFixture, move: Move, state: State
) -> None:
    seen = await put_back(db, await db.in_state(state))
    await db.claim(seen)
    assert await written_by_a_loser(db, move, seen) == []


@every_fenced_move
async def test_a_move_made_twice_is_made_once(db: DbFixture, move: Move, state: State) -> None:
    job = await db.in_state(state)
    await move(db, job)
    assert await written_by_a_loser(db, move, job) == []


@every_fenced_move
async def test_a_job_that_does_not_exist_is_lost(db: DbFixture, move: Move, state: State) -> None:
    job = await db.in_state(state)
    assert await written_by_a_loser(db, move, replace(job, id="nothing")) == []


async def test_a_waiting_job_that_was_admitted_meanwhile_is_not_cancelled(db: DbFixture) -> None:
    queued = await db.queued()
    (submitting,) = await db.admit(queued)
    assert await written_by_a_loser(db, DbFixture.fail, queued) == []
    again = await db.store.jobs.requeue(submitting, db.now)
    assert await written_by_a_loser(db, DbFixture.fail, queued) == []
    await db.fail(again)
    assert await db.ledger(queued) == [("reserve", 8), ("refund", -8)]


async def test_a_lost_lease_cannot_be_renewed(db: DbFixture) -> None:
    job = await db.in_state(State.READY)
    taken = await db.claim(job, lease="two")
    before = await db.everything()
    assert not await db.store.leases.renew(job, db.now + 10 * LEASE_MS)
    assert await db.everything() == before
    assert await db.store.leases.renew(taken, db.now + 10 * LEASE_MS)
    assert (await db.get(job.id)).due_ms == db.now + 10 * LEASE_MS


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", MOVES)
async def test_only_the_steps_of_the_domain_are_possible(db: DbFixture, state: State, move: Move) -> None:
    job = await db.in_state(state)
    if after := STEPS.get((state, move)):
        moved = await move(db, job)
        assert moved.state is after
        assert moved == await db.get(job.id)
        return
    before = await db.everything()
    with pytest.raises((LostLease, ValueError, AssertionError)):
        await move(db, job)
    assert await db.everything() == before


def test_every_step_of_the_domain_is_possible() -> None:
    steps = {(before, after) for (before, _), after in STEPS.items()}
    assert steps == {(before, after) for before, possible in TRANSITIONS.items() for after in possible}
