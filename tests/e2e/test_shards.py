"""Several processes share the shards: who comes gets its part; what a killed or stopped one had goes on elsewhere."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from sandbox.discord import Guild, User
from sandbox.harness import BotProcess, Sandbox
from tests.e2e.support.delivery import rows, running
from tests.e2e.support.guild import create_server, finished
from tests.e2e.test_restart import hasten
from tests.support.fork_server import start_sandbox

pytestmark = pytest.mark.slow

STANDS_BY = "ok\nIt stands by: other processes hold all shards. It works on jobs.\n"

NOTICE_SECONDS = 10
"""How long it may take until others see that a process was killed."""


@asynccontextmanager
async def processes(folder: Path, number: int, *, shards: int) -> AsyncGenerator[tuple[Sandbox, list[BotProcess]]]:
    """Start processes at the same time, on one Discord that keeps their sessions one second apart."""
    async with start_sandbox(folder) as sandbox, AsyncExitStack() as stack:
        hasten(sandbox)
        knobs = sandbox.discord.knobs
        knobs.recommended_shards, knobs.identify_seconds = shards, 1
        # So that a second process comes while the first one registers the commands.
        sandbox.discord.faults.delay("PUT", "/commands", 3)
        bots = await asyncio.gather(*(stack.enter_async_context(sandbox.bot()) for _ in range(number)))
        for bot in bots:
            await bot.healthy()
        yield sandbox, bots
        assert sandbox.discord.violations == []
        assert "Traceback" not in sandbox.log.read_text()


async def health(bot: BotProcess) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"{bot.url}/healthz") as answer:
        return await answer.text()


async def served(sandbox: Sandbox, shards: int, timeout: float = NOTICE_SECONDS) -> float:
    """Wait until each shard has exactly one session again; tells how long that took. Seconds."""
    loop = asyncio.get_running_loop()
    began = loop.time()

    def each_once() -> bool:
        live = [session.shard_id for session in sandbox.discord.gateway.sessions.values() if session.connection]
        return sorted(live) == list(range(shards))

    await sandbox.discord.gateway.wait_for(each_once, timeout, lambda: "not each shard has one session")
    return loop.time() - began


async def answered(sandbox: Sandbox, guilds: list[Guild], mira: User) -> None:
    for guild in guilds:
        used = await mira.slash(guild.text_channel("films"), "credits")
        await asyncio.wait_for(used.answered(), NOTICE_SECONDS)


async def test_with_one_shard_the_second_process_stands_by_and_goes_on_when_the_first_is_killed(tmp_path: Path) -> None:
    async with processes(tmp_path, 2, shards=1) as (sandbox, bots):
        server = create_server(sandbox)
        told = [await health(bot) for bot in bots]
        assert sorted(told) == ["ok\n", STANDS_BY]
        registrations = [
            request
            for request in sandbox.discord.requests
            if request.method == "PUT" and request.path.endswith("/commands")
        ]
        assert len(registrations) == 1
        holder, other = bots if told[1] == STANDS_BY else reversed(bots)
        asked, _, _ = await running(server, clips=1)
        await holder.kill()
        await served(sandbox, 1)
        assert await server.credits() == 22
        sandbox.provider.release()
        await finished(asked)
        await other.healthy()
        assert await health(other) == "ok\n"
        assert rows(sandbox, "select count(*) from job") == [(1,)]
        assert sandbox.provider.submits == 1


async def test_the_shards_of_a_stopped_process_are_handed_over_and_a_newcomer_gets_its_part(tmp_path: Path) -> None:
    async with processes(tmp_path, 2, shards=4) as (sandbox, bots):
        gateway = sandbox.discord.gateway
        await served(sandbox, 4)
        guilds = [sandbox.discord.guild(f"server {number}", guild_id=(1000 + number) << 22) for number in range(4)]
        mira = sandbox.discord.user("mira")
        for guild in guilds:
            guild.join(mira)
        await answered(sandbox, guilds, mira)
        least = 4

        def count() -> bool:
            nonlocal least
            least = min(least, sum(session.connection is not None for session in gateway.sessions.values()))
            return False

        watching = asyncio.create_task(gateway.wait_for(count, 60, lambda: ""))
        assert await bots[0].stop() == 0
        await served(sandbox, 4)
        watching.cancel()
        assert least >= 3, "more than one shard was on its way"
        await answered(sandbox, guilds, mira)
        async with sandbox.bot() as newcomer:
            await newcomer.healthy()
            await gateway.wait_for(lambda: gateway.identifies >= 8, NOTICE_SECONDS, lambda: "nothing moved")
            await served(sandbox, 4)
            await bots[1].kill()
            await served(sandbox, 4)
            await answered(sandbox, guilds, mira)
