"""The bot's many lives on one data folder: started, worked, killed, started again, and at last left in peace."""

import asyncio
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bot.sandbox.stage import BotProcess, Stage, set_stage
from bot.sandbox.studio.faults import Stuck
from tests.chaos.crowd import Crowd
from tests.chaos.moments import Moment, Watch
from tests.chaos.records import Records, Row
from tests.chaos.weather import Weather

MOMENT_SECONDS = 6.0
"""How long a moment is waited for before the bot is killed all the same."""

HOUR_MS = 3_600_000

SETTLE_SECONDS = 10.0
"""How long what is in hand or due soon may take before an hour is let pass."""

SOON_SECONDS = 2.0
"""What is due within this is waited for."""

SETTLE_HOURS = 12


@dataclass
class Toll:
    """Count the kills: all, by the moment that was reached, and by the states that jobs were in."""

    kills: int = 0
    moments: Counter[str] = field(default_factory=Counter[str])
    missed: Counter[str] = field(default_factory=Counter[str])
    states: Counter[str] = field(default_factory=Counter[str])
    times: list[float] = field(default_factory=list[float])
    """When each kill fell, in the sandbox's time."""


class Lives:
    """Run bots one after the other; never two at once."""

    def __init__(self, stage: Stage, crowd: Crowd, records: Records, random: Random, port: int) -> None:
        self.stage = stage
        self.crowd = crowd
        self.records = records
        self.toll = Toll()
        self._random = random
        self._weather = Weather(stage, random)
        self._port = port

    async def begin(self) -> None:
        """Live a first life in which the owner keeps some members short."""
        async with self._life(called=False):
            told = [await self.crowd.limit(member, number % 2) for number, member in enumerate(self.crowd.poor)]
            for asked in told:
                await asked.private_reply()

    async def die_at(self, moment: Moment, acts_per_second: float = 2.0, *, clear: bool = False) -> None:
        """Live until a moment has come; in weather, if the sky is not to be clear."""
        self.records.forget_pauses()
        watch = Watch(self.stage, self.crowd, self.records, self._random)
        weather: Coroutine[Any, Any, None] = asyncio.sleep(0) if clear else self._weather.blow()
        async with self._life(called=self._called()) as bot, _beside(self.crowd.bustle(acts_per_second), weather):
            try:
                async with asyncio.timeout(MOMENT_SECONDS):
                    await moment(watch)
            except (TimeoutError, AssertionError):
                self.toll.missed[moment.__name__] += 1
            else:
                self.toll.moments[moment.__name__] += 1
            await self._kill(bot)
            watch.released.set()
        self._weather.clear()

    async def die_by_chance(self, acts_per_second: float = 6.0, longest: float = 3.0) -> None:
        """Live for a random while, in any weather."""
        async with (
            self._life(called=self._called()) as bot,
            _beside(self.crowd.bustle(acts_per_second), self._weather.blow()),
        ):
            await asyncio.sleep(min(longest, self._random.expovariate(1 / 1.2)))
            self.toll.moments["by chance"] += 1
            await self._kill(bot)

    async def die_while_starting(self) -> None:
        """Kill it before it is connected."""
        bot = await self._start(called=self._called())
        await asyncio.sleep(self._random.uniform(0.2, 1.2))
        self.toll.moments["while starting"] += 1
        await self._kill(bot)

    async def pass_time(self, milliseconds: int = HOUR_MS) -> None:
        """Let time pass while no bot runs: the provider makes what it can, tokens expire, graces and back-offs end."""
        await self.stage.studio.until(
            lambda studio: all(job.state.over or isinstance(job.fate, Stuck) for job in studio.jobs.values())
        )
        self.stage.discord.advance(milliseconds / 1000)
        self.records.pass_time(milliseconds)

    async def settle(self) -> dict[int, str]:
        """Clear the sky and wait until every job has ended, an hour at a time; then ask every member's credits.

        Gives the answers by member. Raises `RuntimeError` when a bot that was asked to stop does not end well.
        """
        self._weather.clear()
        self.stage.studio.release()
        told: dict[int, str] = {}
        for _ in range(SETTLE_HOURS):
            async with self._life(called=False) as bot:
                await self._quiet()
                over = not self.records.live()
                if over:
                    told = await self._credits_left()
                if code := await bot.stop():
                    raise RuntimeError(f"the bot stopped with exit code {code}")
            if over:
                break
            await self.pass_time()
        return told

    async def _quiet(self) -> None:
        """Wait until no job is in hand or due soon."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_SECONDS):
                await self.records.until(lambda: all(self._rests(job) for job in self.records.live()))

    def _rests(self, job: Row) -> bool:
        soon = int((time.time() + SOON_SECONDS) * 1000)
        return job["lease"] is None and job["due_ms"] is not None and job["due_ms"] > soon

    async def _credits_left(self) -> dict[int, str]:
        asked = [(member, await self.crowd.credits(member)) for member in self.crowd.members]
        return {member.id: (await question.private_reply()).text for member, question in asked}

    async def _kill(self, bot: BotProcess) -> None:
        bot.process.send_signal(signal.SIGKILL)
        self.toll.times.append(self.stage.discord.now())
        await bot.process.wait()
        self.toll.kills += 1
        self.toll.states.update({job["state"] for job in self.records.live()})

    @asynccontextmanager
    async def _life(self, *, called: bool) -> AsyncGenerator[BotProcess]:
        bot = await self._start(called=called)
        try:
            await self._connected(bot)
            yield bot
        finally:
            if bot.process.returncode is None:
                await bot.kill()

    async def _start(self, *, called: bool) -> BotProcess:
        url = f"http://127.0.0.1:{self._port}"
        settings = {"HTTP_PORT": str(self._port)} | ({"PUBLIC_URL": url} if called else {})
        # What the dead process heard is over: no session of it counts as connected.
        await self.stage.discord.drop_gateway(resumable=False)
        self.stage.discord.gateway.sessions.clear()
        log = self.stage.folder / "bot.log"
        with log.open("ab") as sink:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                env=self.stage.environment(settings),
                cwd=self.stage.folder,
                stdout=sink,
                stderr=sink,
            )
        return BotProcess(process, log, url)

    async def _connected(self, bot: BotProcess) -> None:
        discord = self.stage.discord

        async def connected() -> None:
            await discord.ready(30)
            await discord.commands_registered(30)

        async def ended() -> None:
            code = await bot.process.wait()
            raise RuntimeError(f"the bot ended with code {code}:\n{bot.log.read_text()[-3000:]}")

        async with _beside(connected(), ended()) as tasks:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)

    def _called(self) -> bool:
        return self._random.random() < 0.5


@asynccontextmanager
async def set_lives(folder: Path, seed: int, members: int, **settings: str) -> AsyncGenerator[Lives]:
    """Set the stage for many lives; `folder` keeps the data of all of them."""
    async with set_stage(folder) as stage:
        knobs = stage.studio.knobs
        knobs.ready_made, knobs.queue_seconds, knobs.run_seconds, knobs.max_running = True, 0.05, 0.4, 1000
        stage.settings.update(POLL_SECONDS="0.2", MAX_RUNNING="60", MAX_RUNNING_PER_USER="12", **settings)
        random = Random(seed)
        crowd = Crowd(stage, random, members)
        records = Records(folder / "animatic.db")
        try:
            yield Lives(stage, crowd, records, random, _quiet_port())
        finally:
            records.close()


def _quiet_port() -> int:
    """Find a free port below those that the system gives to clients, so that it stays free between two lives."""
    for port in Random().sample(range(20_000, 30_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")


@asynccontextmanager
async def _beside(*jobs: Coroutine[Any, Any, None]) -> AsyncGenerator[list[asyncio.Task[None]]]:
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
