"""What was told so far, so that a tab that comes later can be told everything."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Generic, TypeVar

from sandbox.web.wire.activity import Account, Activity, Call, Fault, LedgerEntry, ProviderJob

RowT = TypeVar("RowT", ProviderJob, Call)


class Newest(Generic[RowT]):
    """Keep the newest rows by their ids; a row that comes again takes the place of the old one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._rows: dict[str, RowT] = {}

    def take(self, rows: Iterable[RowT]) -> None:
        """Add rows, or bring them up to date."""
        self._rows.update((row["id"], row) for row in rows)
        while len(self._rows) > self._most:
            del self._rows[next(iter(self._rows))]

    def rows(self) -> list[RowT]:
        """Give all rows, oldest first."""
        return list(self._rows.values())


class SnapshotCache:
    """Keep the newest of everything that changes were told of."""

    def __init__(self, *, jobs: int, calls: int, lines: int) -> None:
        self._jobs = Newest[ProviderJob](jobs)
        self._calls = Newest[Call](calls)
        self._log: deque[str] = deque(maxlen=lines)
        self._accounts: list[Account] = []
        self._ledger: list[LedgerEntry] = []
        self._faults: list[Fault] = []

    def take(self, found: Activity) -> Activity:
        """Add what a poll found, and give what of it is a change; empty when nothing is."""
        changes: Activity = {}
        if jobs := found.get("jobs"):
            self._jobs.take(jobs)
            changes["jobs"] = jobs
        if calls := found.get("calls"):
            self._calls.take(calls)
            changes["calls"] = calls
        if lines := found.get("log"):
            self._log.extend(lines)
            changes["log"] = lines
        # These are always told as a whole.
        if (accounts := found.get("accounts")) and accounts != self._accounts:
            self._accounts = changes["accounts"] = accounts
        if (ledger := found.get("ledger")) and ledger != self._ledger:
            self._ledger = changes["ledger"] = ledger
        if (faults := found.get("faults")) and faults != self._faults:
            self._faults = changes["faults"] = faults
        return changes

    def everything(self) -> Activity:
        """Give all that is known."""
        return {
            "reset": True,
            "jobs": self._jobs.rows(),
            "calls": self._calls.rows(),
            "log": list(self._log),
            "accounts": self._accounts,
            "ledger": self._ledger,
            "faults": self._faults,
        }
