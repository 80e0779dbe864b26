"""What admins can decide about credits, and what members can ask about theirs."""

from bot.db.store import Store
from bot.domain.clock import Clock
from bot.domain.credits import Allowance, Balance, Usage
from bot.domain.periods import Period


class QuotaService:
    """Carry out /credits and /quota."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def balance(self, guild_id: int, user_id: int, roles: tuple[int, ...]) -> Balance:
        """Tell what a member may still spend in this period."""
        return await self._store.accounts.balance(guild_id, user_id, roles, self._clock.wall_ms())

    async def set_allowance(self, guild_id: int, subject: str, subject_id: int, credits: int) -> None:
        """Set what a member or a role gets in each period; 0 blocks."""
        await self._store.accounts.set_allowance(guild_id, subject, subject_id, credits, self._clock.wall_ms())

    async def clear_allowance(self, guild_id: int, subject: str, subject_id: int) -> bool:
        """Forget what was set for a member or a role; False when nothing was."""
        return await self._store.accounts.clear_allowance(guild_id, subject, subject_id)

    async def set_default(self, guild_id: int, credits: int, period: Period | None) -> None:
        """Set what every member gets where nothing more special was said, and how often."""
        await self._store.guild_settings.set_default(guild_id, credits, period, self._clock.wall_ms())

    async def grant(
        self, guild_id: int, user_id: int, roles: tuple[int, ...], credits: int, request_id: str
    ) -> Balance:
        """Give a member credits on top for this period; the same request twice grants once."""
        return await self._store.accounts.grant(guild_id, user_id, roles, credits, request_id, self._clock.wall_ms())

    async def usage(self, guild_id: int) -> tuple[list[Usage], int, list[Allowance]]:
        """List who spent most in this period, what the whole server spent, and what admins have set."""
        now, accounts = self._clock.wall_ms(), self._store.accounts
        return (
            await accounts.usage(guild_id, now),
            await accounts.server_used(guild_id, now),
            await accounts.allowances(guild_id),
        )
