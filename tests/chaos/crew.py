"""Three bots on one PostgreSQL: one of them dies each time, the others go on, and it is started again."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from sandbox.harness import BotProcess
from tests.chaos.engines import PostgresEngine
from tests.chaos.processes import CREW, beside
from tests.chaos.runner import ChaosRunner, LastReplies, Stage, set_stage
from tests.support.postgres_server import postgres_server

HEALTHY_SECONDS = 60.0
"""How long one that was started may take until it says that all is well."""

_HOLDERS = """
    select distinct application_name as name from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and ((classid::bigint << 32) | objid::bigint) in (
        select hashtextextended('process:' || lease, 0) from job where lease is not null)"""
"""Who has jobs in hand: names are locks, and each bot says in its address which one it is."""


class CrewRunner(ChaosRunner):
    """Let three live side by side; mostly one is killed that has a job in hand."""

    def __init__(self, stage: Stage, url: str) -> None:
        super().__init__(*stage)
        self._url = url
        self._crew: dict[int, BotProcess] = {}

    async def die_while_starting(self) -> None:
        """Kill one before it is connected, beside the others."""
        async with self._at_work() as bots:
            await self._kill(self._victim(bots))
            [place] = [place for place, bot in self._crew.items() if bot.process.returncode is not None]
            self._crew[place] = await self._start(place)
            await asyncio.sleep(self._random.uniform(0.2, 1.2))
            self.toll.moments["while starting"] += 1
            await self._kill(self._crew[place])

    async def one_of_two_dies(self, acts_per_second: float = 6.0, longest: float = 3.0) -> None:
        """Do as always: here one of several dies each time."""
        await self.die_by_chance(acts_per_second, longest)

    async def pass_time(self, milliseconds: int = 3_600_000) -> None:
        """Let all stop as asked, and let time pass."""
        await self.stop()
        await super().pass_time(milliseconds)

    async def settle(self) -> LastReplies:
        """Let all stop as asked, and let one end what is left."""
        await self.stop()
        return await super().settle()

    async def stop(self) -> None:
        """Let all stop as asked; raise `RuntimeError` when one does not end well."""
        crew, self._crew = self._crew, {}
        await asyncio.gather(*(self._stop(bot) for bot in crew.values() if bot.process.returncode is None))

    async def kill_all(self) -> None:
        """Leave none behind."""
        for bot in self._crew.values():
            await bot.kill()

    @asynccontextmanager
    async def _at_work(self) -> AsyncGenerator[list[BotProcess]]:
        """Let all three work in the block, and go on after it."""
        for place in range(CREW):
            bot = self._crew.get(place)
            if bot is None or bot.process.returncode is not None:
                self._crew[place] = await self._start(place)
        bots = list(self._crew.values())
        async with beside(self._until_ready(bots), *map(self._ended, bots)) as tasks:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        yield bots

    def _victim(self, bots: list[BotProcess]) -> BotProcess:
        holders = [int(row["name"].removeprefix("bot")) for row in self.database.read(_HOLDERS) if row["name"]]
        return self._crew[self._random.choice(holders)] if holders else super()._victim(bots)

    async def _start(self, place: int) -> BotProcess:
        return await self._processes.start_one_of_crew(
            place, f"{self._url}?application_name=bot{place}&pool_size=5", called=self._called()
        )

    async def _until_ready(self, bots: list[BotProcess]) -> None:
        for bot in bots:
            await bot.healthy(HEALTHY_SECONDS)
        await self.sandbox.discord.ready(HEALTHY_SECONDS)
        await self.sandbox.discord.commands_registered(HEALTHY_SECONDS)

    async def _ended(self, bot: BotProcess) -> None:
        code = await bot.process.wait()
        raise RuntimeError(f"a bot ended with code {code}:\n{bot.log.read_text()[-3000:]}")


@asynccontextmanager
async def set_crew(folder: Path, seed: int, members: int, **settings: str) -> AsyncGenerator[CrewRunner]:
    """Set the sandbox and a server of its own for three bots; `folder` keeps what else they write."""
    with postgres_server({"track_commit_timestamp": "on"}) as server:
        url = server.url()
        engine = PostgresEngine(url)
        async with set_stage(folder, seed, engine, members, DATABASE_URL=url, **settings) as stage:
            runner = CrewRunner(stage, url)
            try:
                yield runner
            finally:
                await runner.kill_all()
