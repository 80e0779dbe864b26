"""Which shards this process holds: evenly many as every other one, over all that live."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Protocol

from bot.errors import DatabaseError
from bot.identify_turns import Facts, IdentifyTurns
from bot.locks import ShardLocks

log = logging.getLogger(__name__)

SEATS = 32
"""How many processes share the shards at most; further ones stand by."""

ROUND_SECONDS = 1.0
"""How often it is looked at who lives and which shards are free."""

QUICK_SECONDS = 0.2
"""The same while shards are to move."""

COUNT = "shard_count"
"""The name under which the number of shards is remembered for those who come later."""


class Gateway(Protocol):
    """Connect shards to Discord."""

    def open_shard(self, shard: int, count: int, turns: IdentifyTurns) -> None:
        """Begin to connect a shard, one of so many, whose turn was taken; it stays connected until it is closed."""
        ...

    async def close_shard(self, shard: int) -> None:
        """End a shard's connection; it is gone when this returns."""
        ...

    def is_shard_ready(self, shard: int) -> bool:
        """Tell whether a shard has been told of all its servers."""
        ...


class ShardSharing:
    """Hold a fair part of the shards, by names that one process has at a time.

    Each process has a seat, so that all can count them: with 10 shards and 4 processes each holds 2, and 2 of them one
    more, for which there are 2 `extra` names. Who has more than that gives one up at a time, once its connection is
    closed; who has less takes what is free. With `pinned` shards it holds these alone, and nobody else is counted.
    """

    def __init__(
        self,
        locks: ShardLocks,
        turns: IdentifyTurns,
        gateway: Gateway,
        facts: Facts,
        *,
        count: int | None,
        recommended: int,
        pinned: frozenset[int] = frozenset(),
    ) -> None:
        self.mine: set[int] = set()
        self.count = count or recommended
        self._counted = count is not None
        self._locks = locks
        self._turns = turns
        self._gateway = gateway
        self._facts = facts
        self._pinned = pinned
        self._seat: int | None = None
        self._extra: int | None = None
        self._processes = 0
        self._free: list[int] = []
        self._hungry = False
        self._looked = False
        self._settled = False
        self._leaving = False
        self._one_round = asyncio.Lock()

    async def run(self) -> None:
        """Go on until it is cancelled."""
        while True:
            try:
                await self.round()
            except DatabaseError as error:
                log.warning("the shards cannot be looked after: %s", error)
                await asyncio.sleep(ROUND_SECONDS)
            await asyncio.sleep(QUICK_SECONDS if self._hungry or self._leaving else ROUND_SECONDS)

    async def round(self) -> None:
        """Look who lives and what is free, and give up or take what is due."""
        async with self._one_round:
            if self._locks.lost():
                await self._take_again()
            if self._pinned:
                await self._look()
                await self._take(list(self._free), len(self._pinned))
                self._hungry = bool(self._free)
            elif self._leaving:
                await self._look()
                await self._give_up(len(self.mine))
            elif await self._sit_down():
                await self._balance(await self._look())
            self._looked = True
            if not self._settled:
                self._settled = self._is_complete()

    def problem(self) -> str | None:
        """Say in one sentence why it is not ready; None when it is.

        Once all of its part was ready, a shard that comes later is no reason.
        """
        if exhausted := self._turns.exhausted_ms if self._hungry else 0:
            return (
                "The gateway is not ready: Discord lets no more sessions begin today, "
                f"the next one in {exhausted / 3_600_000:.1f} hours."
            )
        some_ready = any(self._gateway.is_shard_ready(shard) for shard in self.mine)
        return None if self._is_complete() or (self._settled and some_ready) else "The gateway is not ready."

    @property
    def stands_by(self) -> bool:
        """Tell whether it has no shard because others have them all."""
        return self._looked and not self.mine and not self._free

    async def hand_over(self) -> None:
        """Give all shards up, one after the other as others can take them; returns when that is done.

        Where nobody else lives to take them, they stay.
        """
        if self._seat is None or not await self._others():
            return
        self._leaving = True
        async with self._one_round:  # else a round that began before may take a name that nobody gives back
            await self._leave_seat()
        while self.mine:  # noqa: ASYNC110  # `run` gives them up
            await asyncio.sleep(QUICK_SECONDS / 2)

    async def close(self) -> None:
        """End all connections, and let others have everything at once."""
        async with self._one_round:
            self._leaving = True
            await asyncio.gather(*(self._drop(shard) for shard in sorted(self.mine)))
            await self._leave_seat()

    def _is_complete(self) -> bool:
        ready = all(self._gateway.is_shard_ready(shard) for shard in self.mine)
        return self._looked and ready and not (self._hungry and self._free)

    async def _sit_down(self) -> bool:
        """Take a seat, and learn from those who have one how many shards there are; False when all are taken."""
        if self._seat is not None:
            return True
        for number in range(SEATS):
            if await self._locks.try_hold(_seat(number)):
                self._seat = number
                break
        else:
            return False
        if not self._counted:
            # Discord's advice grows with the servers; all who work at the same time must follow the same.
            known = await self._facts.get(COUNT) if await self._others() else None
            self.count = int(known or self.count)
            await self._facts.put(COUNT, str(self.count))
            self._counted = True
        return True

    async def _others(self) -> int:
        return len(await self._locks.held([_seat(number) for number in range(SEATS) if number != self._seat]))

    async def _look(self) -> int:
        """See which shards are free; tells how many processes there are."""
        seats, shards = [_seat(number) for number in range(SEATS)], sorted(self._pinned) or range(self.count)
        held = await self._locks.held([*seats, *map(_shard, shards)])
        self._free = [shard for shard in shards if _shard(shard) not in held]
        return len(held.intersection(seats))

    async def _balance(self, processes: int) -> None:
        # Who was seen for a moment alone, or just starts anew, shall move no shard.
        steady, self._processes = processes == self._processes, processes
        least, extras = divmod(self.count, max(1, processes))
        await self._settle_extra(least, extras)
        surplus = len(self.mine) - least - (self._extra is not None)
        if steady and surplus > 0:
            await self._give_up(surplus)
        await self._take(list(self._free), least, extras)
        self._hungry = len(self.mine) < least or bool(self._free and len(self.mine) == least and extras)

    async def _settle_extra(self, least: int, extras: int) -> None:
        """Have the right to one shard above the least just as long as there is one."""
        if self._extra is not None and (self._extra >= extras or len(self.mine) <= least):
            await self._locks.release(_extra(self._extra))
            self._extra = None
        if len(self.mine) > least:
            await self._take_extra(extras)

    async def _take_extra(self, extras: int) -> bool:
        if self._extra is None:
            for number in range(extras):
                if await self._locks.try_hold(_extra(number)):
                    self._extra = number
                    break
        return self._extra is not None

    async def _give_up(self, number: int) -> None:
        """Let others have so many shards at most: in each bucket one, when whoever takes it may connect at once."""
        busy = {self._turns.bucket(shard) for shard in self._free}
        for shard in sorted(self.mine, key=lambda shard: (self._gateway.is_shard_ready(shard), -shard)):
            bucket = self._turns.bucket(shard)
            if number <= 0:
                return
            if bucket in busy or not await self._turns.try_take(shard):
                continue
            await self._turns.give_back(shard)
            await self._drop(shard)
            busy.add(bucket)
            number -= 1

    async def _take(self, free: Iterable[int], least: int, extras: int = 0) -> None:
        """Take free shards whose turn to connect it is, up to the least number, and one more with the right to it."""
        for shard in free:
            if len(self.mine) >= least + (extras > 0):
                return
            if not await self._turns.try_take(shard):
                continue
            may = len(self.mine) < least or await self._take_extra(extras)
            if may and await self._locks.try_hold(_shard(shard)):
                self.mine.add(shard)
                self._free.remove(shard)
                self._gateway.open_shard(shard, self.count, self._turns)
                log.info("took shard %d of %d", shard, self.count)
            else:
                await self._turns.give_back(shard)

    async def _drop(self, shard: int) -> None:
        await self._gateway.close_shard(shard)
        await self._locks.release(_shard(shard))
        self.mine.discard(shard)
        log.info("gave up shard %d", shard)

    async def _take_again(self) -> None:
        """Take everything again after it was lost; what another process has by now is dropped."""
        for shard in sorted(self.mine):
            if not await self._locks.try_hold(_shard(shard)):
                log.warning("another process has taken shard %d", shard)
                await self._drop(shard)
        if self._seat is not None and not await self._locks.try_hold(_seat(self._seat)):
            await self._locks.release(_seat(self._seat))
            self._seat = None
        if self._extra is not None and not await self._locks.try_hold(_extra(self._extra)):
            await self._locks.release(_extra(self._extra))
            self._extra = None

    async def _leave_seat(self) -> None:
        if self._extra is not None:
            await self._locks.release(_extra(self._extra))
        if self._seat is not None:
            await self._locks.release(_seat(self._seat))
        self._extra = self._seat = None


def _seat(number: int) -> str:
    return f"seat:{number}"


def _extra(number: int) -> str:
    return f"extra:{number}"


def _shard(number: int) -> str:
    return f"shard:{number}"
