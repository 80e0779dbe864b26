"""The waiting line: its bounds hold whoever admits, and members take turns."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from bot.domain.job import Job, Kind, State
from tests.support.db_engines import Engine
from tests.support.db_fixture import HOUR_MS, MIRA, OTTO, DbFixture

UMA = 13


@pytest_asyncio.fixture(loop_scope="session")
async def stages(engine: Engine) -> AsyncGenerator[list[DbFixture]]:
    """Open the same file as three processes would."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(engine.open_store("shared")) for _ in range(3)]


async def line(db: DbFixture, *users: int, provider: str = "ttapi") -> list[Job]:
    """Let members queue up, one a second."""
    jobs: list[Job] = []
    for user in users:
        db.now += 1000
        jobs.append(await db.queued(user=user, provider=provider))
    return jobs


async def next_in_line(db: DbFixture, running: int = 100, per_user: int = 100, provider: str = "ttapi") -> list[str]:
    return await db.store.queue.next_in_line(provider, running, per_user, db.now)


def ids(jobs: list[Job]) -> list[str]:
    return [job.id for job in jobs]


async def at_provider(db: DbFixture) -> Counter[int]:
    rows = await db.database.fetch("select user_id from job where state in ('submitting', 'running')")
    return Counter(row["user_id"] for row in rows)


async def test_members_take_turns_and_who_asked_first_goes_first(db: DbFixture) -> None:
    m1, m2, m3, o1, o2, u1 = await line(db, MIRA, MIRA, MIRA, OTTO, OTTO, UMA)
    assert await next_in_line(db) == ids([m1, o1, u1, m2, o2, m3])


async def test_whoever_has_most_at_the_provider_goes_last(db: DbFixture) -> None:
    m1, m2, m3, o1 = await line(db, MIRA, MIRA, MIRA, OTTO)
    await db.admit(m1, m2)
    assert await next_in_line(db) == ids([o1, m3])


async def test_an_ended_job_no_longer_counts(db: DbFixture) -> None:
    m1, m2, o1 = await line(db, MIRA, MIRA, OTTO)
    (submitting,) = await db.admit(m1)
    await db.fail(submitting)
    assert await next_in_line(db) == ids([m2, o1])


async def test_places_follow_the_line_and_count_from_one(db: DbFixture) -> None:
    jobs = await line(db, MIRA, MIRA, MIRA, OTTO, OTTO, UMA)
    order = await next_in_line(db)
    assert [(job.id, place) for job, place in await db.store.queue.positions("ttapi", 10)] == [
        (job_id, place) for place, job_id in enumerate(order, 1)
    ]
    for job in jobs:
        assert await db.store.queue.position(job) == order.index(job.id) + 1
    assert len(await db.store.queue.positions("ttapi", 2)) == 2


@pytest.mark.parametrize("state", [state for state in State if state is not State.QUEUED])
async def test_a_job_that_does_not_wait_has_no_place(db: DbFixture, state: State) -> None:
    assert await db.store.queue.position(await db.in_state(state)) is None


async def test_each_provider_has_a_line_of_its_own(db: DbFixture) -> None:
    (here,) = await line(db, MIRA)
    (there,) = await line(db, MIRA, provider="acedata")
    assert sorted((await db.store.leases.look(db.now)).waited_for) == ["acedata", "ttapi"]
    assert await next_in_line(db, per_user=1) == [here.id]
    await db.admit(here)
    assert await next_in_line(db, running=1, per_user=1, provider="acedata") == [there.id]
    assert (await db.store.leases.look(db.now)).waited_for == ("acedata",)


async def test_no_more_are_admitted_than_may_run(db: DbFixture) -> None:
    jobs = await line(db, MIRA, OTTO, UMA, MIRA)
    assert ids(await db.admit(*jobs, running=2)) == ids(jobs[:2])
    assert await db.admit(*jobs, running=2) == []
    assert await next_in_line(db, running=2) == []
    assert await next_in_line(db, running=1) == []
    assert ids(await db.admit(*jobs, running=3)) == [jobs[2].id]


async def test_no_member_has_more_at_the_provider_than_they_may(db: DbFixture) -> None:
    jobs = await line(db, MIRA, MIRA, MIRA, OTTO)
    assert set(ids(await db.admit(*jobs, per_user=2))) == set(ids([jobs[0], jobs[1], jobs[3]]))
    assert await db.admit(*jobs, per_user=2) == []


