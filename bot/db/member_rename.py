"""A member's sums, strikes and blocks are written under the hashed id, inside the transaction that forgets them."""

from bot.db import lock_names
from bot.db.database import Transaction, WriteTransaction
from bot.db.member_ids import Ids


async def lock_member(tx: WriteTransaction, guild_id: int, ids: Ids) -> None:
    """Hold all that may change the member's accounts: who charges for them, the jobs that may end, the accounts."""
    await tx.lock(lock_names.member(guild_id, ids.own))
    await tx.fetch(
        """select 1 from job where guild_id = $1 and user_id = $2 and state not in ('done', 'failed')
           order by created_ms, id for update""",
        guild_id,
        ids.own,
    )
    await tx.fetch(
        """select 1 from account where guild_id = $1 and user_id in ($2, $3)
           order by abs(user_id) desc, period for update""",
        guild_id,
        *ids,
    )


async def rename_money(tx: Transaction, guild_id: int, ids: Ids) -> None:
    """Write accounts, their lines in the ledger, an allowance and a block under the hashed id."""
    await tx.fetch(
        """update ledger set user_id = $3 where guild_id = $1 and user_id = $2
               and period in (select period from account where guild_id = $1 and user_id = $2)""",
        guild_id,
        *ids,
    )
    # Each period has one of both accounts, unless somebody wrote behind our back: then they are one from here on.
    await tx.fetch(
        """insert into account (guild_id, user_id, period, cap, granted, used, base)
           select guild_id, cast($3 as bigint), period, cap, granted, used, base from account
           where guild_id = $1 and user_id = $2
           on conflict (guild_id, user_id, period) do update set used = account.used + excluded.used,
               granted = account.granted + excluded.granted, base = account.base + excluded.base""",
        guild_id,
        *ids,
    )
    await tx.fetch("delete from account where guild_id = $1 and user_id = $2", guild_id, ids.own)
    said = (("allowance", "subject_id", "subject = 'member'", "updated_ms"), ("block", "user_id", "1 = 1", "at_ms"))
    for table, column, only, moment in said:
        rows = await tx.fetch(
            f"""select {column} as id from {table} where guild_id = $1 and {column} in ($2, $3) and {only}
                order by {moment}, {column} for update""",
            guild_id,
            *ids,
        )
        # What was said last counts.
        for row in rows[:-1]:
            await tx.fetch(f"delete from {table} where guild_id = $1 and {column} = $2 and {only}", guild_id, row["id"])
        await tx.fetch(
            f"update {table} set {column} = $3 where guild_id = $1 and {column} = $2 and {only}", guild_id, *ids
        )


async def forget_ended_blocks(tx: Transaction, guild_id: int, ids: Ids, before_ms: int) -> None:
    """Forget blocks of the member that ended before a moment, by the wall clock: those do not stand under any name."""
    await tx.fetch(
        "delete from block where guild_id = $1 and user_id in ($2, $3) and until_ms < $4", guild_id, *ids, before_ms
    )


async def rename_strikes(tx: Transaction, guild_id: int, ids: Ids) -> None:
    """Write the strikes of one server under an id that is the same in all of them, where they are counted together."""
    await tx.fetch(
        """update strike set user_id = $3
           where user_id = $2 and (select job.guild_id from job where job.id = strike.job_id) = $1""",
        guild_id,
        *ids,
    )
