"""The waiting line: its bounds hold whoever admits, and members take turns."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.domain.job import Job, Kind, State
from tests.support.db_fixture import MIRA, OTTO, Stage, open_stage

UMA = 13


@pytest.fixture
async def stages(tmp_path: Path) -> AsyncGenerator[list[Stage]]:
    """Open the same file as three processes would."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(open_stage(tmp_path / "shared.db")) for _ in range(3)]


async def line(stage: Stage, *users: int, provider: str = "ttapi") -> list[Job]:
    """Let members queue up, one a second."""
    jobs: list[Job] = []
    for user in users:
        stage.now += 1000
        jobs.append(await stage.queued(user=user, provider=provider))
    return jobs


async def next_in_line(stage: Stage, running: int = 100, per_user: int = 100, provider: str = "ttapi") -> list[str]:
    return await stage.store.queue.next_in_line(provider, running, per_user, stage.now)


def ids(jobs: list[Job]) -> list[str]:
    return [job.id for job in jobs]


async def at_provider(stage: Stage) -> Counter[int]:
    rows = await stage.db.fetch("select user_id from job where state in ('submitting', 'running')")
    return Counter(row["user_id"] for row in rows)


async def test_members_take_turns_and_who_asked_first_goes_first(stage: Stage) -> None:
    m1, m2, m3, o1, o2, u1 = await line(stage, MIRA, MIRA, MIRA, OTTO, OTTO, UMA)
    assert await next_in_line(stage) == ids([m1, o1, u1, m2, o2, m3])


async def test_whoever_has_most_at_the_provider_goes_last(stage: Stage) -> None:
    m1, m2, m3, o1 = await line(stage, MIRA, MIRA, MIRA, OTTO)
    await stage.admit(m1, m2)
    assert await next_in_line(stage) == ids([o1, m3])


async def test_an_ended_job_no_longer_counts(stage: Stage) -> None:
    m1, m2, o1 = await line(stage, MIRA, MIRA, OTTO)
    (submitting,) = await stage.admit(m1)
    await stage.fail(submitting)
    assert await next_in_line(stage) == ids([m2, o1])


async def test_places_follow_the_line_and_count_from_one(stage: Stage) -> None:
    jobs = await line(stage, MIRA, MIRA, MIRA, OTTO, OTTO, UMA)
    order = await next_in_line(stage)
    assert [(job.id, place) for job, place in await stage.store.queue.positions("ttapi", 10)] == [
        (job_id, place) for place, job_id in enumerate(order, 1)
    ]
    for job in jobs:
        assert await stage.store.queue.position(job) == order.index(job.id) + 1
    assert len(await stage.store.queue.positions("ttapi", 2)) == 2


@pytest.mark.parametrize("state", [state for state in State if state is not State.QUEUED])
async def test_a_job_that_does_not_wait_has_no_place(stage: Stage, state: State) -> None:
    assert await stage.store.queue.position(await stage.in_state(state)) is None


async def test_each_provider_has_a_line_of_its_own(stage: Stage) -> None:
    (here,) = await line(stage, MIRA)
    (there,) = await line(stage, MIRA, provider="acedata")
    assert sorted(await stage.store.queue.providers()) == ["acedata", "ttapi"]
    assert await next_in_line(stage, per_user=1) == [here.id]
    await stage.admit(here)
    assert await next_in_line(stage, running=1, per_user=1, provider="acedata") == [there.id]
    assert await stage.store.queue.providers() == ["acedata"]


async def test_no_more_are_admitted_than_may_run(stage: Stage) -> None:
    jobs = await line(stage, MIRA, OTTO, UMA, MIRA)
    assert ids(await stage.admit(*jobs, running=2)) == ids(jobs[:2])
    assert await stage.admit(*jobs, running=2) == []
    assert await next_in_line(stage, running=2) == []
    assert await next_in_line(stage, running=1) == []
    assert ids(await stage.admit(*jobs, running=3)) == [jobs[2].id]


async def test_no_member_has_more_at_the_provider_than_they_may(stage: Stage) -> None:
    jobs = await line(stage, MIRA, MIRA, MIRA, OTTO)
    assert set(ids(await stage.admit(*jobs, per_user=2))) == set(ids([jobs[0], jobs[1], jobs[3]]))
    assert await stage.admit(*jobs, per_user=2) == []


