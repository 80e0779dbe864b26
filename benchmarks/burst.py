"""Whether 500 interactions at once are all acknowledged in time, with the work that they bring going on meanwhile."""

import asyncio
import statistics

from benchmarks.contestants import Contestant, acknowledged_after, bare, real
from benchmarks.figures import Figure, at_most

INTERACTIONS = 500
BURSTS = 3

WINDOW = 3.0
"""Seconds in which Discord wants an answer."""


async def measure() -> list[Figure]:
    """Send bursts of commands and clicks, half and half, to each bot in turn; new processes for each burst."""
    floor: list[float] = []
    ours: list[float] = []
    for _ in range(BURSTS):
        async with bare() as contestant:
            floor += await _burst(contestant)
        # Credits for everybody: most of the burst becomes jobs, which are prepared while others are acknowledged.
        async with real(DEFAULT_CREDITS="1000") as contestant:
            ours += await _burst(contestant)
    late = sum(time > WINDOW * 1000 for time in ours)
    return [
        at_most(f"burst of {INTERACTIONS}, latest of {BURSTS}", max(ours) / 1000, WINDOW, "s", max(floor) / 1000),
        at_most(
            f"burst of {INTERACTIONS}, p50",
            statistics.median(ours) / 1000,
            WINDOW,
            "s",
            statistics.median(floor) / 1000,
        ),
        at_most(f"burst of {INTERACTIONS}, not answered in time", late, 0, ""),
    ]


async def _burst(contestant: Contestant) -> list[float]:
    asked = [await contestant.ask("command" if number % 2 else "click", number // 2) for number in range(INTERACTIONS)]
    return await asyncio.gather(*map(acknowledged_after, asked))
