"""How well providers answer: one that fails again and again is left alone for a while, by all processes."""

from dataclasses import dataclass, replace

from bot.db.database import Database
from bot.domain.job import back_off_ms

PAUSE_AFTER = 3
"""How many submits in a row may fail before a provider is paused."""

FIRST_PAUSE_MS = 30_000
LONGEST_PAUSE_MS = 15 * 60_000


@dataclass(frozen=True)
class Condition:
    """Hold how a provider does.

    `failures` counts submits in a row that failed for its own reasons. While it is avoided, new jobs go elsewhere if
    they can, because of `trouble` with our account there.
    """

    failures: int = 0
    paused_until_ms: int = 0
    avoided_until_ms: int = 0
    trouble: str | None = None

    def paused(self, now_ms: int) -> bool:
        """Tell whether nothing is to be sent to it now."""
        return now_ms < self.paused_until_ms

    def is_open(self, now_ms: int) -> bool:
        """Tell whether jobs that could go elsewhere may be given to it; to an ailing one, one at a time."""
        return not self.paused(now_ms) and now_ms >= self.avoided_until_ms

    def is_well(self, now_ms: int) -> bool:
        """Tell whether a new job is better given to it than to another."""
        return not self.ailing and self.is_open(now_ms)

    @property
    def ailing(self) -> bool:
        """Tell whether it failed so often that one job at a time has to try it first."""
        return self.failures >= PAUSE_AFTER


class Health:
    """Read and write the condition of providers."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def condition(self, provider: str) -> Condition:
        """Tell how a provider does."""
        rows = await self._db.fetch(
            "select failures, paused_until_ms, avoided_until_ms, trouble from provider where name = $1", provider
        )
        return Condition(**dict(rows[0])) if rows else Condition()

    async def failed(self, provider: str, now_ms: int) -> Condition:
        """Count one more failure, and pause the provider when there were too many: each time for longer.

        What fails while it is paused was sent before, and counts as one with what paused it.
        """
        async with self._db.transaction() as tx:
            rows = await tx.fetch(
                """insert into provider (name, failures, paused_until_ms) values ($1, 1, 0)
                   on conflict (name) do update set failures = provider.failures
                       + case when provider.paused_until_ms > $2 then 0 else 1 end
                   returning failures, paused_until_ms, avoided_until_ms, trouble""",
                provider,
                now_ms,
            )
            condition = Condition(**dict(rows[0]))
            if condition.ailing and not condition.paused(now_ms):
                pause = back_off_ms(condition.failures - PAUSE_AFTER + 1, FIRST_PAUSE_MS, LONGEST_PAUSE_MS)
                condition = replace(condition, paused_until_ms=now_ms + pause)
                await tx.fetch(
                    "update provider set paused_until_ms = $2 where name = $1", provider, condition.paused_until_ms
                )
        return condition

    async def pause(self, provider: str, until_ms: int) -> None:
        """Leave a provider alone for as long as it asked for."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """insert into provider (name, failures, paused_until_ms) values ($1, 0, $2)
                   on conflict (name) do update set paused_until_ms =
                       case when excluded.paused_until_ms > provider.paused_until_ms
                       then excluded.paused_until_ms else provider.paused_until_ms end""",
                provider,
                until_ms,
            )

    async def avoid(self, provider: str, trouble: str, until_ms: int) -> None:
        """Let new jobs go elsewhere for a while, because our account there is in trouble."""
        async with self._db.transaction() as tx:
            await tx.fetch(
                """insert into provider (name, failures, paused_until_ms, avoided_until_ms, trouble)
                   values ($1, 0, 0, $2, $3)
                   on conflict (name) do update set avoided_until_ms = excluded.avoided_until_ms,
                       trouble = excluded.trouble""",
                provider,
                until_ms,
                trouble,
            )

    async def well(self, provider: str, *, accepted: bool = False) -> None:
        """Forget all failures, because a submit was answered; a pause that was asked for goes on.

        Where it was `accepted`, our account is in order too.
        """
        condition = await self.condition(provider)
        if condition.failures or (accepted and condition.avoided_until_ms):
            async with self._db.transaction() as tx:
                await tx.fetch(
                    """update provider set failures = 0, trouble = case when $2 then null else trouble end,
                           avoided_until_ms = case when $2 then 0 else avoided_until_ms end
                       where name = $1""",
                    provider,
                    accepted,
                )
