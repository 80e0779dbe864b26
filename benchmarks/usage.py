"""How long a year of a server's usage takes, from the question to the picture and the table.

The sums are read from the bot's own database in this process, and the chart is drawn by the process that the bot starts
for it, on a past of 100,000 jobs; what Discord adds to it is not part of it.
"""

import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, at_most
from benchmarks.past import JOBS, write_past
from bot.db.migrations import migrate
from bot.db.sqlite import open_sqlite
from bot.db.store import Defaults, Store
from bot.domain.clock import Clock
from bot.domain.periods import Period
from bot.domain.usage import ServerUsage, Span
from bot.media.charts import ChartDrawer
from bot.services.usage import UsageOverview
from bot.ui.text.usage import alternative, spent_in
from bot.ui.usage_chart import MOST_LISTED, draw_usage
from bot.ui.usage_table import write_table

ROUNDS = 7
LIMIT_SECONDS = 2.0
GUILD, CHANNEL = 1, 5
MEMBERS = list(range(100, 300))
NAMES = {member: f"Member {member}" for member in MEMBERS}


async def measure() -> list[Figure]:
    """Look back over a year again and again; medians, in seconds."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "animatic.db"
        async with open_sqlite(path) as db:
            await migrate(db)
        write_past(path, GUILD, CHANNEL, MEMBERS)
        async with open_sqlite(path) as db:
            overview = UsageOverview(Store(db, Defaults(24, Period.DAY)), {"ttapi": 3.75}, Clock())
            read: list[float] = []
            whole: list[float] = []
            for _ in range(ROUNDS):
                begun = time.perf_counter()
                usage = await overview.back(GUILD, Span.YEAR)
                read.append(time.perf_counter() - begun)
                await _show(usage)
                whole.append(time.perf_counter() - begun)
    return [
        at_most(f"usage of a year, {JOBS:,} jobs: read", median(read), LIMIT_SECONDS),
        at_most(f"usage of a year, {JOBS:,} jobs: drawn", median(whole), LIMIT_SECONDS),
    ]


async def _show(usage: ServerUsage) -> None:
    """Do all for the answer but to send it."""
    spent_in(usage, MOST_LISTED)
    alternative(usage, NAMES, MOST_LISTED)
    write_table(usage, NAMES)
    if await ChartDrawer().draw(draw_usage(usage, NAMES)) is None:
        raise RuntimeError("the chart was not drawn")
