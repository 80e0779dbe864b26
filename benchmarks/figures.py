"""A figure with its limit, and the table that figures stand in."""

from collections.abc import Sequence
from dataclasses import dataclass

COLUMNS = ("figure", "floor", "ours", "compared", "limit", "")
WIDTHS = (48, 11, 11, 10, 10, 0)


@dataclass(frozen=True)
class Figure:
    """Hold one figure: what is compared with the limit, in `unit`, and what it was made from."""

    name: str
    floor: str
    ours: str
    compared: float
    limit: float
    unit: str

    @property
    def verdict(self) -> str:
        """Say whether the limit is kept, and if not by how much."""
        if self.compared <= self.limit:
            return "ok"
        return f"missed by {_written(self.compared - self.limit, self.unit)}"

    @property
    def line(self) -> str:
        """Write the figure as a line of the table."""
        compared, limit = (_written(value, self.unit) for value in (self.compared, self.limit))
        return _row((self.name, self.floor, self.ours, compared, limit, self.verdict))


def ratio(name: str, floor: float, ours: float, limit: float, unit: str = "ms") -> Figure:
    """Compare how many times the floor ours is."""
    return Figure(name, _written(floor, unit), _written(ours, unit), ours / floor, limit, "x")


def growth(name: str, floor: float, ours: float, limit: float, unit: str = "MB") -> Figure:
    """Compare by how much ours is above the floor."""
    return Figure(name, _written(floor, unit), _written(ours, unit), ours - floor, limit, unit)


def at_most(name: str, ours: float, limit: float, unit: str = "s", floor: float | None = None) -> Figure:
    """Compare ours itself; a floor only shows what is possible here."""
    return Figure(name, "" if floor is None else _written(floor, unit), _written(ours, unit), ours, limit, unit)


def table(figures: Sequence[Figure]) -> str:
    """Write all figures below a head."""
    return "\n".join((_row(COLUMNS), *(figure.line for figure in figures)))


def _row(cells: Sequence[str]) -> str:
    first, *others = cells
    columns = [first.ljust(WIDTHS[0])]
    columns += [cell.rjust(width) for cell, width in zip(others, WIDTHS[1:], strict=True)]
    return "  ".join(columns).rstrip()


def _written(value: float, unit: str) -> str:
    if unit == "":
        return f"{value:.0f}"
    digits = 0 if unit == "ms" and value >= 100 else 1 if unit == "MB" else 2
    return f"{value:.{digits}f}{'' if unit == 'x' else ' '}{unit}"
