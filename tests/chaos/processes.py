"""The bot as a process: started on the sandbox, alone or as one of two that share the work, and connected."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from sandbox.harness import BotProcess, Sandbox, free_port

SHARDS = 2
"""How many processes share the work where one is not alone; each has one shard, and all work the queue."""


CREW = 3
"""How many share one server's database, and hold shards as they come."""


class Processes:
    """Start bots; each place in a pair has a port of its own, which stays the same from life to life."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.ports = [free_port() for _ in range(max(SHARDS, CREW))]

    @asynccontextmanager
    async def one(self, *, called: bool) -> AsyncGenerator[BotProcess]:
        """Run one bot, connected, until the block ends."""
        await self.forget_the_dead()
        bot = await self.start(called=called)
        async with self._connected(bot):
            yield bot

    @asynccontextmanager
    async def two(self, *, called: bool) -> AsyncGenerator[list[BotProcess]]:
        """Run two bots on one database, each with its shard and its HTTP server, until the block ends."""
        await self.forget_the_dead()
        bots = [await self.start(called=called, shard=shard) for shard in range(SHARDS)]
        async with self._connected(*bots):
            yield bots

    async def start(self, *, called: bool, shard: int | None = None) -> BotProcess:
        """Start a bot and wait for nothing; with a shard it is one of two."""
        port = self.ports[shard or 0]
        url = f"http://127.0.0.1:{port}"
        settings = {"HTTP_PORT": str(port)} | ({"PUBLIC_URL": url} if called else {})
        if shard is not None:
            settings |= {"SHARD_COUNT": str(SHARDS), "SHARD_IDS": str(shard)}
        # Discord remembers a nonce for minutes only, and nobody knows how long the last bot has been dead.
        self._sandbox.discord.nonces.clear()
        return await self._start(settings, url)

    async def start_one_of_crew(self, place: int, database_url: str, *, called: bool) -> BotProcess:
        """Start one of three, whom others go on beside; the provider calls its neighbour back in its place."""
        url, neighbour = (f"http://127.0.0.1:{self.ports[number % CREW]}" for number in (place, place + 1))
        settings = {"HTTP_PORT": str(self.ports[place]), "DATABASE_URL": database_url}
        return await self._start(settings | ({"PUBLIC_URL": neighbour} if called else {}), url)

    async def _start(self, settings: dict[str, str], url: str) -> BotProcess:
        log = self._sandbox.folder / "bot.log"
        with log.open("ab") as sink:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                env=self._sandbox.environment(settings),
                cwd=self._sandbox.folder,
                stdout=sink,
                stderr=sink,
            )
        return BotProcess(process, log, url)

    async def forget_the_dead(self) -> None:
        """End what dead processes heard: no session of theirs counts as connected."""
        await self._sandbox.discord.drop_gateway(resumable=False)
        self._sandbox.discord.gateway.sessions.clear()

    @asynccontextmanager
    async def _connected(self, *bots: BotProcess) -> AsyncGenerator[None]:
        """Wait until all are connected, and leave none behind after the block."""
        try:
            await self._connect(*bots)
            yield
        finally:
            for bot in bots:
                await bot.kill()

    async def _connect(self, *bots: BotProcess) -> None:
        discord = self._sandbox.discord

        async def connected() -> None:
            await discord.ready(30)
            await discord.commands_registered(30)

        async def ended(bot: BotProcess) -> None:
            code = await bot.process.wait()
            raise RuntimeError(f"the bot ended with code {code}:\n{bot.log.read_text()[-3000:]}")

        async with beside(connected(), *map(ended, bots)) as tasks:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)


@asynccontextmanager
async def beside(*jobs: Coroutine[Any, Any, None]) -> AsyncGenerator[list[asyncio.Task[None]]]:
    """Run something beside the block, and end it with the block."""
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome
