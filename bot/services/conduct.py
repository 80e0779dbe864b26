"""What moderators are told of a member: what they spent, their strikes, and whether they are blocked."""

from bot.db.store import Store
from bot.domain.blocks import Block, Source
from bot.domain.clock import Clock
from bot.domain.conduct import Conduct
from bot.domain.job import Job, by_wall_clock
from bot.domain.periods import Period


class MemberConduct:
    """Tell how a member uses the bot in one server."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def of(self, guild_id: int, user_id: int) -> Conduct:
        """Give what is known of a member; their roles are not asked for, so only a block of their own is told."""
        now = self._clock.wall_ms()
        balance = await self._store.accounts.balance(guild_id, user_id, (), now)
        sums = await self._store.conduct.sums(guild_id, user_id, Period.DAY.key(now), balance.period.key(now))
        block = await self._own_block(guild_id, user_id, now)
        return Conduct(balance.used, sums.used, sums.strikes_today, sums.strikes, block)

    def dated(self, job: Job) -> Job:
        """Give a job with the times that people are shown."""
        return by_wall_clock(job, self._clock)

    async def _own_block(self, guild_id: int, user_id: int, now_ms: int) -> Block | None:
        by_moderator = await self._store.member_blocks.get(guild_id, user_id, now_ms)
        if by_moderator is not None:
            return Block(Source.MODERATOR, by_moderator.until_ms, by_moderator.reason)
        block = await self._store.blocks.find(guild_id, user_id, (), now_ms)
        return block if block is not None and block.is_own else None
