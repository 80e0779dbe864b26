"""Accounts and ledger, read from the bot's own database from outside as an auditor would; nothing is ever written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sandbox.discord.json_types import Json

ACCOUNTS = """select user_id, period, cap, granted, used from account
    order by period desc, user_id, guild_id limit 100"""
LEDGER = "select user_id, period, job_id, kind, amount, at_ms from ledger order by at_ms desc, id desc limit 100"

PATIENCE = 0.2
"""Seconds to wait for a lock; the books are looked at again soon."""

SERVER = 0
"""The user id that stands for the whole server."""

NO_LIMIT = 10**12
"""The cap of an account without one."""

Signs = tuple[tuple[int, int] | None, ...]


class LedgerAudit:
    """Read the newest accounts and ledger entries whenever the database's files have changed."""

    def __init__(self, path: Path, name: Callable[[int], str]) -> None:
        self._path = path
        self._name = name
        self._read_at: Signs = ()

    def news(self) -> Json | None:
        """Give `accounts` and `ledger`, newest first; None when nothing changed, or they cannot be read now.

        It blocks for some milliseconds, and belongs into a thread.
        """
        signs = self._signs()
        if signs == self._read_at or signs[0] is None:
            return None
        try:
            accounts, ledger = self._read()
        except sqlite3.Error:
            return None  # locked, or not yet made: another time
        self._read_at = signs
        return {
            "accounts": [self._account(*row) for row in accounts],
            "ledger": [self._entry(*row) for row in ledger],
        }

    def _signs(self) -> Signs:
        """Give what changes with each commit: size and time of the database, and of what is not yet merged into it."""
        return tuple(_sign(Path(f"{self._path}{suffix}")) for suffix in ("", "-wal"))

    def _read(self) -> tuple[list[Any], list[Any]]:
        uri = f"file:{quote(str(self._path))}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=PATIENCE)) as db:
            return db.execute(ACCOUNTS).fetchall(), db.execute(LEDGER).fetchall()

    def _who(self, user_id: int) -> str:
        return "the whole server" if user_id == SERVER else self._name(user_id)

    def _account(self, user_id: int, period: str, cap: int, granted: int, used: int) -> Json:
        limited = cap < NO_LIMIT
        return {
            "who": self._who(user_id),
            "period": period,
            "cap": cap if limited else None,
            "granted": granted,
            "used": used,
            "left": cap + granted - used if limited else None,
        }

    def _entry(self, user_id: int, period: str, job: str | None, kind: str, amount: int, at: int) -> Json:
        return {"at": at, "who": self._who(user_id), "kind": kind, "amount": amount, "job": job, "period": period}


def _sign(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
