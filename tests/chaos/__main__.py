"""The long form: 200 kills, 1,000 jobs. `python -m tests.chaos [kills] [jobs] [seed] [--postgres]`

On SQLite one bot lives after the other, and now and then two do; with `--postgres` three share a server's database,
and one of them dies each time. Prints its progress and a table, and exits with 1 when any promise was broken; it stops
by itself.
"""

import asyncio
import logging
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from itertools import count
from pathlib import Path

from tests.chaos.checks.report import Report, judge
from tests.chaos.crew import set_crew
from tests.chaos.kill_points.kill_points import MOMENTS
from tests.chaos.runner import ChaosRunner, KillCount, set_lives

POSTGRES = "--postgres"

SetUp = Callable[..., AbstractAsyncContextManager[ChaosRunner]]
"""Set the stage for many lives: of one bot after the other, or of three side by side."""

KILLS, JOBS = 200, 1000
KILL_SECONDS = 12
"""How long a kill may take on average: once all of them might have fallen, no new life is begun."""

LAST_SECONDS = 8 * 60
"""How long what follows may take at most."""

MEMBER_CREDITS, SERVER_CREDITS = 0.18, 3.6
"""What a member and the server may spend, for each job that is asked for: towards the end, some are refused."""

HOUR_EVERY = 15
"""An hour is let pass after so many lives."""

COUNTED = (
    "jobs",
    "extends",
    "shots",
    "pictures",
    "films of pictures",
    "in HD",
    "delivered",
    "delivered free",
    "refused",
    "failed and refunded",
    "struck off",
    "unfinished",
    "submits",
    "duplicates",
    "lost",
    "cards deleted",
    "shown again",
    "films joined",
    "pings",
    "removed",
    "forgotten",
    "previews",
    "asked",
    "unanswered before T0",
)
"""What the table shows below the kills."""


async def main(kills: int, jobs: int, seed: int, folder: Path, set_up: SetUp) -> int:
    """Run it all within bounds, and give the exit code."""
    try:
        async with asyncio.timeout(kills * KILL_SECONDS + LAST_SECONDS):
            return await run(kills, jobs, seed, folder, set_up)
    except TimeoutError as error:
        print(f"BROKEN: it did not come to its end: {error}")
        return 1


async def run(kills: int, jobs: int, seed: int, folder: Path, set_up: SetUp) -> int:
    """Live and die as often as asked, settle, and judge."""
    began = time.monotonic()
    credits = {"DEFAULT_CREDITS": str(int(jobs * MEMBER_CREDITS)), "SERVER_CREDITS": str(int(jobs * SERVER_CREDITS))}
    async with set_up(folder, seed, members=30, **credits) as runner:
        await runner.begin()
        for number in count():
            made = sum(runner.database.states().values())
            late = time.monotonic() - began > kills * KILL_SECONDS
            if late or (runner.toll.kills >= kills and made >= jobs):
                break
            await _live(runner, number, pace=_pace(kills - runner.toll.kills, jobs - made))
            if number % 10 == 9:
                print(
                    f"{time.monotonic() - began:6.0f} s, {runner.toll.kills} kills, {runner.database.states()}",
                    flush=True,
                )
        verdict = judge(runner, await runner.settle())
        problems = list(verdict.problems)
        if runner.toll.kills < kills or verdict.counts["jobs"] < jobs:
            problems.append(f"only {runner.toll.kills} kills and {verdict.counts['jobs']} jobs in the time allowed")
        print_table(verdict, runner.toll, time.monotonic() - began)
    for problem in problems:
        print(f"BROKEN: {problem}")
    print("every promise held" if not problems else f"{len(problems)} promises were broken")
    return 1 if problems else 0


async def _live(runner: ChaosRunner, number: int, pace: float) -> None:
    """Live one of the many lives: at one moment after the other, between them by chance, and now and then in haste."""
    if number % HOUR_EVERY == HOUR_EVERY - 1:
        await runner.pass_time()
    if number % 20 == 19:
        await runner.die_while_starting()
    elif number % 10 == 5:
        await runner.one_of_two_dies(pace)
    elif number % 2:
        await runner.die_by_chance(pace)
    else:
        turn, place = divmod(number // 2, len(MOMENTS))
        await runner.die_at(MOMENTS[place], pace, clear=turn % 2 == 0)


def _pace(kills: int, jobs: int) -> float:
    """Choose how much is asked a second, so that the jobs come to an end with the kills."""
    return min(12.0, max(2.0, 1.1 * jobs / max(1, kills)))


def print_table(verdict: Report, toll: KillCount, seconds: float) -> None:
    """Print what happened."""
    counts = verdict.counts
    rows: Counter[str] = Counter({"kills": toll.kills})
    rows.update({name: counts[name] for name in COUNTED})
    for name, number in rows.items():
        print(f"{name:<24} {number:>6}")
    print(f"{'seconds':<24} {seconds:>6.0f}")
    print(
        "failures: "
        + ", ".join(f"{n.removeprefix('failed: ')} {c}" for n, c in counts.items() if "failed: " in n and c)
    )
    print("kinds: " + ", ".join(f"{n.removeprefix('kind: ')} {c}" for n, c in counts.items() if "kind: " in n))
    print("kills that met a job in: " + ", ".join(f"{state} {number}" for state, number in toll.states.most_common()))
    print("kills at the moment: " + ", ".join(f"{name} {number}" for name, number in toll.moments.most_common()))
    print("moments that did not come in time: " + (", ".join(f"{n} {c}" for n, c in toll.missed.items()) or "none"))


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument != POSTGRES]
    set_up: SetUp = set_crew if POSTGRES in sys.argv else set_lives
    kills, jobs, seed = (*numbers, *(KILLS, JOBS, int(time.time()))[len(numbers) :])
    print(f"{kills} kills, {jobs} jobs, seed {seed}", flush=True)
    # A killed client hangs up on the sandbox in the middle of things; that is no news here.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    code = asyncio.run(main(kills, jobs, seed, folder, set_up))
    if code:
        print(f"The database and the bot's log are in {folder}.")
    else:
        shutil.rmtree(folder)
    sys.exit(code)
