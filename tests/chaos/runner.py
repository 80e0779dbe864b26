"""The bot's many lives on one data folder: started, worked, killed, started again, and at last left in peace."""

import asyncio
import re
import signal
import time
from collections import Counter
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from sandbox.harness import BotProcess, Sandbox
from sandbox.provider.model.faults import Stuck
from tests.chaos.actors.attackers import Attackers
from tests.chaos.actors.members import Members
from tests.chaos.database import HOUR_MS, BotDatabase
from tests.chaos.engines import Engine, Row, SqliteEngine
from tests.chaos.faults import RandomFaults
from tests.chaos.kill_points.kill_points import Moment
from tests.chaos.observe import Observer
from tests.chaos.processes import SHARDS, Processes, beside
from tests.support.fork_server import start_sandbox
from tests.support.slow_host import SlowHost

MOMENT_SECONDS = 6.0
"""How long a moment is waited for, unless said otherwise, before the bot is killed all the same."""

SETTLE_SECONDS = 10.0
"""How long what is in hand or due soon may take before an hour is let pass."""

SOON_SECONDS = 2.0
"""What is due within this is waited for."""

UNHURRIED_SECONDS = 0.05
"""From look to look where nobody is to be killed in the moment that is waited for."""

SETTLE_HOURS = 12

NO_DOUBT = "No job is in doubt: each one was answered for."

OUTLIVE_SECONDS = 60.0
"""How long the survivor of two may take, under a clear sky, to end the work of both."""


@dataclass
class KillCount:
    """Count the kills: all, by the moment that was reached, and by the states that jobs were in."""

    kills: int = 0
    moments: Counter[str] = field(default_factory=Counter[str])
    missed: Counter[str] = field(default_factory=Counter[str])
    states: Counter[str] = field(default_factory=Counter[str])
    times: list[float] = field(default_factory=list[float])
    """When each kill fell, in the sandbox's time."""


@dataclass(frozen=True)
class LastReplies:
    """Hold what was answered at the very end: to /credits, by member, and to the owner's /admin unknown."""

    credits: dict[int, str]
    unknown: str


