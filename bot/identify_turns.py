"""When a session may begin at Discord: one after the other in each bucket, over all processes, and so many a day."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.domain.clock import Clock
from bot.errors import DatabaseError
from bot.locks import ShardLocks

log = logging.getLogger(__name__)

RETRY_SECONDS = 0.2
"""How often a turn is tried for that another process has."""

MARGIN_MS = 100
"""What Discord measures may be so much less than what we waited: one message may be longer on its way than the next."""

BEGINS = "0"
"""What is written down while a session begins: nobody knows when yet, and who wrote it may die before it does."""

WRITE_SECONDS = 2.0
"""How long it may take to write down when it began; else others wait as for one who died."""

LIMITS_MS = 60_000
"""How long an answer about the day's session starts holds."""

FEW = 20
"""So few session starts are counted anew before each."""

EXHAUSTED_MS = 60_000
"""How often it is asked whether a new day of session starts has begun."""


@dataclass(frozen=True)
class StartLimits:
    """Hold what Discord says of session starts; each `max_concurrency` shards in a row begin side by side."""

    remaining: int
    reset_after_ms: int
    max_concurrency: int


class Facts(Protocol):
    """Remember small facts for all processes; each raises `DatabaseError`."""

    async def get(self, name: str) -> str | None:
        """Read a fact; None when it was never written."""
        ...

    async def put(self, name: str, value: str) -> None:
        """Write a fact over its older value."""
        ...


class IdentifyTurns:
    """Give a shard's bucket to one session start at a time, over all processes.

    The lock keeps others out while a session begins. That it begins is written down before, and when it did after it: a
    process that is killed in between leaves no lock, and to write can take long. `fetch_limits` asks Discord, and may
    raise what discord.py does.
    """

    def __init__(
        self,
        locks: ShardLocks,
        facts: Facts,
        fetch_limits: Callable[[], Awaitable[StartLimits | None]],
        limits: StartLimits,
        *,
        seconds: float,
        clock: Clock,
    ) -> None:
        self._locks = locks
        self._facts = facts
        self._fetch_limits = fetch_limits
        self._limits = limits
        self._limits_ms = clock()
        self._pause_ms = int(seconds * 1000) + MARGIN_MS if seconds else 0
        self._clock = clock
        self._taken: set[str] = set()
        self._begun: set[str] = set()
        self._free_ms: dict[str, int] = {}
        self._exhausted_until_ms = 0

    @property
    def exhausted_ms(self) -> int:
        """Give for how long Discord lets no session begin, as far as is known; 0 when it does."""
        return self._limits.reset_after_ms if self._clock() < self._exhausted_until_ms else 0

    def bucket(self, shard: int) -> int:
        """Give the number that is the same for all shards that take turns with this one."""
        return shard % self._limits.max_concurrency

    async def try_take(self, shard: int) -> bool:
        """Take the turn of a shard's bucket, unless it is another's, too early, or the day's starts are used up."""
        name = self._name(shard)
        if name in self._taken or self._clock() < max(self._free_ms.get(name, 0), self._exhausted_until_ms):
            return False
        self._taken.add(name)
        try:
            taken = await self._locks.try_hold(name) and await self._is_time(name) and await self._day_has_more()
        except BaseException:
            await self._let_go(name)
            raise
        if not taken:
            await self._let_go(name)
        return taken

    async def take(self, shard: int) -> None:
        """Wait for the turn of a shard's bucket, for as long as that takes."""
        while True:
            try:
                if await self.try_take(shard):
                    return
            except DatabaseError as error:
                log.warning("shard %d waits for its turn to connect: %s", shard, error)
                await asyncio.sleep(1)
            await asyncio.sleep(RETRY_SECONDS)

    async def identifying(self, shard: int) -> None:
        """Write down that a session begins now; raises `DatabaseError`, and then it must not begin."""
        name = self._name(shard)
        await self._facts.put(name, BEGINS)
        self._begun.add(name)
        if self._limits.remaining > 0:
            self._limits = StartLimits(
                self._limits.remaining - 1, self._limits.reset_after_ms, self._limits.max_concurrency
            )

    async def give_back(self, shard: int) -> None:
        """Let others have the turn, and know when a session began in it; harmless when it was not taken."""
        if (name := self._name(shard)) not in self._taken:
            return
        try:
            if name in self._begun:
                self._begun.remove(name)
                await self._write_down(name)
        finally:
            await self._let_go(name)

    async def _write_down(self, name: str) -> None:
        """Write down that the next session has to wait from now on; what cannot be written makes others wait longer."""
        now = self._clock()
        self._free_ms[name] = now + self._pause_ms
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await self._facts.put(name, str(now))
        except (DatabaseError, TimeoutError) as error:
            log.warning("when a session began could not be written down: %s", str(error) or "it took too long")

    async def _let_go(self, name: str) -> None:
        self._taken.discard(name)
        await self._locks.release(name)

    async def _is_time(self, name: str) -> bool:
        """Tell whether the last session of this bucket began long enough ago; one from the future does not count."""
        began = await self._facts.get(name)
        if began == BEGINS:
            # Who holds the turn now was not the one that wrote it: that one may have begun just before it died.
            await self._write_down(name)
            return self._pause_ms == 0
        free_ms = int(began or 0) + self._pause_ms
        now = self._clock()
        if now < free_ms <= now + self._pause_ms:
            self._free_ms[name] = free_ms
            return False
        return True

    async def _day_has_more(self) -> bool:
        now = self._clock()
        if now - self._limits_ms >= LIMITS_MS or self._limits.remaining <= FEW:
            self._limits = await self._fetch_limits() or self._limits
            self._limits_ms = now
        if self._limits.remaining > 0:
            return True
        self._exhausted_until_ms = now + min(EXHAUSTED_MS, max(self._limits.reset_after_ms, 1000))
        log.error(
            "Discord lets no more sessions begin today; the next one in %.1f hours",
            self._limits.reset_after_ms / 3_600_000,
        )
        return False

    def _name(self, shard: int) -> str:
        return f"identify:{self.bucket(shard)}"
