"""What moderators can decide about members: who is blocked, why and until when."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.db.store import Store
from bot.domain.blocks import Block, MemberBlock
from bot.domain.clock import Clock

MOST_LISTED = 25
"""How many blocks /mod blocked tells of; one more than that says that there are more."""

KEPT_MS = 24 * 3_600_000
"""How long a block is kept that has ended: no clock that is set lets one go before its end."""


@dataclass(frozen=True)
class BlockedNow:
    """Hold a new block, the one in force that it took the place of, and how many waiting jobs ended with it."""

    block: MemberBlock
    before: MemberBlock | None
    ended: int


@dataclass(frozen=True)
class Unblocked:
    """Hold the block that was lifted, None where there was none, and what keeps the member from everything still."""

    lifted: MemberBlock | None
    still: Block | None


class MemberBlocks:
    """Carry out /mod block, /mod unblock and /mod blocked."""

    def __init__(self, store: Store, clock: Clock, wake: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake

    async def block(self, guild_id: int, user_id: int, *, by: int, for_ms: int | None, reason: str) -> BlockedNow:
        """Block a member for as long as is said, or without an end."""
        now = self._clock.wall_ms()
        block = MemberBlock(user_id, None if for_ms is None else now + for_ms, reason, by, now)
        put = await self._store.member_blocks.put(guild_id, block, self._clock())
        if put.ended:
            self._wake()
        return BlockedNow(block, put.before, len(put.ended))

    async def unblock(self, guild_id: int, user_id: int, roles: tuple[int, ...], *, by: int) -> Unblocked:
        """Lift a moderator's block; an allowance of 0 may block all the same."""
        now = self._clock.wall_ms()
        lifted = await self._store.member_blocks.lift(guild_id, user_id, by=by, wall_ms=now, now_ms=self._clock())
        return Unblocked(lifted, await self._store.blocks.find(guild_id, user_id, roles, now))

    async def sweep(self) -> None:
        """Forget the blocks that are over, with their reasons."""
        await self._store.member_blocks.forget_ended(self._clock.wall_ms() - KEPT_MS)

    async def blocked(self, guild_id: int) -> list[MemberBlock]:
        """List whom moderators have blocked, the newest first, up to one more than are told of."""
        return await self._store.member_blocks.of_server(guild_id, self._clock.wall_ms(), MOST_LISTED + 1)
