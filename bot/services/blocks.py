"""Who is blocked: asked before anything is done for a member, here and again by the worker."""

from bot.db.store import Store
from bot.domain.blocks import Block
from bot.domain.clock import Clock
from bot.errors import Blocked


class Blocks:
    """Refuse those whom a moderator or an admin has blocked."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def find(self, guild_id: int, user_id: int, roles: tuple[int, ...]) -> Block | None:
        """Tell why a member is blocked, and until when; None when they are not."""
        return await self._store.blocks.find(guild_id, user_id, roles, self._clock.wall_ms())

    async def check(self, guild_id: int, user_id: int, roles: tuple[int, ...]) -> None:
        """Raise `Blocked` for a member who is."""
        if block := await self.find(guild_id, user_id, roles):
            raise Blocked(block.source, block.until_ms, block.reason)
