"""What is still to be told in servers' mod logs: an outbox, which the worker's `LogWriter` works off.

An event is written by the transaction that does what it tells of, and is gone once its message has arrived: what dies
in between leaves it due again, in the same batch. One with a once-key stays, with no due time, until its cause is over:
the same is not told again while it lasts.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from bot.db import lock_names
from bot.db.database import Database, Row, Transaction, WriteTransaction, parameters
from bot.domain.clock import FARTHEST_MS
from bot.domain.job import new_id
from bot.domain.log_turns import LOOK_AGAIN_MS, TRIES, Batch, Outlet, turn, turn_again, untold_until_ms
from bot.domain.mod_log import GATHER_MS, EventKind, LogEvent

log = logging.getLogger(__name__)

AT_ONCE = 5
"""In how many servers is told at a time."""

MOST_READ = 1_000
"""How many waiting events of a server are read at a time."""


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

    async def take(self, now_ms: int) -> list[Batch]:
        """Take what is due and may be told now, one message a server; the rest is due later.

        What is not `told` within a while is taken again. What is due farther ahead than any can be is due now: a wrong
        clock wrote that.
        """
        async with self._db.transaction() as tx:
            await tx.lock(lock_names.MOD_LOG)
            due = await tx.fetch(
                f"""select guild_id, min(due_ms) as at from log_event
                    where due_ms is not null and (due_ms <= $1 or due_ms > $2)
                    group by guild_id order by 2 limit {AT_ONCE}""",
                now_ms,
                now_ms + FARTHEST_MS,
            )
            batches = [await _take_of(tx, row["guild_id"], now_ms) for row in due]
        return [batch for batch in batches if batch is not None]

    async def told(self, batch: Batch) -> None:
        """Write down that a batch has arrived."""
        async with self._db.transaction() as tx:
            await tx.lock(lock_names.MOD_LOG)
            await _forget(tx, [event.id for event in batch.events])

    async def forget_old(self, before_ms: int) -> None:
        """Forget what was told once long ago, whatever became of its cause."""
        async with self._db.transaction() as tx:
            await tx.fetch("delete from log_event where due_ms is null and at_ms < $1", before_ms)

    async def return_to_owner(self, batch: Batch, now_ms: int) -> None:
        """Put back what surely did not arrive, as its channel is gone or locked; the server's owner is told instead.

        The same channel is tried again after a while.
        """
        async with self._db.transaction() as tx:
            await tx.lock(lock_names.MOD_LOG)
            await tx.fetch(
                "update guild set log_lost_channel_id = $2, log_lost_ms = $3 where guild_id = $1",
                batch.guild_id,
                batch.channel_id,
                now_ms,
            )
            ids = [event.id for event in batch.events]
            await tx.fetch(
                f"""update log_event set due_ms = $1, batch = null, tries = 0
                    where due_ms is not null and id in ({parameters(ids, 2)})""",
                now_ms,
                *ids,
            )


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
    event = LogEvent(new_id(now_ms), kind, data, now_ms, once_key)
    await _insert(tx, guild_id, event, now_ms + GATHER_MS)


async def end_causes(tx: WriteTransaction, once_keys: Sequence[str]) -> None:
    """Forget what was told once, in all servers: its cause is over, and the next time is news again."""
    named = parameters(once_keys)
    if await tx.fetch(f"select 1 from log_event where once_key in ({named}) limit 1", *once_keys):
        # Who takes events writes to rows of several servers too, in an order of their own.
        await tx.lock(lock_names.MOD_LOG)
        await tx.fetch(f"delete from log_event where once_key in ({named})", *once_keys)


async def _insert(tx: Transaction, guild_id: int, event: LogEvent, due_ms: int) -> None:
    await tx.fetch(
        """insert into log_event (id, guild_id, kind, data, at_ms, due_ms, once_key)
           values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing""",
        event.id,
        guild_id,
        event.kind,
        json.dumps(dict(event.data), ensure_ascii=False, separators=(",", ":")),
        event.at_ms,
        due_ms,
        event.once_key,
    )


async def _take_of(tx: Transaction, guild_id: int, now_ms: int) -> Batch | None:
    """Take what one server is told now, put off the rest, and remember that it was told."""
    outlet = await _outlet(tx, guild_id, now_ms)
    rows = await tx.fetch(
        f"""select * from log_event
            where guild_id = $1 and due_ms is not null order by id limit {MOST_READ}""",
        guild_id,
    )
    if outlet is None:
        await tx.fetch("delete from log_event where guild_id = $1", guild_id)
    if outlet is None or not rows:
        return None
    untold = await _untold(tx, rows, now_ms)
    waiting = [_event(row) for row in rows if row["batch"] is None]
    again = [_event(row) for row in untold]
    chosen = turn_again(outlet, again, now_ms) if again else turn(outlet, waiting, now_ms)
    await tx.fetch(
        """update log_event set due_ms = $2
           where guild_id = $1 and due_ms is not null and (batch is null or due_ms <= $3 or due_ms > $4)""",
        guild_id,
        chosen.rest_due_ms,
        now_ms,
        now_ms + FARTHEST_MS,
    )
    if not chosen.events:
        return None
    tries = untold[0]["tries"] if untold else 0
    batch = Batch(guild_id, outlet.channel_id, chosen.events, outlet.lost_channel_id, tries)
    await _send_off(tx, batch, now_ms)
    digest = batch.channel_id is None and not batch.is_urgent
    await tx.fetch(
        """insert into guild (guild_id, updated_ms, log_sent_ms, owner_told_ms) values ($1, $2, $2, $3)
           on conflict (guild_id) do update set log_sent_ms = excluded.log_sent_ms,
               owner_told_ms = coalesce(excluded.owner_told_ms, guild.owner_told_ms)""",
        guild_id,
        now_ms,
        now_ms if digest else None,
    )
    return batch


async def _outlet(tx: Transaction, guild_id: int, now_ms: int) -> Outlet | None:
    """Tell where a server is told; None for one that the bot was removed from."""
    rows = await tx.fetch(
        """select mod_log_channel_id, log_sent_ms, owner_told_ms, log_lost_channel_id, log_lost_ms, left_ms
           from guild where guild_id = $1""",
        guild_id,
    )
    if not rows:
        return Outlet(guild_id)
    row = rows[0]
    if row["left_ms"] is not None:
        return None
    named = row["mod_log_channel_id"]
    lost = (
        named is not None and named == row["log_lost_channel_id"] and 0 <= now_ms - row["log_lost_ms"] < LOOK_AGAIN_MS
    )
    return Outlet(guild_id, None if lost else named, row["log_sent_ms"], row["owner_told_ms"], named if lost else None)


async def _untold(tx: Transaction, rows: Sequence[Row], now_ms: int) -> list[Row]:
    """Give the oldest batch that was on its way, and is due again; one that was so for long is given up."""
    due = [row for row in rows if row["batch"] is not None and not now_ms < row["due_ms"] <= now_ms + FARTHEST_MS]
    over = [row["id"] for row in due if row["tries"] >= TRIES]
    if over:
        log.error("server %s: %d events cannot be told, and are given up", due[0]["guild_id"], len(over))
        await _forget(tx, over)
    left = [row for row in due if row["id"] not in over]
    return [row for row in left if row["batch"] == left[0]["batch"]]


async def _forget(tx: Transaction, ids: Sequence[str]) -> None:
    """Forget events that were told; what is told once stays known."""
    named = parameters(ids)
    await tx.fetch(
        f"update log_event set due_ms = null, batch = null where once_key is not null and id in ({named})", *ids
    )
    await tx.fetch(f"delete from log_event where once_key is null and id in ({named})", *ids)


async def _send_off(tx: Transaction, batch: Batch, now_ms: int) -> None:
    """Let a batch be due again, in case it does not arrive."""
    ids = [event.id for event in batch.events]
    await tx.fetch(
        f"update log_event set batch = $1, due_ms = $2, tries = $3 where id in ({parameters(ids, 4)})",
        batch.id,
        untold_until_ms(batch.tries + 1, now_ms),
        batch.tries + 1,
        *ids,
    )
    if batch.has_reports and batch.channel_id is not None:
        for event in batch.events:
            await tx.fetch(
                "update report set log_id = $3 where job_id = $1 and user_id = $2",
                event.data["job"],
                event.data["by"],
                batch.id,
            )


def _event(row: Row) -> LogEvent:
    return LogEvent(row["id"], EventKind(row["kind"]), json.loads(row["data"]), row["at_ms"], row["once_key"])
