"""What a server spent over time, and how a member stands in it."""

from collections.abc import Mapping
from dataclasses import replace

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.periods import Period
from bot.domain.usage import MemberInfo, ServerUsage, Span, Stretch


class UsageOverview:
    """Sum up for /quota usage and /info; `worth` is how much of a provider's unit one credit is worth, where set."""

    def __init__(self, store: Store, worth: Mapping[str, float], clock: Clock) -> None:
        self._store = store
        self._worth = worth
        self._clock = clock

    async def back(self, guild_id: int, span: Span) -> ServerUsage:
        """Tell what a server spent in the last days, this one among them."""
        return await self._of(guild_id, Stretch.back(span, self._clock.wall_ms()))

    async def of_period(self, guild_id: int, period: Period, key: str) -> ServerUsage:
        """Tell what a server spent in a period, by its key; where it has no beginning, in the last year."""
        stretch = Stretch.of_period(period, self._clock.wall_ms())
        return await self._of(guild_id, stretch, None if period is Period.NEVER else key)

    async def _of(self, guild_id: int, stretch: Stretch, key: str | None = None) -> ServerUsage:
        return replace(await self._store.usage.of_server(guild_id, stretch, key), worth=self._worth)

    async def of_member(self, guild_id: int, user_id: int) -> MemberInfo:
        """Tell what a member has under way, and what they asked for, spent and starred so far."""
        now = self._clock.wall_ms()
        period = (await self._store.accounts.balance(guild_id, user_id, (), now)).period
        return await self._store.usage.of_member(guild_id, user_id, Period.DAY.key(now), period.key(now))
