"""How long a past takes to PostgreSQL: jobs with four clips and two ledger lines each.

50,000 jobs by default; MOVE_JOBS=1000000 is the size that the limit is meant for, of which a smaller one has its share.
The server is the tests' own: it waits for no disk, and works on the same cores.
"""

import asyncio
import os
import tempfile
import time
from pathlib import Path

from benchmarks import past
from benchmarks.figures import Figure, at_most
from bot.db.migrations import migrate
from bot.db.move import move_rows
from bot.db.move_target import MoveTarget
from bot.db.postgres import open_postgres
from bot.db.sqlite import open_sqlite
from tests.support.postgres_server import postgres_server

JOBS = int(os.environ.get("MOVE_JOBS", "50000"))
FULL_JOBS = 1_000_000
FULL_SECONDS = 180.0
LEAST_SECONDS = 10.0
"""What is allowed at any size: to begin and to end takes its time."""

SHARED_BUFFERS = "256MB"
GUILD, CHANNEL, USERS = 900_000_000_000_000_000, 900_000_000_000_000_001, range(10**18, 10**18 + 1000)


async def measure() -> list[Figure]:
    """Write the past, move it, and tell how long the parts took."""
    with tempfile.TemporaryDirectory() as folder, postgres_server({"shared_buffers": SHARED_BUFFERS}) as server:
        path = Path(folder) / "animatic.db"
        async with open_sqlite(path) as db:
            await migrate(db)
        await asyncio.to_thread(past.write_past, path, GUILD, CHANNEL, list(USERS), jobs=JOBS, failing=False)
        size = path.stat().st_size / 1e6
        parts = _Parts()
        async with open_postgres(server.url()) as new, open_sqlite(path) as db:
            begun = time.perf_counter()
            moved = await move_rows(db, MoveTarget(new), "the new place", parts.show, lambda: False, _nothing)
            seconds = time.perf_counter() - begun
    rows = moved.rows
    if (rows["job"], rows["clip"], rows["ledger"]) != (JOBS, 4 * JOBS, 2 * JOBS):
        raise RuntimeError(f"not every row was moved: {rows}")
    print(f"{size:,.0f} MB, {sum(rows.values()):,} rows; {parts.told()}", flush=True)
    limit = max(LEAST_SECONDS, FULL_SECONDS * JOBS / FULL_JOBS)
    return [at_most(f"{JOBS:,} jobs moved to PostgreSQL", seconds, limit)]


class _Parts:
    """Write down when each part ended."""

    def __init__(self) -> None:
        self._ends = {"": time.perf_counter()}

    def show(self, part: str, done: int, of: int) -> None:
        """Be told of a part."""
        if done >= of:
            self._ends[part] = time.perf_counter()

    def told(self) -> str:
        """Tell how long those took that took a while."""
        times = list(self._ends.items())
        took = ((part, at - before) for (part, at), (_, before) in zip(times[1:], times, strict=False))
        return ", ".join(f"{part} {seconds:.1f} s" for part, seconds in took if seconds > 0.05)


async def _nothing() -> None:
    pass
