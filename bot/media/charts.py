"""Draw what a server spent, as a picture: in a process of its own that ends, so that no drawing is held in the bot's.

Pillow draws it by hand: `docs/performance.md` says what that was weighed against.
"""

import asyncio
import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.media.child_process import run_child
from bot.media.temporary import temporary_folder

log = logging.getLogger(__name__)

LONGEST_SECONDS = 60.0
"""How long a chart may take on a machine that has much else to do; it needs half a second of a processor."""

MEMORY_MIB = 256
"""What drawing may take beside the process itself; the picture and the fonts need 40."""

_CHILD = Path(__file__).with_name("chart_child.py")
"""Not imported: neither it nor its fonts are held in the bot's process."""


@dataclass(frozen=True)
class Bar:
    """Hold one horizontal bar: what stands before it, how long it is, what stands behind it, and its colour."""

    name: str
    value: float
    label: str
    colour: int
    number: str = ""
    """What stands before the name and is always drawn."""


@dataclass(frozen=True)
class BarList:
    """Hold bars below each other, and lines of words instead where nothing can be drawn to one scale."""

    title: str
    bars: tuple[Bar, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """Hold all that stands on a chart, written out; nothing of it is a sentence of its drawing's own.

    `columns` are the steps in time, each with a value for each of `colours`, from the bottom up; `legend` names those.
    `scale` and `times` are the marks of the two axes: a value or a column, and its words.
    """

    title: str
    subtitle: str
    columns: tuple[tuple[int, ...], ...]
    colours: tuple[int, ...]
    legend: tuple[str, ...]
    scale: tuple[tuple[int, str], ...]
    times: tuple[tuple[int, str], ...]
    lists: tuple[BarList, ...]


class ChartDrawer:
    """Draw charts, one at a time."""

    def __init__(self, *, seconds: float = LONGEST_SECONDS, memory_mib: int = MEMORY_MIB) -> None:
        self._lock = asyncio.Lock()
        self._seconds = seconds
        self._memory_mib = memory_mib

    async def draw(self, chart: Chart) -> bytes | None:
        """Give a chart as a PNG; None where it cannot be drawn within time and memory."""
        async with self._lock, temporary_folder() as folder:
            told, made = folder / "chart.json", folder / "chart.png"
            await asyncio.to_thread(told.write_text, json.dumps(asdict(chart)), "utf-8")
            bounds = (str(int(self._seconds) + 1), str(self._memory_mib))
            status, words = await run_child(folder, _CHILD, *bounds, str(told), str(made), seconds=self._seconds)
            if status != 0:
                log.warning("a chart was not drawn (%s): %s", "too slow" if status is None else status, words[-500:])
                return None
            return await asyncio.to_thread(made.read_bytes)
