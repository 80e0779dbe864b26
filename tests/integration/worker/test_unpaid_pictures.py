"""Nothing lasts before it is paid: who cannot pay makes us fetch nothing, and what was kept goes with the refusal."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.job import Job, Kind, State
from bot.domain.params import JobImageRef, JobParams
from bot.domain.periods import Period
from bot.errors import Cancelled, MediaFull, TooFewCredits
from bot.media import FileStore
from bot.providers.types import Submitted
from tests.support.db_fixture import room
from tests.support.scripted_provider import Script
from tests.support.worker_harness import WorkerHarness


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


def blend(harness: WorkerHarness, pictures: int = 5) -> JobParams:
    return JobParams("", motion=None, images=(harness.image,) * pictures)


def kept(harness: WorkerHarness, job: Job) -> list[str]:
    folder = harness.media.path(job.id)
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


async def leave_nothing(harness: WorkerHarness) -> None:
    """Let the member have spent the one credit that there was."""
    await harness.store.accounts.set_allowance(1, "member", 11, 1, harness.clock.now)
    async with harness.db.transaction() as tx:
        period = Period.DAY.key(harness.clock.now)
        await tx.fetch(
            """insert into account (guild_id, user_id, period, cap, used) values (1, 11, $1, 1, 1)
               on conflict do nothing""",
            period,
        )


async def test_who_cannot_pay_is_refused_before_anything_is_fetched(harness: WorkerHarness) -> None:
    await leave_nothing(harness)
    nowhere = replace(harness.image, url="http://127.0.0.1:1/nobody-listens.png")
    requests = [(Kind.BLEND, (nowhere,) * 5), (Kind.DESCRIBE, (nowhere,)), (Kind.VIDEO, ())]
    async with harness.working():
        for kind, images in requests:
            params = JobParams("a boat", images=images, image=None if images else nowhere)
            job = await harness.until_state(await harness.request(kind, params), State.FAILED)
            assert kept(harness, job) == []
    assert [code for code, _ in harness.publisher.told] == [TooFewCredits.code] * 3


async def test_the_servers_purse_is_looked_at_first_as_well(harness: WorkerHarness) -> None:
    async with harness.db.transaction() as tx:
        await tx.fetch("insert into guild (guild_id, server_credits, updated_ms) values (1, 1, 0)")
    nowhere = replace(harness.image, url="http://127.0.0.1:1/nobody-listens.png")
    async with harness.working():
        job = await harness.request(Kind.VIDEO, JobParams("a boat", image=nowhere))
        await harness.until_state(job, State.FAILED)
    assert [code for code, _ in harness.publisher.told] == ["server_out_of_credits"]


async def test_what_was_kept_goes_with_the_refusal_and_before_it_is_told(harness: WorkerHarness) -> None:
    seen: list[list[str]] = []
    tell = harness.publisher.tell_failure
    keep = harness.media.keep

    async def spend_meanwhile(name: str, data: bytes) -> str:
        await leave_nothing(harness)
        return await keep(name, data)

    async def look_and_tell(job: Job) -> bool:
        seen.append(kept(harness, job))
        return await tell(job)

    harness.media.keep = spend_meanwhile
    harness.publisher.tell_failure = look_and_tell
    async with harness.working():
        await harness.until_state(await harness.request(Kind.BLEND, blend(harness)), State.FAILED)
    assert harness.publisher.told == [(TooFewCredits.code, {"needed": 1, "left": 0, "renews_ms": job_renews(harness)})]
    assert seen == [[]]


def job_renews(harness: WorkerHarness) -> int:
    """Tell when the member's credits renew: with the next day."""
    day_ms = 24 * 3_600_000
    return (harness.clock.now // day_ms + 1) * day_ms


async def test_a_block_while_pictures_are_fetched_leaves_nothing_of_them(harness: WorkerHarness) -> None:
    keep = harness.media.keep
    kept_late = asyncio.Event()

    async def keep_after_the_end(name: str, data: bytes) -> str:
        if not kept_late.is_set():
            await harness.store.accounts.set_allowance(1, "member", 11, 0, harness.clock.now)
            harness.wake()
            await harness.until_state(job, State.FAILED)
            kept_late.set()
        return await keep(name, data)

    harness.media.keep = keep_after_the_end
    async with harness.working():
        job = await harness.request(Kind.BLEND, blend(harness))
        await kept_late.wait()
    assert kept(harness, job) == []
    assert [code for code, _ in harness.publisher.told] == [Cancelled.code]


async def test_a_process_that_dies_after_the_refusal_leaves_the_pictures_to_the_next(harness: WorkerHarness) -> None:
    job = await harness.request(Kind.BLEND, blend(harness))
    [claimed] = await harness.store.leases.claim("dead", harness.clock.now, harness.clock.now, room(1))
    await harness.media.keep(f"{job.id}/given0", b"x")
    await harness.store.jobs.fail(claimed, TooFewCredits(1, 0, None), harness.clock.now)
    async with harness.working():
        await harness.until_state(job, State.FAILED)
    assert kept(harness, job) == []


async def test_a_process_that_dies_before_the_refusal_is_followed_by_one_that_refuses(harness: WorkerHarness) -> None:
    await leave_nothing(harness)
    job = await harness.request(Kind.BLEND, blend(harness))
    await harness.store.leases.claim("dead", harness.clock.now, harness.clock.now, room(1))
    await harness.media.keep(f"{job.id}/given0", b"x")
    async with harness.working():
        await harness.until_state(job, State.FAILED)
    assert kept(harness, job) == []


async def two_running(harness: WorkerHarness) -> Job:
    """Let two jobs run, behind which all others wait; gives one of them."""
    harness.provider.submits = Script(Submitted("remote 1"), Submitted("remote 2"))
    first, second = [await harness.request_video() for _ in range(2)]
    await harness.until_state(first, State.RUNNING)
    return await harness.until_state(second, State.RUNNING)


async def test_what_was_taken_back_while_it_waited_leaves_nothing(harness: WorkerHarness) -> None:
    async with harness.working():
        running = await two_running(harness)
        waiting = await harness.until_state(await harness.request_video(), State.QUEUED)
        assert kept(harness, waiting) == ["start.png"]
        await harness.store.jobs.fail(waiting, Cancelled(11), harness.clock.now)
        harness.wake()
        await harness.until_state(waiting, State.FAILED)
        assert kept(harness, waiting) == []
        assert kept(harness, running) == ["start.png"]


async def test_a_picture_that_another_card_shows_stays(harness: WorkerHarness) -> None:
    async with harness.working():
        await two_running(harness)
        lender = await harness.until_state(await harness.request_video(), State.QUEUED)
        borrows = JobParams("a boat", job_image=JobImageRef(lender.id, "start"))
        await harness.until_state(await harness.request(Kind.VIDEO, borrows), State.QUEUED)
        await harness.store.jobs.fail(lender, Cancelled(11), harness.clock.now)
        harness.wake()
        await harness.until_state(lender, State.FAILED)
    assert kept(harness, lender) == ["start.png"]


async def test_a_full_store_refuses_new_pictures_and_keeps_what_is_paid_for(harness: WorkerHarness) -> None:
    harness.media = FileStore(harness.media.path("x").parent, most_bytes=1)
    async with harness.working():
        paid = await harness.until_state(
            await harness.request(Kind.IMAGINE, JobParams("a boat", motion=None)), State.RUNNING
        )
        await harness.media.keep("full", b"x")
        job = await harness.until_state(await harness.request_video(), State.FAILED)
        await harness.advance_until_due(paid)
        await harness.until_state(paid, State.DONE)
    assert [code for code, _ in harness.publisher.told] == [MediaFull.code]
    assert kept(harness, job) == []
    assert kept(harness, paid) == ["1.png", "2.png", "3.png", "4.png", "thumb.jpg"]


async def test_a_refusal_that_could_not_be_told_has_left_nothing(harness: WorkerHarness) -> None:
    harness.publisher.failures = Script(RuntimeError("Discord is away"), True)
    job = await harness.request(Kind.BLEND, blend(harness))
    [claimed] = await harness.store.leases.claim("dead", harness.clock.now, harness.clock.now, room(1))
    await harness.media.keep(f"{job.id}/given0", b"x")
    await harness.store.jobs.fail(claimed, TooFewCredits(1, 0, None), harness.clock.now)
    async with harness.working():
        await harness.until_rescheduled(job, 1)
        assert kept(harness, job) == []
