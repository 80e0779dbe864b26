"""Several bots on one PostgreSQL, as processes; each gives the provider its neighbour's address for callbacks."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sandbox.harness import BotProcess, Sandbox, free_port
from tests.support.postgres_server import postgres_server

POOL_SIZE = 5

START_SECONDS = 300.0
"""How long a bot may take until all of its shards are ready: Discord lets one session begin at a time."""


class Crew:
    """Start, kill and start again bots that share one database; `bots` are the living ones, by their places."""

    def __init__(self, sandbox: Sandbox, url: str, size: int) -> None:
        self.bots: dict[int, BotProcess] = {}
        self._sandbox = sandbox
        self._url = url
        self._ports = [free_port() for _ in range(size)]

    async def start(self, place: int) -> BotProcess:
        """Start a bot, and wait until it says that all is well."""
        port, neighbour = self._ports[place], self._ports[(place + 1) % len(self._ports)]
        settings = {
            "DATABASE_URL": f"{self._url}?pool_size={POOL_SIZE}",
            "HTTP_PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{neighbour}",
            "LOG_LEVEL": "ERROR",
        }
        with self._sandbox.log.open("ab") as sink:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                env=self._sandbox.environment(settings),
                cwd=self._sandbox.folder,
                stdout=sink,
                stderr=sink,
            )
        bot = self.bots[place] = BotProcess(process, self._sandbox.log, f"http://127.0.0.1:{port}")
        await bot.healthy(START_SECONDS)
        return bot

    async def kill(self, place: int) -> None:
        """Kill one as `kill -9` does."""
        await self.bots.pop(place).kill()

    async def stop(self) -> None:
        """Ask all to stop."""
        await asyncio.gather(*(bot.stop() for bot in self.bots.values()))


@asynccontextmanager
async def crew_of(sandbox: Sandbox, size: int) -> AsyncGenerator[tuple[Crew, str]]:
    """Give bots that are not started yet, and the address of their database."""
    with postgres_server({"shared_buffers": "128MB"}) as server:
        crew = Crew(sandbox, server.url(), size)
        try:
            yield crew, server.url()
        finally:
            await crew.stop()
