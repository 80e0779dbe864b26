"""When the mod log tells that a server's credits run low: at 80 and at 100 per cent, once in a period and limit."""

from bot.db.allowances import Allowance
from bot.db.database import Transaction
from bot.db.mod_log import add_event
from bot.domain.mod_log import EventKind

TOLD_PERCENT = (100, 80)


def mark_reached(limit: int, used: int) -> int | None:
    """Tell which of the marks is reached, the highest of them; None for none."""
    return next((mark for mark in TOLD_PERCENT if mark * limit <= used * 100), None)


async def tell_when_low(tx: Transaction, guild_id: int, policy: Allowance, used: int, now_ms: int) -> None:
    """Tell when a spending reaches a mark of a server's limit; most do not, and ask nothing.

    A limit may have been lowered past a mark: what was used before says nothing of what was told.
    """
    percent = mark_reached(policy.server_cap, used)
    if percent is not None:
        await tell_of_low_credits(tx, guild_id, policy, percent, used, now_ms)


async def tell_of_low_credits(
    tx: Transaction, guild_id: int, policy: Allowance, percent: int, used: int, now_ms: int
) -> None:
    """Tell how much is used, once in this period and limit."""
    limit = policy.server_cap
    data = {"percent": percent, "limit": limit, "used": used, "period": policy.key}
    once_key = f"credits {policy.key} {limit} {percent}"
    await add_event(tx, guild_id, EventKind.SERVER_CREDITS, data, now_ms, once_key=once_key)
