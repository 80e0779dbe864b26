"""Links that send one byte a second hold up nobody but whoever gave them."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.job import Job, Kind, State
from bot.domain.params import JobParams
from tests.support.slow_host import SlowHost
from tests.support.worker_harness import WorkerHarness

SLOW, OTHER = 11, 12
"""Who gave slow links, and somebody else."""

AT_ONCE = 5
"""Seconds in which another member's film begins, however long the slow links take."""


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


async def film_of(harness: WorkerHarness, user: int) -> Job:
    """Ask for a film of a picture that comes at once."""
    return await harness.request(Kind.VIDEO, JobParams("a boat", clips=1, image=harness.image), user_id=user)


async def test_48_slow_links_of_one_member_do_not_keep_another_ones_film_waiting(harness: WorkerHarness) -> None:
    async with SlowHost.open() as (host, url), harness.working():
        slow = replace(harness.image, url=f"{url}/boat.png")
        for _ in range(48):
            await harness.request(Kind.VIDEO, JobParams("a boat", clips=1, image=slow), user_id=SLOW)
        await host.until_connected(2)
        async with asyncio.timeout(AT_ONCE):
            await harness.until_state(await film_of(harness, OTHER), State.RUNNING)
        assert host.most == 2
        await host.hang_up()


async def test_slow_results_of_one_member_do_not_keep_another_ones_film_waiting(harness: WorkerHarness) -> None:
    async with SlowHost.open() as (host, url):
        for number in range(48):
            await make_ready(harness, number, f"{url}/1.mp4")
        async with harness.working():
            await host.until_connected(2)
            async with asyncio.timeout(AT_ONCE):
                film = await harness.until_state(await film_of(harness, OTHER), State.RUNNING)
                await harness.advance_until_due(film)
                await harness.until_state(film, State.DONE)
            assert host.most == 2
            await host.hang_up()


async def make_ready(harness: WorkerHarness, number: int, link: str) -> None:
    """Write down a job of the member's whose clip is to be fetched."""
    job = await harness.request(Kind.VIDEO, JobParams("a boat", clips=1), user_id=SLOW)
    async with harness.db.transaction() as tx:
        await tx.fetch("update job set state = 'ready', remote_id = $2 where id = $1", job.id, f"slow {number}")
        await tx.fetch("insert into clip (job_id, slot, remote_url) values ($1, 0, $2)", job.id, link)
