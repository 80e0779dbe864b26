"""Spend and give back, always inside the transaction that moves the job; `used` is the sum of what is written here.

What comes back goes to the account that paid: the id in the job's reserve line, which is the hashed one of a member who
was forgotten since. Whoever ends a job holds its row before they look for that line, as who forgets a member does.
"""

from collections.abc import Sequence

from bot.db.allowances import NO_LIMIT, Allowance
from bot.db.blocks import refuse_blocked
from bot.db.credit_events import tell_when_low
from bot.db.database import Transaction, parameters
from bot.db.schema import SERVER
from bot.domain.job import Job, new_id
from bot.errors import ServerOutOfCredits, TooFewCredits

TOTAL = "(case when cap > base then cap else base end) + granted"
"""What an account may spend in its period; SQLite has no `greatest`."""


async def reserve(tx: Transaction, job: Job, cost: int, policy: Allowance, now_ms: int) -> None:
    """Take the credits of a job from its member and the server.

    Raises `Blocked`, `TooFewCredits` or `ServerOutOfCredits`; the transaction must then be rolled back.
    """
    await refuse_blocked(tx, policy, job)
    # The member's account is always written before the server's, so that no two spend in circles.
    await tx.fetch(
        """insert into account (guild_id, user_id, period, cap) values ($1, $2, $4, $5), ($1, $3, $4, $6)
           on conflict (guild_id, user_id, period) do update set cap = excluded.cap""",
        job.guild_id,
        policy.account,
        SERVER,
        policy.key,
        policy.cap,
        policy.server_cap,
    )
    rows = await tx.fetch(
        f"""update account set used = used + $5
            where guild_id = $1 and user_id in ($2, $3) and period = $4 and used + $5 <= {TOTAL}
            returning user_id, used""",
        job.guild_id,
        policy.account,
        SERVER,
        policy.key,
        cost,
    )
    spent = {row["user_id"]: row["used"] for row in rows}
    for user_id, cap in ((policy.account, policy.cap), (SERVER, policy.server_cap)):
        if user_id not in spent and cost > 0:
            left = await credits_left(tx, job.guild_id, user_id, policy.key)
            refusal = ServerOutOfCredits if user_id == SERVER else TooFewCredits
            # An allowance of 0 is as little in the next period.
            raise refusal(needed=cost, left=left, renews_ms=policy.renews_ms if cap else None)
    await _write_reserve(tx, job, policy, cost, now_ms)
    if SERVER in spent and policy.server_cap < NO_LIMIT:
        await tell_when_low(tx, job.guild_id, policy, spent[SERVER], now_ms)


async def settle(tx: Transaction, job: Job, final_cost: int, now_ms: int) -> None:
    """Give back what was reserved beyond the final cost; once only, and never after a refund."""
    if job.period is not None:
        await _end(tx, job, job.period, "settle", final_cost - job.cost, now_ms)


async def refund(tx: Transaction, job: Job, now_ms: int) -> None:
    """Give all credits of a job back to the period that paid; once only."""
    if job.period is not None:
        await _end(tx, job, job.period, "refund", -job.cost, now_ms)


async def grant(
    tx: Transaction, guild_id: int, user_id: int, period: str, amount: int, request_id: str, now_ms: int
) -> bool:
    """Raise what a member may spend in this period by just that; False when this request was carried out before.

    Whoever has spent more than their allowance is now has `base` in its place.
    """
    written = await tx.fetch(
        """insert into ledger (id, guild_id, user_id, period, request_id, kind, amount, at_ms)
           values ($1, $2, $3, $4, $5, 'grant', $6, $7) on conflict do nothing returning id""",
        new_id(now_ms),
        guild_id,
        user_id,
        period,
        request_id,
        amount,
        now_ms,
    )
    if written:
        await tx.fetch(
            """update account set granted = granted + $4,
                   base = case when used - granted > base then used - granted else base end
               where guild_id = $1 and user_id = $2 and period = $3""",
            guild_id,
            user_id,
            period,
            amount,
        )
    return bool(written)


async def open_account(tx: Transaction, guild_id: int, user_id: int, period: str, cap: int) -> None:
    """Make the account of a person and period if it is new, and put its cap right."""
    await tx.fetch(
        """insert into account (guild_id, user_id, period, cap) values ($1, $2, $3, $4)
           on conflict (guild_id, user_id, period) do update set cap = excluded.cap""",
        guild_id,
        user_id,
        period,
        cap,
    )


async def lock_accounts(tx: Transaction, guild_id: int, jobs: Sequence[Job]) -> None:
    """Hold the accounts that paid for a server's jobs, members' before the server's, before any of them is changed."""
    periods = {job.period for job in jobs if job.period is not None}
    if not periods:
        return
    reserves = [_reserve_of(job) for job in jobs if job.period is not None]
    await tx.fetch(
        f"""select 1 from account where guild_id = $1 and period in ({parameters(sorted(periods), 2)})
            and user_id in (select {SERVER} union all
                select user_id from ledger where request_id in ({parameters(reserves, 2 + len(periods))}))
            order by abs(user_id) desc, period for update""",
        guild_id,
        *sorted(periods),
        *reserves,
    )


async def credits_left(tx: Transaction, guild_id: int, user_id: int, period: str) -> int:
    """Tell what an open account may still spend, never less than 0."""
    rows = await tx.fetch(
        f"select {TOTAL} - used as left from account where guild_id = $1 and user_id = $2 and period = $3",
        guild_id,
        user_id,
        period,
    )
    return max(0, rows[0]["left"]) if rows else 0


async def _write_reserve(tx: Transaction, job: Job, policy: Allowance, amount: int, now_ms: int) -> None:
    await tx.fetch(
        """insert into ledger (id, guild_id, user_id, period, job_id, request_id, kind, amount, at_ms)
           values ($1, $2, $3, $4, $5, $6, 'reserve', $7, $8) on conflict do nothing""",
        new_id(now_ms),
        job.guild_id,
        policy.account,
        policy.key,
        job.id,
        _reserve_of(job),
        amount,
        now_ms,
    )


async def _end(tx: Transaction, job: Job, period: str, kind: str, amount: int, now_ms: int) -> None:
    """Append the end of a job to the ledger and put the accounts that paid right; once only."""
    written = await tx.fetch(
        """insert into ledger (id, guild_id, user_id, period, job_id, request_id, kind, amount, at_ms)
           select $1, guild_id, user_id, period, job_id, $3, $4, cast($5 as bigint), cast($6 as bigint)
           from ledger where request_id = $2 on conflict do nothing returning user_id""",
        new_id(now_ms),
        _reserve_of(job),
        f"{job.id}:{kind}",
        kind,
        amount,
        now_ms,
    )
    if written:
        await _add_to_used(tx, job.guild_id, written[0]["user_id"], period, amount)


def _reserve_of(job: Job) -> str:
    return f"{job.id}:reserve"


async def _add_to_used(tx: Transaction, guild_id: int, user_id: int, period: str, amount: int) -> None:
    if amount == 0:
        return
    await tx.fetch(
        # The member's row before the server's, as `reserve` takes them.
        """with paid as (
               select user_id from account where guild_id = $1 and user_id in ($2, $3) and period = $4
               order by abs(user_id) desc for update)
           update account set used = used + $5
           where guild_id = $1 and period = $4 and user_id in (select user_id from paid)""",
        guild_id,
        user_id,
        SERVER,
        period,
        amount,
    )
