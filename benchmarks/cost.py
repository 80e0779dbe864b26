"""What a film of four clips and four polls costs: statements, write transactions, and CPU next to a bare bot's.

Counted is a bot in this process whose database is watched; timed is one of its own, in turns with a bot that goes
straight on (`benchmarks/bare_films.py`). Several films are asked for at once, and a figure is one film's share; so is
the work that a bot has with itself meanwhile.
"""

import asyncio
import io
import os
import sqlite3
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from statistics import median
from unittest import mock

from PIL import Image

from benchmarks.contestants import START_SECONDS, Contestant, is_done
from benchmarks.figures import Figure, at_most, ratio
from bot.app import build
from bot.config import load_settings
from bot.providers.registry import provider_names
from sandbox.discord import Message
from sandbox.harness import Sandbox, free_port, start_sandbox
from sandbox.provider.rendering.sample_image import draw_sample
from tests.support.counted_database import CountedDatabase, Statements

AT_ONCE = 15
ROUNDS = 5
RUN_SECONDS = 3.5
"""How long a film takes: with polls from 1 s on it is asked for four times."""

MOST_STATEMENTS = 70
MOST_TRANSACTIONS = 12
MOST_ALONE = 110
MOST_TRANSACTIONS_ALONE = 19
MOST_TIMES = 2.5

CLIPS = 4
LOOK_SECONDS = 0.02

SETTINGS = {"POLL_SECONDS": "1", "MAX_RUNNING": str(AT_ONCE), "DEFAULT_CREDITS": "1000000"}


async def measure() -> list[Figure]:
    """Count first, then let both bots make films in turns."""
    together, alone = await counted()
    bare, ours = await _timed()
    name = f"film of 4 clips, {AT_ONCE} at once"
    return [
        at_most(f"{name}: statements each", together.total / AT_ONCE, MOST_STATEMENTS, unit=""),
        at_most(f"{name}: transactions each", together.transactions / AT_ONCE, MOST_TRANSACTIONS, unit=""),
        at_most("film of 4 clips, alone: statements", alone.total, MOST_ALONE, unit=""),
        at_most("film of 4 clips, alone: transactions", alone.transactions, MOST_TRANSACTIONS_ALONE, unit=""),
        ratio(f"{name}: CPU each", bare * 1000, ours * 1000, MOST_TIMES),
    ]


async def counted() -> tuple[Statements, Statements]:
    """Make films with a bot whose database is watched: several at once, then one alone."""
    async with _world() as (sandbox, contestant):
        statements = Statements()
        environment = sandbox.environment({"HTTP_PORT": str(free_port()), **SETTINGS})
        with mock.patch.dict(os.environ, environment, clear=True):
            settings = load_settings(provider_names())
        async with build(settings, watch=lambda db: CountedDatabase(db, statements)) as app:
            running = asyncio.create_task(app.run())
            try:
                await sandbox.discord.ready(START_SECONDS)
                await sandbox.discord.commands_registered(START_SECONDS)
                await _films(contestant, 1)
                found: list[Statements] = []
                for number in (AT_ONCE, 1):
                    await _settled(sandbox)
                    statements.by_text.clear()
                    await _films(contestant, number)
                    await _settled(sandbox)
                    found.append(Statements(statements.by_text.copy()))
            finally:
                running.cancel()
                await asyncio.wait({running})
    return found[0], found[1]


async def _timed() -> tuple[float, float]:
    """Let both bots make films in turns, each on stand-ins of its own; medians, CPU seconds for one film."""
    bare: list[float] = []
    ours: list[float] = []
    async with (
        _world() as (bare_sandbox, bare_side),
        _world() as (sandbox, side),
        _bare_bot(bare_sandbox) as bare_pid,
        sandbox.bot(settings=SETTINGS) as bot,
    ):
        await _films(bare_side, 1)
        await _films(side, 1)
        for _ in range(ROUNDS):
            bare.append(await _cpu_of(bare_pid, bare_side))
            ours.append(await _cpu_of(bot.pid, side, sandbox))
    return median(bare) / AT_ONCE, median(ours) / AT_ONCE


@asynccontextmanager
async def _world() -> AsyncGenerator[tuple[Sandbox, Contestant]]:
    with tempfile.TemporaryDirectory() as folder:
        async with start_sandbox(Path(folder), checks=False) as sandbox:
            sandbox.provider.settings.ready_made = True
            sandbox.provider.settings.queue_seconds = 0.1
            sandbox.provider.settings.run_seconds = RUN_SECONDS
            sandbox.provider.settings.max_running = AT_ONCE
            yield sandbox, Contestant(sandbox.discord, _photo())


def _photo() -> bytes:
    """Draw the picture that members attach, as most of theirs are: a JPEG."""
    data = io.BytesIO()
    Image.open(io.BytesIO(draw_sample())).save(data, "JPEG", quality=90)
    return data.getvalue()


@asynccontextmanager
async def _bare_bot(sandbox: Sandbox) -> AsyncGenerator[int]:
    """Run the bot that goes straight on; gives its process id."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.bare_films",
        sandbox.provider.base_url,
        sandbox.provider.key,
        env={"DISCORD_TOKEN": sandbox.discord.token, "DISCORD_API_URL": sandbox.discord.api_url},
        cwd=Path(__file__).parents[1],
    )
    try:
        await sandbox.discord.ready(START_SECONDS)
        await sandbox.discord.commands_registered(START_SECONDS)
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


async def _films(contestant: Contestant, number: int) -> None:
    """Have members ask for a film at once, and wait for all of them."""
    asked = [contestant.command(contestant.members[place], f"boat {place}") for place in range(number)]
    waiting = [one.until(_shows_films, START_SECONDS) for one in await asyncio.gather(*asked)]
    await asyncio.gather(*waiting)


def _shows_films(message: Message) -> bool:
    return sum(file.filename.endswith(".mp4") for file in message.attachments) == CLIPS or is_done(message)


async def _settled(sandbox: Sandbox) -> None:
    """Wait until the bot has written down that all films are done."""
    while await asyncio.to_thread(_open_jobs, sandbox.database):  # noqa: ASYNC110  # another process writes it
        await asyncio.sleep(LOOK_SECONDS)


def _open_jobs(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("select count(*) from job where state not in ('done', 'failed')").fetchone()[0]


async def _cpu_of(pid: int, contestant: Contestant, sandbox: Sandbox | None = None) -> float:
    """Tell what a bot and its children spend on one round of films. CPU seconds."""
    before = cpu_seconds(pid)
    await _films(contestant, AT_ONCE)
    if sandbox is not None:
        await _settled(sandbox)
    return cpu_seconds(pid) - before


def cpu_seconds(pid: int) -> float:
    """Tell how much CPU a process and its living children have used."""
    ticks = 0
    for one in (pid, *_children(pid)):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    return [int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()]
