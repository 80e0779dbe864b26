"""Who asked to be forgotten: an outbox, which the worker's `Forgetter` works off; each part may be repeated."""

from bot.db.database import Database, Transaction
from bot.db.erased import STANDING
from bot.db.member_erasure import erase_choices, erase_orders, erase_traces, tells_directly
from bot.db.member_ids import EVERYWHERE, MemberIds
from bot.db.member_rename import forget_ended_blocks, lock_member, rename_money, rename_strikes
from bot.domain.clock import FARTHEST_MS
from bot.domain.forgetting import Forgetting


class Forgettings:
    """Write down who is to be forgotten, and what is done of it."""

    def __init__(self, db: Database, ids: MemberIds) -> None:
        self._db = db
        self._ids = ids

    async def ask(self, guild_id: int, user_id: int, now_ms: int) -> None:
        """Write down that a member is to be forgotten; once more, for what they asked for since they last did."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """insert into forgetting (guild_id, user_id, at_ms, due_ms) values ($1, $2, $3, $3)
                   on conflict (guild_id, user_id)
                   do update set at_ms = excluded.at_ms, due_ms = excluded.due_ms, renamed = 0, tries = 0""",
                guild_id,
                user_id,
                now_ms,
            )

    async def take(self, most: int, now_ms: int, until_ms: int) -> list[Forgetting]:
        """Take what is due, until a moment: if nobody has written down more by then, it is due again.

        What is due farther ahead than any can be is due now: a wrong clock wrote that.
        """
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                """with picked as (
                       select guild_id, user_id from forgetting where due_ms <= $1 or due_ms > $2
                       order by due_ms limit $4 for update skip locked)
                   update forgetting set due_ms = $3, tries = tries + 1
                   where (guild_id, user_id) in (select guild_id, user_id from picked)
                   returning *""",
                now_ms,
                now_ms + FARTHEST_MS,
                until_ms,
                most,
            )
        return [Forgetting(**dict(row)) for row in rows]

    async def next_due_ms(self) -> int | None:
        """Tell when the next one is due; None where nobody is to be forgotten."""
        rows = await self._db.fetch("select min(due_ms) as at from forgetting")
        return rows[0]["at"]

    async def put_off(self, forgetting: Forgetting, due_ms: int) -> None:
        """Write down when it is looked at again."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                "update forgetting set due_ms = $4 where guild_id = $1 and user_id = $2 and at_ms = $3",
                forgetting.guild_id,
                forgetting.user_id,
                forgetting.at_ms,
                due_ms,
            )

    async def hashed(self, forgetting: Forgetting) -> int:
        """Give the id that the member's sums are to stand under."""
        return (await self._ids.of(self._db, forgetting.guild_id, forgetting.user_id)).hashed

    async def to_remove(self, forgetting: Forgetting, most: int) -> list[str]:
        """Name jobs of the member that are to be removed, oldest first, also those that were erased for their age."""
        rows = await self._db.fetch(
            f"""select id from job where guild_id = $1 and user_id = $2 and created_ms <= $3 and {STANDING}
               order by created_ms, id limit $4""",
            forgetting.guild_id,
            forgetting.user_id,
            forgetting.at_ms,
            most,
        )
        return [row["id"] for row in rows]

    async def previews(self, forgetting: Forgetting) -> list[str]:
        """Name the member's previews of then, whose files are still there; those of which a job came are the job's."""
        rows = await self._db.fetch(
            """select id from region_preview where guild_id = $1 and user_id = $2 and created_ms <= $3
                   and not exists (select 1 from job where job.id = region_preview.id)""",
            forgetting.guild_id,
            forgetting.user_id,
            forgetting.at_ms,
        )
        return [row["id"] for row in rows]

    async def rename(self, forgetting: Forgetting) -> None:
        """Let the member's sums, strikes and blocks stand under the hashed id, and erase what they chose; once.

        All of it is one transaction: the books are exact before and after.
        """
        guild_id, user_id = forgetting.guild_id, forgetting.user_id
        here = await self._ids.of(self._db, guild_id, user_id)
        everywhere = await self._ids.of(self._db, EVERYWHERE, user_id)
        async with self._db.transaction() as tx:
            await lock_member(tx, guild_id, here)
            if not await _lock(tx, forgetting):
                return
            direct = await tells_directly(tx, guild_id, user_id)
            await forget_ended_blocks(tx, guild_id, here, forgetting.at_ms - FARTHEST_MS)
            await rename_money(tx, guild_id, here)
            await rename_strikes(tx, guild_id, everywhere)
            await erase_orders(tx, guild_id, here)
            await erase_choices(tx, guild_id, user_id, forgetting.at_ms)
            await erase_traces(tx, guild_id, here, forgetting.at_ms)
            await tx.fetch(
                """update forgetting set renamed = 1, direct = case when $3 = 1 then 1 else direct end
                   where guild_id = $1 and user_id = $2""",
                guild_id,
                user_id,
                int(direct),
            )

    async def let_go(self, forgetting: Forgetting, most: int) -> int:
        """Take the member's id off some jobs of which all is removed; gives how many."""
        here = await self._ids.of(self._db, forgetting.guild_id, forgetting.user_id)
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                """update job set user_id = $3, roles = '[]', locale = null, request_id = 'forgotten ' || id
                   where id in (
                       select id from job where guild_id = $1 and user_id = $2 and exists (
                           select 1 from removal where removal.job_id = job.id and removal.due_ms is null
                               and (job.created_ms <= $5 or removal.by_user_id = $3))
                       order by created_ms, id limit $4 for update)
                   returning 1""",
                forgetting.guild_id,
                here.own,
                here.hashed,
                most,
                forgetting.at_ms,
            )
        return len(rows)

    async def end(self, forgetting: Forgetting) -> bool:
        """Forget that the member was ever to be forgotten, if no job of then is left; tells whether that is so."""
        guild_id, user_id = forgetting.guild_id, forgetting.user_id
        here = await self._ids.of(self._db, guild_id, user_id)
        everywhere = await self._ids.of(self._db, EVERYWHERE, user_id)
        async with self._db.transaction() as tx:
            await lock_member(tx, guild_id, here)
            if not await _lock(tx, forgetting, renamed=1):
                return True
            left = await tx.fetch(
                # What shared a card with what was asked for then went with it, though it was made later.
                """select 1 from job where guild_id = $1 and user_id = $2 and (created_ms <= $3 or exists (
                       select 1 from removal where removal.job_id = job.id and removal.by_user_id = $4)) limit 1""",
                guild_id,
                user_id,
                forgetting.at_ms,
                here.hashed,
            )
            if left:
                return False
            # What was on its way meanwhile may have been charged, or refused for its prompt.
            await rename_money(tx, guild_id, here)
            await rename_strikes(tx, guild_id, everywhere)
            await tx.fetch("delete from forgetting where guild_id = $1 and user_id = $2", guild_id, user_id)
        return True


async def _lock(tx: Transaction, forgetting: Forgetting, *, renamed: int = 0) -> bool:
    """Hold the row; tells whether it is as it was, which it is not where somebody else was faster."""
    rows = await tx.fetch(
        """select 1 from forgetting where guild_id = $1 and user_id = $2 and at_ms = $3 and renamed = $4 for update""",
        forgetting.guild_id,
        forgetting.user_id,
        forgetting.at_ms,
        renamed,
    )
    return bool(rows)
