"""A bot on PostgreSQL whose server is away, locked or read only for a while: jobs wait, and nothing is lost."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from sandbox.harness import BotProcess, Sandbox
from sandbox.provider.model import faults
from tests.e2e.support.delivery import running
from tests.e2e.support.guild import Server, create_server, finished
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox
from tests.support.postgres_server import PostgresServer, connect, postgres_server

PATIENCE = 60
"""Seconds: a statement waits 10 s for a lock, and an answer is waited for longer."""


@dataclass
class World:
    """Hold the sandbox, its bot and the bot's own PostgreSQL."""

    sandbox: Sandbox
    bot: BotProcess
    postgres: PostgresServer

    async def read(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        connection = await connect(self.postgres.url())
        try:
            return [tuple(row) for row in await connection.fetch(sql, *values)]
        finally:
            await connection.close()

    async def write(self, *statements: str) -> None:
        """Change the server as its owner, who may even while it is read only."""
        connection = await connect(self.postgres.url())
        for statement in ("set default_transaction_read_only = off", *statements):
            await connection.execute(statement)
        await connection.close()

    async def healthy(self) -> tuple[int, str]:
        timeout = aiohttp.ClientTimeout(PATIENCE)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(f"{self.bot.url}/healthz") as answer:
            return answer.status, await answer.text()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[World]:
    folder: Path = tmp_path_factory.mktemp("postgres")
    with postgres_server() as postgres:
        async with start_sandbox(folder) as sandbox:
            hasten(sandbox)
            sandbox.settings.update(DATABASE_URL=postgres.url())
            async with sandbox.bot() as bot:
                await bot.healthy()
                yield World(sandbox, bot, postgres)
            assert sandbox.discord.violations == []


@pytest.fixture
def server(world: World) -> Server:
    return create_server(world.sandbox)


@asynccontextmanager
async def restarting(world: World) -> AsyncGenerator[None]:
    world.postgres.stop()
    try:
        yield
    finally:
        world.postgres.start()


@asynccontextmanager
async def killed(world: World) -> AsyncGenerator[None]:
    world.postgres.kill()
    try:
        yield
    finally:
        world.postgres.start()


@asynccontextmanager
async def read_only(world: World) -> AsyncGenerator[None]:
    await world.write("alter system set default_transaction_read_only = on", "select pg_reload_conf()")
    yield
    await world.write("alter system reset default_transaction_read_only", "select pg_reload_conf()")


@asynccontextmanager
async def locked(world: World) -> AsyncGenerator[None]:
    connection = await connect(world.postgres.url())
    await connection.execute("begin")
    await connection.execute("lock table job")
    yield
    await connection.close()


@asynccontextmanager
async def full_disk(world: World) -> AsyncGenerator[None]:
    """Let each write answer as it does on a full disk."""
    tables = [row[0] for row in await world.read("select tablename from pg_tables where schemaname = 'public'")]
    await world.write(
        """create function fail() returns trigger language plpgsql as $$ begin
               raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$""",
        *(f"create trigger fail before insert or update on {table} execute function fail()" for table in tables),
    )
    yield
    await world.write("drop function fail cascade")


FAULTS: dict[str, Callable[[World], Any]] = {
    "restarting": restarting,
    "killed": killed,
    "read only": read_only,
    "locked": locked,
    "full disk": full_disk,
}


async def told(world: World, healthy: bool) -> str:
    """Wait until /healthz says so, and give what it says."""

    async def ask() -> str | None:
        code, text = await world.healthy()
        return text if (code == 200) is healthy else None

    return await until(ask)


async def until(ask: Callable[[], Awaitable[str | None]]) -> str:
    async with asyncio.timeout(PATIENCE):
        while (found := await ask()) is None:  # noqa: ASYNC110  # another process says it
            await asyncio.sleep(0.1)
    return found


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.slow  # answers and locks are waited for
@pytest.mark.parametrize("fault", FAULTS)
async def test_while_the_server_fails_jobs_wait_and_then_end_once(world: World, server: Server, fault: str) -> None:
    submits = world.sandbox.provider.submits
    asked, card, job = await running(server, clips=1)
    async with FAULTS[fault](world):
        assert "The database does not answer" in await told(world, healthy=False)
        refused = await server.video(server.leo, clips=1)
        reply = await refused.private_reply(PATIENCE)
        assert reply.text.startswith("Something went wrong on my side. Nothing was charged.")
        assert refused.message is None
        world.sandbox.provider.release()
    await told(world, healthy=True)
    world.sandbox.provider.release()
    await asked.until(lambda message: message.buttons, PATIENCE)
    await finished(await server.video(server.leo, clips=1))
    assert (await server.credits(), await server.credits(server.leo)) == (22, 22)
    assert [message for message in server.channel.messages if f"job {job}" in message.text] == [card]
    assert world.sandbox.provider.submits == submits + 2
    lines = await world.read("select kind, amount from ledger where job_id = $1 order by at_ms", job)
    assert lines == [("reserve", 2), ("settle", 0)]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.slow  # what the provider said is tried to be written down again and again
async def test_the_providers_answer_that_comes_while_the_server_is_away_is_not_lost(
    world: World, server: Server
) -> None:
    submits = world.sandbox.provider.submits
    # Nobody but the process that holds it knows the id: no callback, and no list to look it up in.
    world.sandbox.provider.settings.list_shows_videos = False
    world.sandbox.provider.settings.hold = False
    world.sandbox.provider.next_submit(faults.Slow(1))
    asked = await server.video(clips=1)
    await world.sandbox.provider.until(lambda fake_provider: fake_provider.submits == submits + 1)
    async with restarting(world):
        await told(world, healthy=False)
        await asyncio.sleep(2)
    await asked.until(lambda message: message.buttons, PATIENCE)
    assert await server.credits() == 22
    assert world.sandbox.provider.submits == submits + 1
