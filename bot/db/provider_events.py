"""When the mod log tells of a provider: once for each cause, in each server that it keeps waiting, until it is over."""

from collections.abc import Mapping

from bot.db.database import Transaction, WriteTransaction
from bot.db.mod_log import add_event, end_causes
from bot.domain.mod_log import STOPS_ALL, EventKind


async def tell_of_outage(tx: Transaction, provider: str, guild_id: int, now_ms: int) -> None:
    """Tell that a provider is left alone for a while."""
    await _tell_waiting(
        tx, provider, guild_id, EventKind.PROVIDER_DOWN, {"provider": provider}, _down(provider), now_ms
    )


async def tell_of_account(tx: Transaction, provider: str, error: str, guild_id: int, now_ms: int) -> None:
    """Tell that our account there is in trouble."""
    data = {"provider": provider, "error": error}
    await _tell_waiting(tx, provider, guild_id, EventKind.ACCOUNT, data, _account(provider, error), now_ms)


async def end_provider_causes(tx: WriteTransaction, provider: str, *, account: bool) -> None:
    """Let a provider's next outage be news again, and trouble with the `account` too where that is in order."""
    accounts = [_account(provider, error) for error in sorted(STOPS_ALL)] if account else []
    await end_causes(tx, [_down(provider), *accounts])


async def _tell_waiting(
    tx: Transaction,
    provider: str,
    guild_id: int,
    kind: EventKind,
    data: Mapping[str, str],
    once_key: str,
    now_ms: int,
) -> None:
    """Tell the server whose job met it, and those whose jobs wait there."""
    rows = await tx.fetch("select distinct guild_id from job where provider = $1 and state = 'queued'", provider)
    for server in sorted({guild_id, *(row["guild_id"] for row in rows)}):
        await add_event(tx, server, kind, data, now_ms, once_key=once_key)


def _down(provider: str) -> str:
    return f"down {provider}"


def _account(provider: str, error: str) -> str:
    return f"account {provider} {error}"
