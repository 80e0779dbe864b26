"""What was told so far, so that a tab that comes later can be told everything."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from sandbox.discord.json_types import Json


class Newest:
    """Keep the newest rows by their ids; a row that comes again takes the place of the old one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._rows: dict[str, Json] = {}

    def take(self, rows: Iterable[Json]) -> None:
        """Add rows, or bring them up to date."""
        self._rows.update((row["id"], row) for row in rows)
        while len(self._rows) > self._most:
            del self._rows[next(iter(self._rows))]

    def rows(self) -> list[Json]:
        """Give all rows, oldest first."""
        return list(self._rows.values())


class SnapshotCache:
    """Keep the newest of everything that changes were told of."""

    def __init__(self, *, jobs: int, calls: int, lines: int) -> None:
        self._newest = {"jobs": Newest(jobs), "calls": Newest(calls)}
        self._lines: deque[str] = deque(maxlen=lines)
        self._whole: Json = {"accounts": [], "ledger": [], "breaks": []}
        """What is always told as a whole."""

    def take(self, found: Json) -> Json:
        """Add what a look found, and give what of it is a change; empty when nothing is."""
        changes: Json = {name: rows for name, rows in found.items() if rows and self._whole.get(name) != rows}
        for name, rows in changes.items():
            if name in self._newest:
                self._newest[name].take(rows)
            elif name == "log":
                self._lines.extend(rows)
            else:
                self._whole[name] = rows
        return changes

    def everything(self) -> Json:
        """Give all that is known."""
        newest = {name: kept.rows() for name, kept in self._newest.items()}
        return {"reset": True, **newest, "log": list(self._lines), **self._whole}
