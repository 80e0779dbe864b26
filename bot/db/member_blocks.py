"""Whom moderators have blocked: written and lifted, with what waits of them; `bot/db/blocks.py` asks for it."""

from dataclasses import dataclass

from bot.db import lock_names
from bot.db.database import Database, Row, Transaction
from bot.db.member_ids import MemberIds
from bot.db.mod_log import add_event
from bot.db.waiting_jobs import fail_waiting
from bot.domain.blocks import MemberBlock
from bot.domain.job import Job
from bot.domain.mod_log import EventKind
from bot.errors import Cancelled


@dataclass(frozen=True)
class Put:
    """Hold what a block took the place of, None where nothing was in force, and the jobs that ended with it."""

    before: MemberBlock | None
    ended: list[Job]


class MemberBlockRepository:
    """Write down whom moderators block, and for how long."""

    def __init__(self, db: Database, ids: MemberIds) -> None:
        self._db = db
        self._ids = ids

    async def put(self, guild_id: int, block: MemberBlock, now_ms: int) -> Put:
        """Block a member in place of any block before; what waits of them is cancelled and refunded.

        `now_ms` is when those jobs are due to be told; the times of the block are as the wall clock shows them.
        """
        async with self._db.transaction() as tx:
            # Before anything that spends for them: what is charged before is ended, what comes after is refused.
            await tx.lock(lock_names.member(guild_id, block.user_id))
            rows = await self._forget_hashed(tx, guild_id, block.user_id)
            rows += await tx.fetch("select * from block where guild_id = $1 and user_id = $2", guild_id, block.user_id)
            before = next((one for one in map(_to_block, rows) if one.lasts(block.at_ms)), None)
            await tx.fetch(
                """insert into block (guild_id, user_id, until_ms, reason, by_user_id, at_ms)
                   values ($1, $2, $3, $4, $5, $6) on conflict (guild_id, user_id)
                   do update set until_ms = excluded.until_ms, reason = excluded.reason,
                       by_user_id = excluded.by_user_id, at_ms = excluded.at_ms""",
                guild_id,
                block.user_id,
                block.until_ms,
                block.reason,
                block.by_user_id,
                block.at_ms,
            )
            said: dict[str, object] = {
                "by": block.by_user_id,
                "member": block.user_id,
                "until_ms": block.until_ms,
                "reason": block.reason or None,
            }
            if before is not None:
                said["before"] = {
                    "by": before.by_user_id,
                    "until_ms": before.until_ms,
                    "reason": before.reason or None,
                }
            await add_event(tx, guild_id, EventKind.BLOCKED, said, now_ms)
            ended = await fail_waiting(tx, guild_id, block.user_id, Cancelled(block.by_user_id), now_ms)
        return Put(before, ended)

    async def lift(self, guild_id: int, user_id: int, *, by: int, wall_ms: int, now_ms: int) -> MemberBlock | None:
        """Unblock a member; gives the block that was in force, None when there was none."""
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                "delete from block where guild_id = $1 and user_id = $2 returning *", guild_id, user_id
            )
            rows += await self._forget_hashed(tx, guild_id, user_id)
            lifted = next((block for block in map(_to_block, rows) if block.lasts(wall_ms)), None)
            if lifted is not None:
                await add_event(tx, guild_id, EventKind.UNBLOCKED, {"by": by, "member": user_id}, now_ms)
        return lifted

    async def get(self, guild_id: int, user_id: int, wall_ms: int) -> MemberBlock | None:
        """Give a member's block while it lasts."""
        ids = await self._ids.of(self._db, guild_id, user_id)
        rows = await self._db.fetch("select * from block where guild_id = $1 and user_id in ($2, $3)", guild_id, *ids)
        return next((block for block in map(_to_block, rows) if block.lasts(wall_ms)), None)

    async def of_server(self, guild_id: int, wall_ms: int, most: int) -> list[MemberBlock]:
        """List whom moderators of a server have blocked, the newest first."""
        rows = await self._db.fetch(
            """select * from block where guild_id = $1 and (until_ms is null or until_ms > $2)
               order by at_ms desc, user_id limit $3""",
            guild_id,
            wall_ms,
            most,
        )
        return [_to_block(row) for row in rows]

    async def forget_ended(self, before_ms: int) -> None:
        """Forget the blocks of all servers that ended before a moment by the wall clock."""
        async with self._db.transaction() as tx:
            await tx.fetch("delete from block where until_ms < $1", before_ms)

    async def _forget_hashed(self, tx: Transaction, guild_id: int, user_id: int) -> list[Row]:
        """Forget the block of a member that was kept when they were forgotten, and give it."""
        ids = await self._ids.of(tx, guild_id, user_id)
        return await tx.fetch(
            "delete from block where guild_id = $1 and user_id = $2 returning *", guild_id, ids.hashed
        )


def _to_block(row: Row) -> MemberBlock:
    return MemberBlock(row["user_id"], row["until_ms"], row["reason"], row["by_user_id"], row["at_ms"])
