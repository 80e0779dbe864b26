"""How long a card takes to draw, whatever its prompt is: its time grows with the prompt's length and with nothing else.

The floor of the first figure is the same text at a tenth of the length, times ten; of the second a card whose prompt
holds nothing to be escaped. Both are drawn in turns with ours, on this thread, as the bot draws on its event loop.
"""

import time
from collections.abc import Callable
from statistics import median

from benchmarks.figures import Figure, ratio
from bot.domain.job import Job, Kind, State
from bot.domain.params import JobParams
from bot.ui.cards import Card, draw
from bot.ui.markdown import escape

ROUNDS = 200
LONG, SHORT = 20_000, 2_000
HOSTILE = ("[", "*", "[x](https://y) ", "\\", "_*~|`<")
"""What a greedy pattern would take its time over."""


async def measure() -> list[Figure]:
    """Draw in turns; medians, in milliseconds."""
    figures: list[Figure] = []
    texts = [((piece * LONG)[:LONG], (piece * LONG)[:SHORT]) for piece in HOSTILE]
    slowest = max((_in_turns(_escaping(short), _escaping(long)) for long, short in texts), key=_growth)
    figures.append(ratio(f"text of {LONG:,} signs, against {SHORT:,}", slowest[0] * LONG / SHORT, slowest[1], 1.5))
    plain = _drawing("a paper boat " * (SHORT // 13))
    slowest = max((_in_turns(plain, _drawing((piece * SHORT)[:SHORT])) for piece in HOSTILE), key=_growth)
    figures.append(ratio(f"waiting card, {SHORT:,} signs to be escaped", *slowest, 5))
    return figures


def _growth(pair: tuple[float, float]) -> float:
    return pair[1] / pair[0]


def _escaping(text: str) -> Callable[[], object]:
    return lambda: escape(text, len(text), room=2 * len(text))


def _drawing(prompt: str) -> Callable[[], object]:
    job = Job("1jd8x3k2m9f4qz", "request", Kind.VIDEO, State.QUEUED, 1, 2, 3, JobParams(prompt), "ttapi", 0)
    card = Card(job, "TTAPI", 8, queue_position=3, wait_ms=120_000)
    return lambda: draw(card).to_components()


def _in_turns(floor: Callable[[], object], ours: Callable[[], object]) -> tuple[float, float]:
    pairs = [(_timed(floor), _timed(ours)) for _ in range(ROUNDS)]
    return median(first for first, _ in pairs), median(second for _, second in pairs)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)
