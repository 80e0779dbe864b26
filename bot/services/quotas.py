"""What admins can decide about credits, and what members can ask about theirs; `by` is the admin, for the mod log."""

from collections.abc import Callable

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.credits import Balance, UsageReport
from bot.domain.periods import Period


class QuotaService:
    """Carry out /credits and /quota."""

    def __init__(self, store: Store, clock: Clock, wake: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake

    async def balance(self, guild_id: int, user_id: int, roles: tuple[int, ...]) -> Balance:
        """Tell what a member may still spend in this period."""
        return await self._store.accounts.balance(guild_id, user_id, roles, self._clock.wall_ms())

    async def set_allowance(self, guild_id: int, subject: str, subject_id: int, credits: int, by: int) -> int:
        """Set what a member or a role gets in each period; tells how many waiting jobs ended with that.

        0 blocks: what waits of a member is cancelled and refunded.
        """
        ended = await self._store.accounts.set_allowance(guild_id, subject, subject_id, credits, self._clock(), by)
        if ended:
            self._wake()
        return len(ended)

    async def clear_allowance(self, guild_id: int, subject: str, subject_id: int, by: int | None = None) -> bool:
        """Forget what was set for a member or a role; False when nothing was."""
        now = self._clock()
        return await self._store.accounts.clear_allowance(guild_id, subject, subject_id, by=by, now_ms=now)

    async def set_default(
        self, guild_id: int, credits: int, period: Period | None = None, by: int | None = None
    ) -> Period:
        """Set what every member gets where nothing more special was said; gives how often, which may be as it was."""
        await self._store.guild_settings.set_default(guild_id, credits, period, self._clock.wall_ms(), by)
        return (await self.usage(guild_id)).period

    async def clear_default(self, guild_id: int, by: int | None = None) -> bool:
        """Let the settings decide again what every member gets; False when they did."""
        return await self._store.guild_settings.clear_default(guild_id, self._clock.wall_ms(), by)

    async def grant(
        self,
        guild_id: int,
        user_id: int,
        roles: tuple[int, ...],
        credits: int,
        request_id: str,
        by: int | None = None,
    ) -> Balance:
        """Give a member credits on top for this period; the same request twice grants once.

        Raises `GrantToBlocked`.
        """
        now = self._clock.wall_ms()
        return await self._store.accounts.grant(guild_id, user_id, roles, credits, request_id, now, by)

    async def usage(self, guild_id: int) -> UsageReport:
        """Tell who spent most in this period, what the whole server spent, and what admins have set."""
        return await self._store.accounts.usage(guild_id, self._clock.wall_ms())
