"""What is still to be told in servers' mod logs: an outbox, which the worker's `LogWriter` works off.

An event is written by the transaction that does what it tells of, and is gone before its message is sent: what dies in
between costs the message, and never makes two. One with a once-key stays, with no due time, until its cause is over:
the same is not told again while it lasts.
"""

import json
from collections.abc import Mapping
from typing import Any

from bot.db.database import Database, Transaction
from bot.domain.job import new_id
from bot.domain.mod_log import GATHER_MS, EventKind


class ModLog:
    """Write events down, and take those that are due."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(
        self, guild_id: int, kind: EventKind, data: Mapping[str, Any], now_ms: int, *, once_key: str | None = None
    ) -> None:
        """Write an event down by itself; where something is written anyway, `add_event` does it along with that."""
        async with self._db.transaction() as tx:
            await add_event(tx, guild_id, kind, data, now_ms, once_key=once_key)


async def add_event(
    tx: Transaction,
    guild_id: int,
    kind: EventKind,
    data: Mapping[str, Any],
    now_ms: int,
    *,
    once_key: str | None = None,
) -> None:
    """Write an event down in the transaction that does what it tells of; `now_ms` is a time of due times.

    With `once_key` nothing is written while an earlier one's cause lasts.
    """
    await tx.fetch(
        """insert into log_event (id, guild_id, kind, data, at_ms, due_ms, once_key)
           values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing""",
        new_id(now_ms),
        guild_id,
        kind,
        json.dumps(dict(data), ensure_ascii=False, separators=(",", ":")),
        now_ms,
        now_ms + GATHER_MS,
        once_key,
    )
