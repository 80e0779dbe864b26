"""Accounts and ledger, read from the bot's own database from outside as an auditor would; nothing is ever written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import quote

from sandbox.sentences import t
from sandbox.web.wire.activity import Account, LedgerEntry

ACCOUNTS = """select user_id, period, cap, base, granted, used from account
    order by period desc, user_id, guild_id limit 100"""
LEDGER = "select user_id, period, job_id, kind, amount, at_ms from ledger order by at_ms desc, id desc limit 100"

PATIENCE = 0.2
"""Seconds to wait for a lock; the database is read again soon."""

SERVER = 0
"""The user id that stands for the whole server."""

NO_LIMIT = 10**12
"""The cap of an account without one."""

FileStamps = tuple[tuple[int, int] | None, ...]


class Credits(TypedDict):
    """Hold what was read."""

    accounts: list[Account]
    ledger: list[LedgerEntry]


class LedgerAudit:
    """Read the newest accounts and ledger entries whenever the database's files have changed."""

    def __init__(self, path: Path, name: Callable[[int], str]) -> None:
        self._path = path
        self._name = name
        self._read_at: FileStamps = ()

    def read_changes(self) -> Credits | None:
        """Give accounts and ledger, newest first; None when nothing changed, or they cannot be read now.

        It blocks for some milliseconds, and belongs into a thread.
        """
        stamps = self._stamps()
        if stamps == self._read_at or stamps[0] is None:
            return None
        try:
            accounts, ledger = self._read()
        except sqlite3.Error:
            return None  # locked, or not yet made: another time
        self._read_at = stamps
        return {
            "accounts": [self._account(*row) for row in accounts],
            "ledger": [self._entry(*row) for row in ledger],
        }

    def _stamps(self) -> FileStamps:
        """Give what changes with each commit: size and time of the database, and of what is not yet merged into it."""
        return tuple(_stamp(Path(f"{self._path}{suffix}")) for suffix in ("", "-wal"))

    def _read(self) -> tuple[list[Any], list[Any]]:
        uri = f"file:{quote(str(self._path))}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=PATIENCE)) as db:
            return db.execute(ACCOUNTS).fetchall(), db.execute(LEDGER).fetchall()

    def _who(self, user_id: int) -> str:
        return t("the whole server") if user_id == SERVER else self._name(user_id)

    def _account(self, user_id: int, period: str, cap: int, base: int, granted: int, used: int) -> Account:
        limited = cap < NO_LIMIT
        return {
            "who": self._who(user_id),
            "period": period,
            "cap": cap if limited else None,
            "granted": granted,
            "used": used,
            "left": max(cap, base) + granted - used if limited else None,
        }

    def _entry(self, user_id: int, period: str, job: str | None, kind: str, amount: int, at: int) -> LedgerEntry:
        return {"at": at, "who": self._who(user_id), "kind": kind, "amount": amount, "job": job, "period": period}


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