async def test_a_running_job_counts_until_it_is_made(db: DbFixture) -> None:
    running = await db.running()
    (waiting,) = await line(db, MIRA)
    assert await next_in_line(db, per_user=1) == []
    await db.succeed(await db.claim(running))
    assert await next_in_line(db, per_user=1) == [waiting.id]


async def test_a_job_that_backs_off_is_not_admitted_before_it_is_due(db: DbFixture) -> None:
    job = await db.store.jobs.requeue(await db.submitting(), db.now + 60_000)
    assert (await db.store.leases.look(db.now)).next_due_ms == db.now + 60_000
    assert await next_in_line(db) == []
    assert await db.admit(job) == []
    db.now += 59_999
    assert await db.admit(job) == []
    db.now += 1
    assert await next_in_line(db) == [job.id]
    assert ids(await db.admit(job)) == [job.id]


async def test_a_job_that_backs_off_keeps_its_place_and_holds_up_nobody_else(db: DbFixture) -> None:
    job = await db.store.jobs.requeue(await db.submitting(), db.now + 60_000)
    (other,) = await line(db, OTTO)
    assert await db.store.queue.position(job) == 1
    assert await next_in_line(db, running=1) == [other.id]


async def test_waiting_jobs_that_do_not_back_off_give_no_time_to_wake_for(db: DbFixture) -> None:
    await line(db, MIRA)
    job = await db.store.jobs.requeue(await db.submitting(), db.now)
    assert (await db.store.leases.look(db.now)).next_due_ms is None
    assert await next_in_line(db) != []
    assert job.state is State.QUEUED


async def test_an_admitted_job_has_its_own_token_each_time(db: DbFixture) -> None:
    first = await db.submitting()
    again = await db.store.jobs.requeue(first, db.now)
    (second,) = await db.admit(again)
    assert second.client_token != first.client_token
    assert second.tries == 1


@pytest.mark.parametrize(("running", "per_user"), [(5, 2), (4, 4), (100, 1), (1, 1)])
async def test_the_bounds_hold_when_several_processes_admit_at_once(
    stages: list[DbFixture], running: int, per_user: int
) -> None:
    jobs = await line(stages[0], *[MIRA, OTTO, UMA] * 4)
    admitted = await asyncio.gather(
        *(
            db.admit(*jobs, lease=f"process {number}", running=running, per_user=per_user)
            for number, db in enumerate(stages * 3)
        )
    )
    seen = [job.id for some in admitted for job in some]
    assert len(seen) == len(set(seen)) == min(running, 3 * per_user)
    busy = await at_provider(stages[0])
    assert busy.total() == len(seen)
    assert max(busy.values()) <= per_user


async def test_an_admission_looks_at_the_bounds_again(stages: list[DbFixture]) -> None:
    here, there, _ = stages
    jobs = await line(here, MIRA, OTTO)
    there.now = here.now
    seen_by_both = await next_in_line(there, running=1)
    await here.admit(jobs[0], running=1)
    assert seen_by_both == [jobs[0].id]
    assert await there.admit(*jobs, running=1) == []


async def test_the_usual_time_is_the_median_of_recent_jobs_that_were_made(db: DbFixture) -> None:
    assert await db.store.queue.median_duration_ms("ttapi", Kind.VIDEO) is None
    for seconds in (60, 10, 600):
        job = await db.running()
        db.now += seconds * 1000
        await db.store.jobs.wake(job.id, db.now)
        await db.succeed(await db.claim(job))
    await db.failed()
    assert await db.store.queue.median_duration_ms("ttapi", Kind.VIDEO) == 60_000
    assert await db.store.queue.median_duration_ms("acedata", Kind.VIDEO) is None


async def test_jobs_that_cannot_be_extended_tell_the_usual_time_too(db: DbFixture) -> None:
    job = await db.running(provider="apimart")
    db.now += 60_000
    await db.store.jobs.wake(job.id, db.now)
    claimed = await db.claim(job)
    await db.store.jobs.succeed(claimed, ["https://cdn.example/1"], 8, db.now, extend_ref=None, provider_cost=None)
    assert await db.store.queue.median_duration_ms("apimart", Kind.VIDEO) == 60_000


async def test_a_back_off_that_a_wrong_clock_has_written_is_over(db: DbFixture) -> None:
    job = await db.store.jobs.requeue(await db.submitting(), db.now + 60_000)
    assert await db.store.queue.next_in_line("ttapi", 10, 10, db.now) == []
    assert await db.store.queue.next_in_line("ttapi", 10, 10, db.now - 6 * HOUR_MS) == [job.id]
