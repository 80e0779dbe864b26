"""Several bots on one PostgreSQL, as processes; each gives the provider its neighbour's address for callbacks."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from benchmarks.contestants import START_SECONDS
from sandbox.harness import BotProcess, Sandbox, free_port
from tests.support.postgres_server import postgres_server

POOL_SIZE = 5


class Crew:
    """Start, kill and start again bots that share one database; `bots` are the living ones, by their places."""

    def __init__(self, sandbox: Sandbox, url: str, size: int) -> None:
        self.bots: dict[int, BotProcess] = {}
        self._sandbox = sandbox
        self._url = url
        self._ports = [free_port() for _ in range(size)]
        self._stacks: dict[int, AsyncExitStack] = {}

    async def start(self, place: int) -> BotProcess:
        """Start a bot, and wait until it says that all is well."""
        port, neighbour = self._ports[place], self._ports[(place + 1) % len(self._ports)]
        stack = self._stacks[place] = AsyncExitStack()
        settings = {
            "DATABASE_URL": f"{self._url}?pool_size={POOL_SIZE}",
            "PUBLIC_URL": f"http://127.0.0.1:{neighbour}",
            "LOG_LEVEL": "ERROR",
        }
        bot = await stack.enter_async_context(self._sandbox.bot(port=port, settings=settings))
        await bot.healthy(START_SECONDS)
        self.bots[place] = bot
        return bot

    async def start_all(self) -> None:
        """Start every one, one after the other."""
        for place in range(len(self._ports)):
            await self.start(place)

    async def kill(self, place: int) -> None:
        """Kill one as `kill -9` does."""
        await self.bots.pop(place).kill()
        await self._stacks.pop(place).aclose()

    async def stop(self) -> None:
        """Ask all to stop."""
        await asyncio.gather(*(stack.aclose() for stack in self._stacks.values()))


@asynccontextmanager
async def crew_of(sandbox: Sandbox, size: int) -> AsyncGenerator[tuple[Crew, str]]:
    """Give bots that are not started yet, and the address of their database."""
    with postgres_server({"shared_buffers": "128MB"}) as server:
        crew = Crew(sandbox, server.url(), size)
        try:
            yield crew, server.url()
        finally:
            await crew.stop()
