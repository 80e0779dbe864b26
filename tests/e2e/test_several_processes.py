"""Several bots on one PostgreSQL: killed, frozen, called back at each other, and never more at work than allowed."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox.harness import BotProcess, Sandbox, free_port
from sandbox.provider.model import faults
from tests.e2e.support.delivery import logged, only_card, running
from tests.e2e.support.guild import Server, create_server, finished
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox
from tests.support.lease_holders import HOLDERS, address_of, number_of
from tests.support.postgres_server import connect, shared_databases

pytestmark = pytest.mark.slow  # bots are started, and some stand still for longer than their locks last

TAKEN_OVER_SECONDS = 15
"""Within so long another process has what a killed one had in hand; its lease would last for 90 seconds."""

FROZEN_SECONDS = 10
"""Longer than the server keeps a silent connection."""


async def until(is_so: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    """Ask again and again, for other processes change what is asked for."""
    async with asyncio.timeout(seconds):
        while not await is_so():  # noqa: ASYNC110  # they tell nobody
            await asyncio.sleep(0.05)


@dataclass
class Several:
    """Hold the bots and what they share."""

    sandbox: Sandbox
    bots: list[BotProcess]
    database: Any
    server: Server

    async def ask(self, sql: str) -> list[Any]:
        """Read from the bots' database."""
        return await self.database.fetch(sql)

    async def holder(self) -> tuple[BotProcess, BotProcess]:
        """Wait until one has a job in hand; gives that one and another one."""
        names: list[Any] = []

        async def somebody_has_one() -> bool:
            names[:] = await self.ask(HOLDERS)
            return bool(names)

        await until(somebody_has_one)
        holder = number_of(names[0]["name"])
        return self.bots[holder], self.bots[holder - 1]

    async def job(self) -> Any:
        """Read the one job."""
        [job] = await self.ask("select * from job")
        return job

    async def taken_from(self, epoch: int) -> None:
        """Wait until another process has claimed the job."""

        async def is_taken() -> bool:
            return (await self.job())["epoch"] != epoch

        await until(is_taken, TAKEN_OVER_SECONDS)

    async def charged_once(self, clips: int) -> None:
        """Make sure that nothing was doubled."""
        card = await only_card(self.server, clips)
        assert len({media.url for media in card.media if media.where == "gallery"}) == clips
        assert self.sandbox.provider.submits == 1
        lines = await self.ask("select kind, amount from ledger order by id")
        assert [(line["kind"], line["amount"]) for line in lines] == [("reserve", 2 * clips), ("settle", 0)]
        assert self.sandbox.discord.violations == []


@asynccontextmanager
async def several(folder: Path, number: int = 2, **settings: str) -> AsyncGenerator[Several]:
    """Run bots on one database; the provider calls the next one back in place of who asked it."""
    async with shared_databases().new() as url, start_sandbox(folder) as sandbox, AsyncExitStack() as stack:
        hasten(sandbox)
        ports = [free_port() for _ in range(number)]
        bots: list[BotProcess] = []
        for place, port in enumerate(ports):
            neighbour = f"http://127.0.0.1:{ports[(place + 1) % number]}"
            own = {"DATABASE_URL": address_of(url, place), "PUBLIC_URL": neighbour, **settings}
            bots.append(await stack.enter_async_context(sandbox.bot(port=port, settings=own)))
        for bot in bots:
            await bot.healthy()
        database = await connect(url)
        stack.push_async_callback(database.close)
        yield Several(sandbox, bots, database, create_server(sandbox))


async def delivering(several: Several, seconds: float) -> int:
    """Bring a job to its delivery, which takes a while; gives its epoch."""
    await running(several.server, clips=2)
    several.sandbox.provider.settings.download_fault = faults.Slow(seconds)
    several.sandbox.provider.release()

    async def is_delivered() -> bool:
        job = await several.job()
        return job["state"] == "ready" and job["lease"] is not None

    await until(is_delivered)
    return (await several.job())["epoch"]


async def test_what_a_killed_process_had_in_hand_is_free_at_once_and_another_one_ends_it(tmp_path: Path) -> None:
    async with several(tmp_path) as both:
        epoch = await delivering(both, 4)
        holder, _ = await both.holder()
        await holder.kill()
        both.sandbox.provider.settings.download_fault = None
        await both.taken_from(epoch)
        await both.charged_once(2)


async def test_a_process_that_stood_still_finds_that_it_lost_everything_takes_a_new_name_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    async with several(tmp_path) as both:
        epoch = await delivering(both, 4)
        holder, _ = await both.holder()
        holder.process.send_signal(signal.SIGSTOP)
        try:
            both.sandbox.provider.settings.download_fault = None
            await asyncio.sleep(FROZEN_SECONDS)
            await both.taken_from(epoch)
        finally:
            holder.process.send_signal(signal.SIGCONT)
        await logged(both.sandbox, "this process has a new name")
        await both.charged_once(2)
        await holder.healthy()
        await finished(await both.server.video(both.server.leo, clips=1))
        assert both.sandbox.provider.submits == 2


async def test_a_process_that_stood_still_while_it_submitted_sends_nothing_twice(tmp_path: Path) -> None:
    async with several(tmp_path) as both:
        both.sandbox.provider.next_submit(faults.Slow(3))
        both.sandbox.provider.settings.hold = True
        await both.server.video(clips=1)
        await both.sandbox.provider.until(lambda provider: provider.submits == 1)
        holder, _ = await both.holder()
        epoch = (await both.job())["epoch"]
        holder.process.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(FROZEN_SECONDS)
            await both.taken_from(epoch)
        finally:
            holder.process.send_signal(signal.SIGCONT)
        both.sandbox.provider.release()
        await both.charged_once(1)


async def test_a_callback_may_come_to_any_process(tmp_path: Path) -> None:
    # A poll alone would come too late for this test.
    async with several(tmp_path, POLL_SECONDS="600") as both:
        for who in (both.server.mira, both.server.leo, both.server.ada):
            await finished(await both.server.video(who, clips=1))
        assert both.sandbox.provider.submits == 3


async def test_no_more_jobs_are_at_the_provider_than_allowed_however_many_processes_work(tmp_path: Path) -> None:
    async with several(tmp_path, MAX_RUNNING="2") as both:
        both.sandbox.provider.settings.hold = True
        asked = [await both.server.video(who, clips=1) for who in [both.server.mira, both.server.leo] * 3]

        async def is_full() -> bool:
            states = dict(await both.ask("select state, count(*) from job group by state"))
            return states == {"queued": 4, "running": 2}

        await until(is_full)
        await asyncio.sleep(2)
        assert both.sandbox.provider.submits == 2
        both.sandbox.provider.release()
        for one in asked:
            await finished(one)
        assert both.sandbox.provider.submits == 6
