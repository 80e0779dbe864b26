"""How much a member may spend: read inside the transaction that spends, so that no older answer is ever used."""

from dataclasses import dataclass

from bot.db.database import Transaction, parameters
from bot.domain.blocks import Source
from bot.domain.periods import Period

NO_LIMIT = 1_000_000_000_000
"""The cap of an account that nobody limited."""


@dataclass(frozen=True)
class Defaults:
    """Hold what applies where no admin said otherwise: DEFAULT_CREDITS, QUOTA_PERIOD and SERVER_CREDITS.

    `most_open` is MAX_OPEN_PER_USER; None sets no such limit.
    """

    credits: int
    period: Period
    server_credits: int = 0
    most_open: int | None = None


@dataclass(frozen=True)
class Allowance:
    """Hold what one member of one server may spend now, and whose word that is."""

    cap: int
    source: Source
    server_cap: int
    period: Period
    key: str
    renews_ms: int | None


async def read_allowance(
    tx: Transaction, defaults: Defaults, guild_id: int, user_id: int, roles: tuple[int, ...], now_ms: int
) -> Allowance:
    """Work out a member's allowance: their own, else their roles' highest, else the server's, else the settings'."""
    guild = await tx.fetch("select default_credits, period, server_credits from guild where guild_id = $1", guild_id)
    decided = dict(guild[0]) if guild else {"default_credits": None, "period": None, "server_credits": None}
    default, server = decided["default_credits"], decided["server_credits"]
    kind = Period(decided["period"]) if decided["period"] else defaults.period
    server = defaults.server_credits if server is None else server
    said = await tx.fetch(
        f"""select subject, credits from allowance
            where guild_id = $1 and (subject = 'member' and subject_id = $2
                or subject = 'role' and subject_id in ({parameters(roles, 3) or "null"}))
            order by subject, credits desc limit 1""",
        guild_id,
        user_id,
        *roles,
    )
    cap = said[0]["credits"] if said else defaults.credits if default is None else default
    source = Source(said[0]["subject"]) if said else Source.DEFAULT
    return Allowance(cap, source, server or NO_LIMIT, kind, kind.key(now_ms), kind.renews_ms(now_ms))
