"""Measure all figures, or those that are named, and print one table: `python -m benchmarks [name...]`."""

import asyncio
import os
import sys
import time

from benchmarks import (
    acknowledge,
    burst,
    capacity,
    cost,
    delivery,
    drawing,
    engines,
    films,
    history,
    listing,
    move,
    painting,
    polls,
    resumption,
    scale,
    standby,
    usage,
)
from benchmarks.figures import Figure, table

MEASURES = {
    "acknowledge": acknowledge.measure,
    "burst": burst.measure,
    "history": history.measure,
    "listing": listing.measure,
    "usage": usage.measure,
    "polls": polls.measure,
    "delivery": delivery.measure,
    "film": films.measure,
    "cost": cost.measure,
    "resumption": resumption.measure,
    "engines": engines.measure,
    "move": move.measure,
    "drawing": drawing.measure,
    "painting": painting.measure,
}


BY_NAME = {**MEASURES, "capacity": capacity.measure, "scale": scale.measure, "standby": standby.measure}
"""What is measured only when it is named, too: it takes minutes."""


def main(names: list[str]) -> None:
    """Print each line as soon as it is known, and the table at the end."""
    begun_load = _load()
    figures: list[Figure] = []
    for name in names or MEASURES:
        begun = time.monotonic()
        new = asyncio.run(BY_NAME[name]())
        figures += new
        for figure in new:
            print(figure.line, flush=True)
        print(f"({name}: {time.monotonic() - begun:.0f} s)", flush=True)
    print(f"\n{table(figures)}")
    loads = f"load {begun_load:.1f} before and {_load():.1f} after"
    print(f"medians, ours and floor in turns; {os.cpu_count()} cores, {loads}")


def _load() -> float:
    """Tell how many processes want a core: above the number of cores, absolute times are other programs' doing too."""
    return os.getloadavg()[0]


if __name__ == "__main__":
    main(sys.argv[1:])
