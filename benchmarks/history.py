"""What 100,000 finished jobs in the database cost, next to a database without them.

Two bots, each on its own stand-ins, differ only in that. They are started and clicked on in turns; members click on the
same button again and again, each time after the film before is done.
"""

import asyncio
import subprocess
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median

from benchmarks.contestants import START_SECONDS, Contestant, acknowledged_after, hasten, is_done
from benchmarks.figures import Figure, growth, ratio
from benchmarks.past import JOBS, write_past
from sandbox.harness import BotProcess, Sandbox, start_sandbox
from sandbox.provider.rendering.sample_image import draw_sample

STARTS = 7
CLICKS = 8
REST_SECONDS = 0.05

MOST_TIMES = 1.1
MOST_MEGABYTES = 10.0


class Side:
    """One stand-in world with its bot's data, and what was measured there."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.contestant = Contestant(sandbox.discord, draw_sample())
        self.starts: list[float] = []
        self.acknowledged: list[float] = []
        self.shown: list[float] = []
        self.megabytes: list[float] = []

    @asynccontextmanager
    async def started(self) -> AsyncGenerator[BotProcess]:
        """Run the bot, and write down the time from starting its process until it is connected. Seconds."""
        begun = time.perf_counter()
        async with self.sandbox.bot(DEFAULT_CREDITS="1000000", QUOTA_PERIOD="day") as bot:
            self.starts.append(time.perf_counter() - begun)
            yield bot

    async def click(self, number: int) -> None:
        """Click, and write down when it was answered and when the card first said something. Milliseconds."""
        await asyncio.sleep(REST_SECONDS)
        begun = time.perf_counter()
        asked = await self.contestant.ask("click", number)
        await asked.until(lambda message: not message.thinking, START_SECONDS)
        self.shown.append((time.perf_counter() - begun) * 1000)
        self.acknowledged.append(await acknowledged_after(asked))
        await asked.until(is_done, START_SECONDS)

    def weigh(self, bot: BotProcess) -> None:
        """Write down how much memory the bot holds. Megabytes."""
        self.megabytes.append(resident_megabytes(bot.pid))


async def measure() -> list[Figure]:
    """Start both bots several times, and click on both in turns."""
    async with AsyncExitStack() as stack:
        empty, full = [await _side(stack) for _ in range(2)]
        place = full.contestant
        users = [place.owner.id, *(member.id for member in place.members)]
        path = full.sandbox.folder / "animatic.db"
        await asyncio.to_thread(write_past, path, place.channel.guild.id, place.channel.id, users)
        for number in range(STARTS):
            await _round(*((empty, full) if number % 2 else (full, empty)), first_click=number * CLICKS)
    past = f"{JOBS:,} finished jobs"
    return [
        ratio(f"{past}: start until connected", median(empty.starts), median(full.starts), MOST_TIMES, "s"),
        ratio(f"{past}: click acknowledged", median(empty.acknowledged), median(full.acknowledged), MOST_TIMES),
        ratio(f"{past}: click to queued card", median(empty.shown), median(full.shown), MOST_TIMES),
        growth(f"{past}: memory", median(empty.megabytes), median(full.megabytes), MOST_MEGABYTES),
    ]


async def _side(stack: AsyncExitStack) -> Side:
    """Set up a world whose bot has made its tables, registered its commands and finished one film."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    side = Side(await stack.enter_async_context(start_sandbox(folder, checks=False)))
    hasten(side.sandbox)
    async with side.started():
        await side.contestant.make_card()
    side.starts.clear()
    return side


async def _round(one: Side, other: Side, first_click: int) -> None:
    async with one.started() as first, other.started() as second:
        for number in range(first_click, first_click + CLICKS):
            await one.click(number)
            await other.click(number)
        one.weigh(first)
        other.weigh(second)


def resident_megabytes(pid: int) -> float:
    """Tell how much of a process is in memory."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)  # noqa: S603, S607  # macOS has no /proc
    return int(told.stdout) / 1024
