"""Links that send one byte a second hold up nobody but whoever gave them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.job import Job, Kind, State
from bot.domain.params import JobParams
from tests.support.worker_harness import WorkerHarness

SLOW, OTHER = 11, 12
"""Who gave slow links, and somebody else."""

AT_ONCE = 5
"""Seconds in which another member's film begins, however long the slow links take."""


class SlowHost:
    """Send a header, then one byte a second; count who is connected."""

    def __init__(self) -> None:
        self.connected = 0
        self.most = 0
        self._talks: set[asyncio.Task[None]] = set()
        self.changed = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncGenerator[tuple["SlowHost", str]]:
        host = cls()

        def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            host._talks.add(asyncio.ensure_future(host.talk(reader, writer)))

        server = await asyncio.start_server(begin, "127.0.0.1", 0)
        async with server:
            yield host, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            await host.hang_up()

    async def hang_up(self) -> None:
        """End all that is being sent, so that nobody has to wait for it."""
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connected += 1
        self.most = max(self.most, self.connected)
        self.changed.set()
        try:
            with suppress(ConnectionError):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
                while not reader.at_eof():
                    writer.write(b"\0")
                    await writer.drain()
                    await asyncio.sleep(1)
        finally:
            self.connected -= 1
            writer.close()

    async def until_connected(self, number: int) -> None:
        async with asyncio.timeout(AT_ONCE):
            while self.connected < number:
                self.changed.clear()
                await self.changed.wait()


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
