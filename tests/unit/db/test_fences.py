"""The fences: whoever no longer holds a job changes nothing, and no job takes a step that the domain does not know."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import pytest

from bot.domain.job import TRANSITIONS, Job, State
from bot.errors import LostLease
from tests.support.db_fixture import LEASE_MS, Stage

Move = Callable[[Stage, Job], Awaitable[Job]]


async def put_back(stage: Stage, job: Job) -> Job:
    return await stage.store.leases.reschedule(job, stage.now + 1000)


async def turned_away(stage: Stage, job: Job) -> Job:
    return await stage.store.jobs.requeue(job, stage.now + 1000)


async def finish(stage: Stage, job: Job) -> Job:
    return await stage.store.jobs.finish(job)


async def admit(stage: Stage, job: Job) -> Job:
    admitted = await stage.admit(job)
    assert admitted
    return admitted[0]


STEPS: Mapping[tuple[State, Move], State] = {
    (State.RECEIVED, Stage.charge): State.QUEUED,
    (State.QUEUED, admit): State.SUBMITTING,
    (State.SUBMITTING, Stage.accept): State.RUNNING,
    (State.SUBMITTING, turned_away): State.QUEUED,
    (State.RUNNING, Stage.succeed): State.READY,
    (State.RECEIVED, Stage.fail): State.FAILING,
    (State.QUEUED, Stage.fail): State.FAILING,
    (State.SUBMITTING, Stage.fail): State.FAILING,
    (State.RUNNING, Stage.fail): State.FAILING,
    (State.READY, finish): State.DONE,
    (State.FAILING, finish): State.FAILED,
    (State.FAILING, Stage.accept): State.RUNNING,
    (State.FAILED, Stage.accept): State.RUNNING,
    (State.DONE, Stage.show_again): State.READY,
}
"""Every step that the store offers, as the state before it, its function, and the state after it."""

MOVES = list(dict.fromkeys(move for _, move in STEPS))


FENCED: Mapping[str, tuple[Move, State]] = {
    "charge": (Stage.charge, State.RECEIVED),
    "turned_away": (turned_away, State.SUBMITTING),
    "succeed": (Stage.succeed, State.RUNNING),
    "fail, received": (Stage.fail, State.RECEIVED),
    "fail, submitting": (Stage.fail, State.SUBMITTING),
    "fail, running": (Stage.fail, State.RUNNING),
    "finish, ready": (finish, State.READY),
    "finish, failing": (finish, State.FAILING),
    "put_back, received": (put_back, State.RECEIVED),
    "put_back, submitting": (put_back, State.SUBMITTING),
    "put_back, running": (put_back, State.RUNNING),
    "put_back, ready": (put_back, State.READY),
    "put_back, failing": (put_back, State.FAILING),
}
every_fenced_move = pytest.mark.parametrize(("move", "state"), FENCED.values(), ids=FENCED.keys())


async def written_by_a_loser(stage: Stage, move: Move, job: Job) -> list[str]:
    """Make a move that must find its lease lost; name the tables that it wrote all the same."""
    before = await stage.everything()
    with pytest.raises(LostLease):
        await move(stage, job)
    after = await stage.everything()
    return [table for table in before if before[table] != after[table]]


@every_fenced_move
async def test_a_job_in_hand_can_be_moved(stage: Stage, move: Move, state: State) -> None:
    moved = await move(stage, await stage.in_state(state))
    assert moved.lease is None
    assert moved == await stage.get(moved.id)


@every_fenced_move
async def test_a_released_lease_is_lost(stage: Stage, move: Move, state: State) -> None:
    job = await stage.in_state(state)
    assert await stage.store.leases.release("one", stage.now) == 1
    assert await written_by_a_loser(stage, move, job) == []


@every_fenced_move
async def test_a_job_that_another_process_has_claimed_is_lost(stage: Stage, move: Move, state: State) -> None:
    job = await stage.in_state(state)
    taken = await stage.claim(job, lease="two")
    assert taken.lease == "two"
    assert await written_by_a_loser(stage, move, job) == []


@every_fenced_move
async def test_a_job_that_the_same_process_has_claimed_again_is_lost(stage: Stage, move: Move, state: State) -> None:
    job = await stage.in_state(state)
    again = await stage.claim(job, lease="one")
    assert (again.lease, again.epoch) == ("one", job.epoch + 1)
    assert await written_by_a_loser(stage, move, job) == []


@every_fenced_move
async def test_a_job_of_another_state_is_lost(stage: Stage, move: Move, state: State) -> None:
    job = await stage.in_state(state)
    for other in set(State) - {state}:
        await stage.db_write("update job set state = $2 where id = $1", job.id, other)
        assert await written_by_a_loser(stage, move, job) == []


@every_fenced_move
async def test_a_job_that_was_given_back_is_lost(stage: Stage, move: Move, state: State) -> None:
    job = await stage.in_state(state)
    await put_back(stage, job)
    assert await written_by_a_loser(stage, move, job) == []


@every_fenced_move
async def test_a_job_seen_while_nobody_held_it_is_lost_once_it_was_claimed(
    stage: Stage, move: Move, state: State
) -> None:
    seen = await put_back(stage, await stage.in_state(state))
    await stage.claim(seen)
    assert await written_by_a_loser(stage, move, seen) == []


@every_fenced_move
async def test_a_move_made_twice_is_made_once(stage: Stage, move: Move, state: State) -> None:
    job = await stage.in_state(state)
    await move(stage, job)
    assert await written_by_a_loser(stage, move, job) == []


@every_fenced_move
async def test_a_job_that_does_not_exist_is_lost(stage: Stage, move: Move, state: State) -> None:
    job = await stage.in_state(state)
    assert await written_by_a_loser(stage, move, replace(job, id="nothing")) == []


async def test_a_waiting_job_that_was_admitted_meanwhile_is_not_cancelled(stage: Stage) -> None:
    queued = await stage.queued()
    (submitting,) = await stage.admit(queued)
    assert await written_by_a_loser(stage, Stage.fail, queued) == []
    again = await stage.store.jobs.requeue(submitting, stage.now)
    assert await written_by_a_loser(stage, Stage.fail, queued) == []
    await stage.fail(again)
    assert await stage.ledger(queued) == [("reserve", 8), ("refund", -8)]


async def test_a_lost_lease_cannot_be_renewed(stage: Stage) -> None:
    job = await stage.in_state(State.READY)
    taken = await stage.claim(job, lease="two")
    before = await stage.everything()
    assert not await stage.store.leases.renew(job, stage.now + 10 * LEASE_MS)
    assert await stage.everything() == before
    assert await stage.store.leases.renew(taken, stage.now + 10 * LEASE_MS)
    assert (await stage.get(job.id)).due_ms == stage.now + 10 * LEASE_MS


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", MOVES)
async def test_only_the_steps_of_the_domain_are_possible(stage: Stage, state: State, move: Move) -> None:
    job = await stage.in_state(state)
    if after := STEPS.get((state, move)):
        moved = await move(stage, job)
        assert moved.state is after
        assert moved == await stage.get(job.id)
        return
    before = await stage.everything()
    with pytest.raises((LostLease, ValueError, AssertionError)):
        await move(stage, job)
    assert await stage.everything() == before


def test_every_step_of_the_domain_is_possible() -> None:
    steps = {(before, after) for (before, _), after in STEPS.items()}
    assert steps == {(before, after) for before, possible in TRANSITIONS.items() for after in possible}