class ChaosRunner:
    """Run bots one after the other, and now and then two at once."""

    def __init__(self, sandbox: Sandbox, actors: Members, database: BotDatabase, random: Random, slow_url: str) -> None:
        self.sandbox = sandbox
        self.actors = actors
        self.database = database
        self.toll = KillCount()
        self._random = random
        self._random_faults = RandomFaults(sandbox, random)
        self._processes = Processes(sandbox)
        self._attackers = Attackers(
            actors.client, actors.image_actors, random, actors.penniless, slow_url, self._processes.ports
        )

    async def begin(self) -> None:
        """Live a first life in which the owner keeps some members short."""
        async with self._processes.one(called=False):
            told = [
                await self.actors.owner_actors.limit(member, number % 2)
                for number, member in enumerate(self.actors.poor)
            ]
            told.append(await self.actors.owner_actors.limit(self.actors.penniless, 0))
            for asked in told:
                await asked.private_reply()

    async def die_at(
        self,
        moment: Moment,
        acts_per_second: float = 2.0,
        *,
        clear: bool = False,
        patience: float = MOMENT_SECONDS,
    ) -> None:
        """Live until a moment has come; in weather, if the sky is not to be clear."""
        self.database.forget_pauses()
        watch = Observer(self.sandbox, self.actors, self.database, self._random)
        surroundings = (self.actors.bustle(acts_per_second), self._sky(clear=clear))
        async with self._at_work() as bots, beside(*surroundings):
            try:
                async with asyncio.timeout(patience):
                    await moment(watch)
            except (TimeoutError, AssertionError):
                self.toll.missed[moment.__name__] += 1
            else:
                self.toll.moments[moment.__name__] += 1
            await self._kill(self._victim(bots))
            watch.released.set()
        self._random_faults.clear()

    async def die_by_chance(self, acts_per_second: float = 6.0, longest: float = 3.0, *, clear: bool = False) -> None:
        """Live for a random while; in any weather, if the sky is not to be clear."""
        surroundings = (self.actors.bustle(acts_per_second), self._sky(clear=clear))
        async with self._at_work() as bots, beside(*surroundings):
            await self._random_while(longest)
            self.toll.moments["by chance"] += 1
            await self._kill(self._victim(bots))

    async def die_while_starting(self) -> None:
        """Kill it before it is connected."""
        await self._processes.forget_the_dead()
        bot = await self._processes.start(called=self._called())
        await asyncio.sleep(self._random.uniform(0.2, 1.2))
        self.toll.moments["while starting"] += 1
        await self._kill(bot)

    async def one_of_two_dies(self, acts_per_second: float = 6.0, longest: float = 3.0) -> None:
        """Let two share the work in any weather until one is killed by chance; the other goes on until it is, too."""
        surroundings = (self.actors.bustle(acts_per_second), self._sky(clear=False))
        async with self._processes.two(called=self._called()) as bots, beside(*surroundings) as (bustle, _):
            survivor = await self._kill_one_of(bots, bustle, longest)
            await self._random_while(longest)
            self.toll.moments["the other of two"] += 1
            await self._kill(survivor)

    async def one_of_two_outlives(self, acts_per_second: float = 6.0, longest: float = 3.0) -> None:
        """Let two share the work under a clear sky; when one is killed, the other ends the work of both, and stops.

        Raises `TimeoutError` when it does not, and `RuntimeError` when it does not stop well.
        """
        async with (
            self._processes.two(called=self._called()) as bots,
            beside(self.actors.bustle(acts_per_second)) as [bustle],
        ):
            survivor = await self._kill_one_of(bots, bustle, longest)
            bustle.cancel()
            async with asyncio.timeout(OUTLIVE_SECONDS):
                await self.database.until(self._all_ended, UNHURRIED_SECONDS)
            await self._stop(survivor)

    def _all_ended(self) -> bool:
        """Tell whether every job has ended; one that died on its way to the provider is let be given up soon."""
        for job in self.database.in_doubt():
            if job["tries"] and job["state"] == "submitting" and self.actors.owner_actors.order_of(job["id"]) is None:
                self.database.grow_old(job["id"])
        return not self.database.live()

    async def pass_time(self, milliseconds: int = HOUR_MS) -> None:
        """Let time pass while no bot runs: the provider makes what it can, tokens expire, graces and back-offs end."""
        await self.sandbox.provider.until(
            lambda fake_provider: all(
                job.state.over or isinstance(job.fault, Stuck) for job in fake_provider.jobs.values()
            )
        )
        self.sandbox.discord.advance(milliseconds / 1000)
        self.database.pass_time(milliseconds)

    async def settle(self) -> LastReplies:
        """Clear the sky and wait until every job has ended, an hour at a time, and until the owner has none in doubt.

        Raises `RuntimeError` when a bot that was asked to stop does not end well.
        """
        self._random_faults.clear()
        self.sandbox.provider.release()
        words = LastReplies({}, "")
        for _ in range(SETTLE_HOURS):
            async with self._processes.one(called=False) as bot:
                await self._quiet()
                over = not (self.database.live() or self.database.films_due() or self.database.clearing_up())
                if over:
                    words = LastReplies(await self._credits_left(), await self._clear_up())
                    over = words.unknown == NO_DOUBT
                await self._stop(bot)
            if over:
                break
            await self.pass_time()
        return words

    async def _clear_up(self) -> str:
        """Let the owner adopt or give up all that is in doubt; gives what /admin unknown said before."""
        told = (await (await self.actors.owner_actors.unknown()).private_reply()).text
        for name in re.findall(r"^`(\w+)` by", told, re.MULTILINE):
            await (await self.actors.owner_actors.clear_up(name)).private_reply()
        return told

    async def _quiet(self) -> None:
        """Wait until no job is in hand or due soon, and no film is, nor anything left of what was removed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_SECONDS):
                await self.database.until(lambda: not self.database.films_due() and self._all_rest(), UNHURRIED_SECONDS)

    def _all_rest(self) -> bool:
        soon = int((time.time() + SOON_SECONDS) * 1000)
        rest = all(self._rests(job, soon) for job in self.database.live())
        return rest and all(row["due_ms"] > soon for row in self.database.clearing_up())

    def _rests(self, job: Row, soon: int) -> bool:
        return job["lease"] is None and job["due_ms"] is not None and job["due_ms"] > soon

    async def _credits_left(self) -> dict[int, str]:
        asked = [(member, await self.actors.credits(member)) for member in self.actors.members]
        return {member.id: (await question.private_reply()).text for member, question in asked}

    @asynccontextmanager
    async def _at_work(self) -> AsyncGenerator[list[BotProcess]]:
        """Let bots work in the block; here it is one."""
        async with self._processes.one(called=self._called()) as bot:
            yield [bot]

    def _victim(self, bots: list[BotProcess]) -> BotProcess:
        """Choose who is killed."""
        return self._random.choice(bots)

    async def _kill_one_of(self, bots: list[BotProcess], bustle: asyncio.Task[None], longest: float) -> BotProcess:
        """Kill one of two after a random while and give the other; where nobody is left to hear them, people wait."""
        await self._random_while(longest)
        victim = self._random.randrange(SHARDS)
        if victim == (self.actors.guild.id >> 22) % SHARDS:
            bustle.cancel()
        self.toll.moments["one of two"] += 1
        await self._kill(bots[victim])
        return bots[1 - victim]

    async def _kill(self, bot: BotProcess) -> None:
        bot.process.send_signal(signal.SIGKILL)
        self.toll.times.append(self.sandbox.discord.now())
        await bot.process.wait()
        self.toll.kills += 1
        self.toll.states.update({job["state"] for job in self.database.live()})

    async def _stop(self, bot: BotProcess) -> None:
        if code := await bot.stop():
            raise RuntimeError(f"the bot stopped with exit code {code}")

    async def _random_while(self, longest: float) -> None:
        await asyncio.sleep(min(longest, self._random.expovariate(1 / 1.2)))

    def _sky(self, *, clear: bool) -> Coroutine[Any, Any, None]:
        return asyncio.sleep(0) if clear else self._storm()

    async def _storm(self) -> None:
        """Let everything go wrong that may, and let people attack meanwhile."""
        async with beside(self._attackers.attack()):
            await self._random_faults.blow()

    def _called(self) -> bool:
        return self._random.random() < 0.5


@asynccontextmanager
async def set_lives(folder: Path, seed: int, members: int, **settings: str) -> AsyncGenerator[ChaosRunner]:
    """Set the sandbox for many lives, one after the other; `folder` keeps the data of all of them."""
    async with set_stage(folder, seed, SqliteEngine(folder / "animatic.db"), members, **settings) as stage:
        yield ChaosRunner(*stage)


Stage = tuple[Sandbox, Members, BotDatabase, Random, str]
"""All that a runner plays with."""


@asynccontextmanager
async def set_stage(folder: Path, seed: int, engine: Engine, members: int, **settings: str) -> AsyncGenerator[Stage]:
    """Set the sandbox for many lives; the engine is closed at the end."""
    async with start_sandbox(folder) as sandbox, SlowHost.open() as (_, slow_url):
        vendor = sandbox.provider.settings
        vendor.ready_made, vendor.max_running = True, 1000
        vendor.queue_seconds, vendor.run_seconds = 0.05, 0.4
        # In the end all that was ever ordered is checked.
        vendor.kept_jobs, vendor.kept_job_bytes = 1_000_000, 1 << 40
        sandbox.settings.update(POLL_SECONDS="0.2", MAX_RUNNING="60", MAX_RUNNING_PER_USER="12", STRIKES="1000")
        sandbox.settings.update(MAX_OPEN_PER_USER="1000")
        # What was sent apart may be read at once on a busy machine: the bots wait for longer than they have to.
        sandbox.settings.update(IDENTIFY_SECONDS=str(5 * sandbox.discord.knobs.identify_seconds))
        sandbox.settings.update(settings)
        random = Random(seed)
        database = BotDatabase(engine)
        try:
            yield sandbox, Members(sandbox, database, random, members), database, random, slow_url
        finally:
            database.close()
