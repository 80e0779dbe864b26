"""How well providers answer: one that fails again and again is left alone for a while, by all processes."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.db.database import Database
from bot.db.provider_events import end_provider_causes, tell_of_account, tell_of_outage
from bot.domain.clock import FARTHEST_MS, is_ahead
from bot.domain.pacing import back_off_ms

PAUSE_AFTER = 3
"""How many submits in a row may fail before a provider is paused."""

FIRST_PAUSE_MS = 30_000
LONGEST_PAUSE_MS = 15 * 60_000


class BreakerState(StrEnum):
    """Name the states of a provider's circuit breaker."""

    CLOSED = "closed"
    """Jobs flow."""
    OPEN = "open"
    """Nothing is sent until the pause is over."""
    HALF_OPEN = "half_open"
    """One job at a time tries whether it works again."""


@dataclass(frozen=True)
class ProviderHealth:
    """Hold a provider's circuit breaker, and what is wrong with our account there.

    `failures` counts submits in a row that failed for its own reasons. While our account is blocked because of
    `account_error`, new jobs go elsewhere if they can.
    """

    failures: int = 0
    paused_until_ms: int = 0
    account_blocked_until_ms: int = 0
    account_error: str | None = None

    def state(self, now_ms: int) -> BreakerState:
        """Tell whether the breaker lets jobs through: all of them, one at a time, or none."""
        if is_ahead(self.paused_until_ms, now_ms):
            return BreakerState.OPEN
        return BreakerState.HALF_OPEN if self.failures >= PAUSE_AFTER else BreakerState.CLOSED

    def accepts_jobs(self, now_ms: int) -> bool:
        """Tell whether jobs that could go elsewhere may be given to it; while it is half open, one at a time."""
        return self.state(now_ms) is not BreakerState.OPEN and not self.account_blocked(now_ms)

    def account_blocked(self, now_ms: int) -> bool:
        """Tell whether new jobs go elsewhere because of our account."""
        return is_ahead(self.account_blocked_until_ms, now_ms)


class ProviderHealthRepository:
    """Read and write how providers do."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, provider: str) -> ProviderHealth:
        """Tell how a provider does."""
        rows = await self._db.fetch(
            """select failures, paused_until_ms, account_blocked_until_ms, account_error
               from provider_health where name = $1""",
            provider,
        )
        return ProviderHealth(**dict(rows[0])) if rows else ProviderHealth()

    async def record_failure(self, provider: str, now_ms: int, guild_id: int | None = None) -> ProviderHealth:
        """Count one more failure, and pause the provider when there were too many: each time for longer.

        The first pause is told in the mod log of the server whose job failed, and of those whose jobs wait there.

        What fails while it is paused was sent before, and counts as one with what paused it.
        """
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                """insert into provider_health (name, failures, paused_until_ms) values ($1, 1, 0)
                   on conflict (name) do update set failures = provider_health.failures
                       + case when provider_health.paused_until_ms > $2
                              and provider_health.paused_until_ms <= $3 then 0 else 1 end
                   returning failures, paused_until_ms, account_blocked_until_ms, account_error""",
                provider,
                now_ms,
                now_ms + FARTHEST_MS,
            )
            health = ProviderHealth(**dict(rows[0]))
            if health.state(now_ms) is BreakerState.HALF_OPEN:
                pause = back_off_ms(health.failures - PAUSE_AFTER + 1, FIRST_PAUSE_MS, LONGEST_PAUSE_MS)
                health = replace(health, paused_until_ms=now_ms + pause)
                await tx.fetch(
                    "update provider_health set paused_until_ms = $2 where name = $1",
                    provider,
                    health.paused_until_ms,
                )
                if guild_id is not None:
                    await tell_of_outage(tx, provider, guild_id, now_ms)
        return health

    async def forget_far(self, now_ms: int) -> None:
        """End the pauses that a wrong clock wrote down, so that they do not count again when their time comes near."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """update provider_health set
                       paused_until_ms = case when paused_until_ms > $1 then 0 else paused_until_ms end,
                       account_blocked_until_ms = case when account_blocked_until_ms > $1 then 0
                           else account_blocked_until_ms end""",
                now_ms + FARTHEST_MS,
            )

    async def pause(self, provider: str, until_ms: int) -> None:
        """Leave a provider alone for as long as it asked for."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """insert into provider_health (name, failures, paused_until_ms) values ($1, 0, $2)
                   on conflict (name) do update set paused_until_ms =
                       case when excluded.paused_until_ms > provider_health.paused_until_ms
                           or provider_health.paused_until_ms > $3
                       then excluded.paused_until_ms else provider_health.paused_until_ms end""",
                provider,
                until_ms,
                until_ms + FARTHEST_MS,
            )

    async def block_account(
        self, provider: str, account_error: str, until_ms: int, *, guild_id: int | None = None, now_ms: int = 0
    ) -> None:
        """Let new jobs go elsewhere for a while, because our account there is in trouble.

        It is told now, once, in the mod log of the server whose job met it, and of those whose jobs wait there.
        """
        async with self._db.transaction() as tx:
            await tx.fetch(
                """insert into provider_health
                       (name, failures, paused_until_ms, account_blocked_until_ms, account_error)
                   values ($1, 0, 0, $2, $3)
                   on conflict (name) do update set account_blocked_until_ms = excluded.account_blocked_until_ms,
                       account_error = excluded.account_error""",
                provider,
                until_ms,
                account_error,
            )
            if guild_id is not None:
                await tell_of_account(tx, provider, account_error, guild_id, now_ms)

    async def record_success(self, provider: str, *, accepted: bool = False) -> None:
        """Forget all failures, because a submit was answered; a pause that was asked for goes on.

        Where it was `accepted`, our account is in order too.
        """
        health = await self.get(provider)
        if health.failures or (accepted and health.account_blocked_until_ms):
            async with self._db.transaction() as tx:
                await tx.fetch(
                    """update provider_health set failures = 0,
                           account_error = case when $2 then null else account_error end,
                           account_blocked_until_ms = case when $2 then 0 else account_blocked_until_ms end
                       where name = $1""",
                    provider,
                    accepted,
                )
                await end_provider_causes(tx, provider, account=accepted)
