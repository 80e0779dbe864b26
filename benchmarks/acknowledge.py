"""How fast commands and clicks are acknowledged, next to a bare bot that only defers.

Each bot runs as its own process on its own local Discord. Single requests, and waves of 50 sent together, alternate
between the two, so that whatever else the machine does falls on both. A member without credits asks, so that the bot
does all its work but the film, and the next request is sent when nothing is in flight any more.
"""

import asyncio
import statistics
from collections.abc import Sequence

from benchmarks.contestants import Contestant, acknowledged_after, bare, real
from benchmarks.figures import Figure, ratio
from sandbox.discord import Interaction

SINGLES = 200
WAVES = 20
WAVE = 50
REST_SECONDS = 0.02
END_SECONDS = 60.0

AT_ONE = 1.3
AT_FIFTY = 1.5


async def measure() -> list[Figure]:
    """Measure commands and clicks, 1 and 50 in flight."""
    figures: list[Figure] = []
    async with bare() as floor, real() as ours:
        for size, rounds, limit in ((1, SINGLES, AT_ONE), (WAVE, WAVES, AT_FIFTY)):
            for kind in ("command", "click"):
                floor_times, our_times = await alternate(floor, ours, kind, size, rounds)
                figures.append(
                    ratio(
                        f"acknowledged {kind}, p50, {size} in flight",
                        statistics.median(floor_times),
                        statistics.median(our_times),
                        limit,
                    )
                )
    return figures


async def alternate(
    floor: Contestant, ours: Contestant, kind: str, size: int, rounds: int
) -> tuple[list[float], list[float]]:
    """Ask both in turns; gives the times of each. Milliseconds."""
    floor_times: list[float] = []
    our_times: list[float] = []
    for _ in range(rounds):
        times, _ = await _wave(floor, kind, size)
        floor_times += times
        times, asked = await _wave(ours, kind, size)
        our_times += times
        await asyncio.gather(*(interaction.private_reply(END_SECONDS) for interaction in asked))
    return floor_times, our_times


async def _wave(contestant: Contestant, kind: str, size: int) -> tuple[list[float], Sequence[Interaction]]:
    """Send some requests together after a rest that is the same for both."""
    await asyncio.sleep(REST_SECONDS)
    asked = [await contestant.ask(kind, number) for number in range(size)]
    return await asyncio.gather(*map(acknowledged_after, asked)), asked
