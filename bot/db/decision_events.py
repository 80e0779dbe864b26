"""What admins decide, told in the mod log by the transaction that writes it; nothing is told of what nobody decided."""

from collections.abc import Sequence

from bot.db.database import Transaction
from bot.db.mod_log import add_event
from bot.domain.mod_log import EventKind

DEFAULT = "default"
"""The subject of a decision about every member."""


async def tell_of_quota(
    tx: Transaction,
    guild_id: int,
    by: int | None,
    subject: str,
    subject_id: int,
    credits: int | None,
    now_ms: int,
    period: str | None = None,
) -> None:
    """Tell what a member, a role or everybody gets from now on; None says that it was cleared."""
    data = {"by": by, "subject": subject, "subject_id": subject_id, "credits": credits, "period": period}
    if by is not None:
        await add_event(tx, guild_id, EventKind.QUOTA, data, now_ms)


async def tell_of_grant(
    tx: Transaction, guild_id: int, by: int | None, user_id: int, granted: int, now_ms: int
) -> None:
    """Tell what a member got on top."""
    data = {"by": by, "subject": "member", "subject_id": user_id, "credits": None, "granted": granted}
    if by is not None:
        await add_event(tx, guild_id, EventKind.QUOTA, data, now_ms)


async def tell_of_settings(
    tx: Transaction, guild_id: int, by: int | None, changes: Sequence[tuple[str, str | None]], now_ms: int
) -> None:
    """Tell which settings were changed to what; None says that one was cleared."""
    if by is not None and changes:
        data = {"by": by, "changes": [list(change) for change in changes]}
        await add_event(tx, guild_id, EventKind.SETTINGS, data, now_ms)