async def test_a_running_job_counts_until_it_is_made(stage: Stage) -> None:
    running = await stage.running()
    (waiting,) = await line(stage, MIRA)
    assert await next_in_line(stage, per_user=1) == []
    await stage.succeed(await stage.claim(running))
    assert await next_in_line(stage, per_user=1) == [waiting.id]


async def test_a_job_that_backs_off_is_not_admitted_before_it_is_due(stage: Stage) -> None:
    job = await stage.store.jobs.requeue(await stage.submitting(), stage.now + 60_000)
    assert await stage.store.queue.next_due_ms(stage.now) == stage.now + 60_000
    assert await next_in_line(stage) == []
    assert await stage.admit(job) == []
    stage.now += 59_999
    assert await stage.admit(job) == []
    stage.now += 1
    assert await next_in_line(stage) == [job.id]
    assert ids(await stage.admit(job)) == [job.id]


async def test_a_job_that_backs_off_keeps_its_place_and_holds_up_nobody_else(stage: Stage) -> None:
    job = await stage.store.jobs.requeue(await stage.submitting(), stage.now + 60_000)
    (other,) = await line(stage, OTTO)
    assert await stage.store.queue.position(job) == 1
    assert await next_in_line(stage, running=1) == [other.id]


async def test_waiting_jobs_that_do_not_back_off_give_no_time_to_wake_for(stage: Stage) -> None:
    await line(stage, MIRA)
    job = await stage.store.jobs.requeue(await stage.submitting(), stage.now)
    assert await stage.store.queue.next_due_ms(stage.now) is None
    assert await next_in_line(stage) != []
    assert job.state is State.QUEUED


async def test_an_admitted_job_has_its_own_token_each_time(stage: Stage) -> None:
    first = await stage.submitting()
    again = await stage.store.jobs.requeue(first, stage.now)
    (second,) = await stage.admit(again)
    assert second.client_token != first.client_token
    assert second.tries == 1


@pytest.mark.parametrize(("running", "per_user"), [(5, 2), (4, 4), (100, 1), (1, 1)])
async def test_the_bounds_hold_when_several_processes_admit_at_once(
    stages: list[Stage], running: int, per_user: int
) -> None:
    jobs = await line(stages[0], *[MIRA, OTTO, UMA] * 4)
    admitted = await asyncio.gather(
        *(
            stage.admit(*jobs, lease=f"process {number}", running=running, per_user=per_user)
            for number, stage in enumerate(stages * 3)
        )
    )
    seen = [job.id for some in admitted for job in some]
    assert len(seen) == len(set(seen)) == min(running, 3 * per_user)
    busy = await at_provider(stages[0])
    assert busy.total() == len(seen)
    assert max(busy.values()) <= per_user


async def test_an_admission_looks_at_the_bounds_again(stages: list[Stage]) -> None:
    here, there, _ = stages
    jobs = await line(here, MIRA, OTTO)
    there.now = here.now
    seen_by_both = await next_in_line(there, running=1)
    await here.admit(jobs[0], running=1)
    assert seen_by_both == [jobs[0].id]
    assert await there.admit(*jobs, running=1) == []


async def test_the_usual_time_is_the_median_of_recent_jobs_that_were_made(stage: Stage) -> None:
    assert await stage.store.queue.median_duration_ms("ttapi", Kind.VIDEO) is None
    for seconds in (60, 10, 600):
        job = await stage.running()
        stage.now += seconds * 1000
        await stage.store.jobs.wake(job.id, stage.now)
        await stage.succeed(await stage.claim(job))
    await stage.failed()
    assert await stage.store.queue.median_duration_ms("ttapi", Kind.VIDEO) == 60_000
    assert await stage.store.queue.median_duration_ms("acedata", Kind.VIDEO) is None


async def test_jobs_that_cannot_be_extended_tell_the_usual_time_too(stage: Stage) -> None:
    job = await stage.running(provider="apimart")
    stage.now += 60_000
    await stage.store.jobs.wake(job.id, stage.now)
    claimed = await stage.claim(job)
    await stage.store.jobs.succeed(
        claimed, ["https://cdn.example/1"], 8, stage.now, extend_ref=None, provider_cost=None
    )
    assert await stage.store.queue.median_duration_ms("apimart", Kind.VIDEO) == 60_000
