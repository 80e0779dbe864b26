"""Spend and give back, always inside the transaction that moves the job; `used` is the sum of what is written here."""

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
        job.user_id,
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
        job.user_id,
        SERVER,
        policy.key,
        cost,
    )
    spent = {row["user_id"]: row["used"] for row in rows}
    for user_id, cap in ((job.user_id, policy.cap), (SERVER, policy.server_cap)):
        if user_id not in spent and cost > 0:
            left = await credits_left(tx, job.guild_id, user_id, policy.key)
            refusal = ServerOutOfCredits if user_id == SERVER else TooFewCredits
            # An allowance of 0 is as little in the next period.
            raise refusal(needed=cost, left=left, renews_ms=policy.renews_ms if cap else None)
    await _write(tx, job, policy.key, "reserve", cost, now_ms)
    if SERVER in spent and policy.server_cap < NO_LIMIT:
        await tell_when_low(tx, job.guild_id, policy, spent[SERVER] - cost, spent[SERVER], now_ms)


async def settle(tx: Transaction, job: Job, final_cost: int, now_ms: int) -> None:
    """Give back what was reserved beyond the final cost; once only, and never after a refund."""
    if job.period is not None and await _write(tx, job, job.period, "settle", final_cost - job.cost, now_ms):
        await _add_to_used(tx, job, job.period, final_cost - job.cost)


async def refund(tx: Transaction, job: Job, now_ms: int) -> None:
    """Give all credits of a job back to the period that paid; once only."""
    if job.period is not None and await _write(tx, job, job.period, "refund", -job.cost, now_ms):
        await _add_to_used(tx, job, job.period, -job.cost)


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
    users = sorted({SERVER, *(job.user_id for job in jobs)})
    await tx.fetch(
        f"""select 1 from account where guild_id = $1 and period in ({parameters(sorted(periods), 2)})
            and user_id in ({parameters(users, 2 + len(periods))}) order by user_id desc, period for update""",
        guild_id,
        *sorted(periods),
        *users,
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


async def _write(tx: Transaction, job: Job, period: str, kind: str, amount: int, now_ms: int) -> bool:
    """Append one line of a job to the ledger; False when its kind, or the job's other end, stands there already."""
    written = await tx.fetch(
        """insert into ledger (id, guild_id, user_id, period, job_id, request_id, kind, amount, at_ms)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning id""",
        new_id(now_ms),
        job.guild_id,
        job.user_id,
        period,
        job.id,
        f"{job.id}:{kind}",
        kind,
        amount,
        now_ms,
    )
    return bool(written)


async def _add_to_used(tx: Transaction, job: Job, period: str, amount: int) -> None:
    if amount == 0:
        return
    await tx.fetch(
        # The member's row before the server's, as `reserve` takes them.
        """with paid as (
               select user_id from account where guild_id = $1 and user_id in ($2, $3) and period = $4
               order by user_id desc for update)
           update account set used = used + $5
           where guild_id = $1 and period = $4 and user_id in (select user_id from paid)""",
        job.guild_id,
        job.user_id,
        SERVER,
        period,
        amount,
    )
