"""`/metrics`: answered on its own port, asked of the database rarely, and never waited for for long."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot.db.store import JobCounts
from bot.errors import DatabaseUnavailable, SettingsError
from bot.metrics import JobCount
from bot.metrics_page import FRESH_SECONDS, JobsUnderWay, build_page
from bot.prometheus import Prometheus
from bot.web import serving
from sandbox.harness import free_port
from tests.support.clock import clock_of
from tests.support.db_fixture import DbFixture


class Counting(JobCounts):
    """Count how often the database is asked; it answers as it is told."""

    def __init__(self, answer: Callable[[], Awaitable[list[JobCount]]]) -> None:
        self._answer = answer
        self.asked = 0

    async def under_way(self) -> list[JobCount]:
        self.asked += 1
        return await self._answer()


async def nothing() -> list[JobCount]:
    return []


async def unavailable() -> list[JobCount]:
    raise DatabaseUnavailable("disk I/O error")


async def never() -> list[JobCount]:
    await asyncio.Event().wait()
    return []


async def test_the_database_is_asked_once_in_some_seconds_however_many_ask() -> None:
    now, counts = 0.0, Counting(nothing)
    jobs = JobsUnderWay(counts, lambda: now)
    await asyncio.gather(*(jobs.count() for _ in range(20)))
    assert counts.asked == 1
    now += FRESH_SECONDS
    await jobs.count()
    assert counts.asked == 2


@pytest.mark.parametrize("answer", [unavailable, never])
async def test_a_database_that_does_not_answer_keeps_nobody_waiting(
    answer: Callable[[], Awaitable[list[JobCount]]],
) -> None:
    assert await JobsUnderWay(Counting(answer), read_seconds=0.01).count() is None


async def test_the_page_shows_the_jobs_that_have_not_ended(db: DbFixture) -> None:
    await db.done()
    await db.failed()
    await db.receive(request_id="another")
    app = build_page(Prometheus(clock_of(lambda: db.now)), JobsUnderWay(db.store.counts), clock_of(lambda: db.now))
    async with TestServer(app, host="127.0.0.1") as server, ClientSession() as session:
        async with session.get(server.make_url("/metrics")) as answer:
            assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
            page = await answer.text()
        async with session.get(server.make_url("/healthz")) as answer:
            assert answer.status == 404
    assert [line for line in page.splitlines() if line.startswith("animatic_jobs{")] == [
        'animatic_jobs{kind="video",provider="ttapi",state="received"} 1.0'
    ]


async def test_a_port_that_is_taken_is_told_by_its_setting() -> None:
    port, page = (
        free_port(),
        build_page(Prometheus(clock_of(lambda: 0)), JobsUnderWay(Counting(nothing)), clock_of(lambda: 0)),
    )
    async with serving(page, "127.0.0.1", port):
        with pytest.raises(SettingsError, match=r"^METRICS_PORT cannot be used on 127\.0\.0\.1"):
            async with serving(page, "127.0.0.1", port, port_setting="METRICS_PORT"):
                pass
