"""How much a member may spend: read inside the transaction that spends, so that no older answer is ever used."""

from dataclasses import dataclass, field, replace

from bot.db.database import Transaction, parameters
from bot.db.member_ids import MemberIds
from bot.domain.blocks import Block, Source
from bot.domain.periods import Period, keys_of
from bot.domain.server_settings import Rules

NO_LIMIT = 1_000_000_000_000
"""The cap of an account that nobody limited."""


@dataclass(frozen=True)
class Defaults:
    """Hold what applies where no admin said otherwise: DEFAULT_CREDITS, QUOTA_PERIOD and SERVER_CREDITS.

    `most_open` is MAX_OPEN_PER_USER; None sets no such limit. `ids` know under which ids a member's rows may stand.
    """

    credits: int
    period: Period
    server_credits: int = 0
    most_open: int | None = None
    ids: MemberIds = field(default_factory=MemberIds, compare=False)


@dataclass(frozen=True)
class Allowance:
    """Hold what one member of one server may spend now, whose word that is, and the server's rules if it has any."""

    cap: int
    source: Source
    server_cap: int
    period: Period
    key: str
    renews_ms: int | None
    account: int
    """The id whose account pays in this period: after a member was forgotten in it, that is the hashed one."""
    by_moderator: Block | None = None
    rules: Rules | None = None

    def block(self, granted: int) -> Block | None:
        """Tell why a member is blocked: by a moderator, or by an allowance of 0.

        Their own one does it, any other unless something was `granted`. Who is blocked by both has no end in sight.
        """
        if self.cap > 0 or (granted > 0 and self.source is not Source.MEMBER):
            return self.by_moderator
        return Block(self.source) if self.by_moderator is None else replace(self.by_moderator, until_ms=None)


async def read_allowance(
    tx: Transaction, defaults: Defaults, guild_id: int, user_id: int, roles: tuple[int, ...], now_ms: int
) -> Allowance:
    """Work out a member's allowance: their own, else their roles' highest, else the server's, else the settings'.

    With it comes whether a moderator has blocked them. What stands under the id of who was forgotten counts too.
    """
    ids = await defaults.ids.of(tx, guild_id, user_id)
    keys = keys_of(now_ms)
    cases = " ".join(f"when '{period}' then ${number}" for number, period in enumerate(keys, 6))
    (said,) = await tx.fetch(
        f"""select guild.default_credits, guild.period, guild.server_credits, guild.channel_rules,
                guild.forbidden_words, said.subject, said.credits,
                block.user_id as blocked, block.until_ms, block.reason,
                (select 1 from account where guild_id = $1 and user_id = $4
                    and period = case coalesce(guild.period, $5) {cases} end) as hashed
            from (select 1 as one) as asked left join guild on guild.guild_id = $1
            left join block on block.guild_id = $1 and block.user_id in ($2, $4)
                and (block.until_ms is null or block.until_ms > $3)
            left join allowance as said on said.guild_id = $1 and (
                said.subject = 'member' and said.subject_id in ($2, $4)
                or said.subject = 'role' and said.subject_id in ({parameters(roles, 6 + len(keys)) or "null"}))
            order by said.subject, said.credits desc limit 1""",
        guild_id,
        user_id,
        now_ms,
        ids.hashed,
        defaults.period,
        *keys.values(),
        *roles,
    )
    default = said["default_credits"]
    kind = Period(said["period"]) if said["period"] else defaults.period
    cap = said["credits"] if said["subject"] else defaults.credits if default is None else default
    source = Source(said["subject"]) if said["subject"] else Source.DEFAULT
    server = server_cap(defaults, said["server_credits"])
    blocked = None if said["blocked"] is None else Block(Source.MODERATOR, said["until_ms"], said["reason"])
    channel_rules, forbidden = said["channel_rules"], said["forbidden_words"]
    rules = Rules.read(channel_rules, forbidden) if channel_rules or forbidden else None
    account = ids.own if said["hashed"] is None else ids.hashed
    renews_ms = kind.renews_ms(now_ms)
    return Allowance(cap, source, server, kind, keys[kind], renews_ms, account, blocked, rules)


def server_cap(defaults: Defaults, own: int | None) -> int:
    """Give what a whole server may spend in a period: the smaller of its own limit and SERVER_CREDITS, if it is set."""
    return min(defaults.server_credits or NO_LIMIT, NO_LIMIT if own is None else own)
