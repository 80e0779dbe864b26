"""SQLite and PostgreSQL beside each other, and what several processes on PostgreSQL take.

A command's acknowledgement by one bot on each engine, in turns; a film's delivery whose callback arrives at another
process than the one that works on it; and how soon all of 1,000 open jobs are asked for again once one of two processes
is killed.
"""

import statistics
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks import resumption
from benchmarks.acknowledge import alternate
from benchmarks.contestants import Contestant, hasten, real
from benchmarks.crew import crew_of
from benchmarks.delivery import LIMIT_SECONDS, RUN_SECONDS, delivered
from benchmarks.figures import Figure, at_most, ratio
from bot.db.move import move_rows
from bot.db.move_target import MoveTarget
from bot.db.postgres import open_postgres
from bot.db.sqlite import open_sqlite
from sandbox.harness import start_sandbox
from sandbox.provider import FakeProvider
from sandbox.provider.rendering.sample_image import draw_sample
from tests.support.postgres_server import connect, postgres_server

SINGLES = 100
AT_ONE = 1.3
FILMS = 20

ELSEWHERE_SECONDS = 0.3
TAKEN_OVER_SECONDS = 15.0

BEGUN_JOBS = 100
"""How many jobs a bot has asked for when it is killed."""


async def measure() -> list[Figure]:
    """Measure all three."""
    return [*await _acknowledged(), *await _delivered_elsewhere(), *await _taken_over()]


async def _acknowledged() -> list[Figure]:
    with postgres_server() as server:
        async with real() as sqlite, real(DATABASE_URL=server.url()) as postgres:
            figures: list[Figure] = []
            for kind in ("command", "click"):
                floor, ours = await alternate(sqlite, postgres, kind, 1, SINGLES)
                figures.append(
                    ratio(f"{kind}: SQLite, PostgreSQL", statistics.median(floor), statistics.median(ours), AT_ONE)
                )
    return figures


async def _delivered_elsewhere() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        async with start_sandbox(Path(folder), checks=False) as sandbox, crew_of(sandbox, 2) as (crew, _):
            hasten(sandbox)
            sandbox.provider.settings.run_seconds = RUN_SECONDS
            # Longer than a job, so that callbacks alone bring the news.
            sandbox.settings.update(POLL_SECONDS="", DEFAULT_CREDITS="1000")
            await crew.start(0)
            await crew.start(1)
            delays = await delivered(Contestant(sandbox.discord, draw_sample()), sandbox.provider, FILMS)
    return [
        at_most(f"callback at another process, p50 of {FILMS}", median(delays), ELSEWHERE_SECONDS),
        at_most(f"callback at another process, latest of {FILMS}", max(delays), LIMIT_SECONDS),
    ]


async def _taken_over() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        async with start_sandbox(Path(folder), checks=False) as sandbox, crew_of(sandbox, 2) as (crew, url):
            hasten(sandbox)
            contestant = Contestant(sandbox.discord, draw_sample())
            remote_ids = await resumption.write_open_jobs(sandbox, contestant)
            async with open_sqlite(sandbox.database) as db, open_postgres(url) as new:
                await move_rows(db, MoveTarget(new), "PostgreSQL", _untold, lambda: False, _nothing)
            sandbox.settings.update(POLL_SECONDS="")
            await crew.start(0)
            await crew.start(1)
            await _make_due(url)
            sandbox.provider.requests.clear()
            await _some_asked(sandbox.provider)
            await crew.kill(0)
            killed = time.time()
            sandbox.provider.requests.clear()
            await _make_due(url)
            taken = await resumption.all_asked(sandbox, set(remote_ids)) - killed
    return [at_most(f"{resumption.JOBS:,} open jobs taken over after a kill", taken, TAKEN_OVER_SECONDS)]


async def _some_asked(fake_provider: FakeProvider) -> None:
    """Wait until the bots are in the middle of it."""
    await fake_provider.until(lambda there: len(there.requests) >= BEGUN_JOBS, resumption.PATIENCE_SECONDS)


async def _make_due(url: str) -> None:
    """Let every job that nobody holds be due at once."""
    connection = await connect(url)
    try:
        await connection.execute(
            "update job set due_ms = created_ms, card_hash = 'an older card' where state = 'running' and lease is null"
        )
        await connection.execute("select pg_notify('animatic', '')")
    finally:
        await connection.close()


def _untold(part: str, done: int, of: int) -> None:
    pass


async def _nothing() -> None:
    pass
