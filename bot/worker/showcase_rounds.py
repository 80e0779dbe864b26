"""What is shared is posted, drawn anew and taken down, and a week's best are shown; nothing of it twice.

What a process leaves undone is due for the next one. Servers in which nobody shares anything have no rows here, and so
cost nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from contextlib import AsyncExitStack
from functools import partial

from bot.db.store import Store
from bot.domain.clock import Clock, is_ahead
from bot.errors import DatabaseError
from bot.locks import InstanceNames, NamedLocks
from bot.services.showcase import Showcase
from bot.worker.shared_results import SharedResults
from bot.worker.weekly_best import WeeklyBest

log = logging.getLogger(__name__)

IDLE_SECONDS = 60.0
"""How often it is looked for what another process has left undone, and for weeks that are over."""

AT_ONCE = 2
"""How many results or weeks are in hand at a time."""

LOOKED_AT = 20
"""How many of those that wait are looked at together."""

TURN_SECONDS, BUSY_SECONDS = 0.2, 2.0
"""How long another process's turn is waited for, and when it is looked again whether that has ended."""


class ShowcaseRounds:
    """See to showcases until cancelled; whoever works on a result or a week has its turn among all processes."""

    def __init__(
        self,
        store: Store,
        showcase: Showcase,
        shared_results: SharedResults,
        weekly_best: WeeklyBest,
        locks: NamedLocks,
        instance_names: InstanceNames,
        *,
        clock: Clock,
    ) -> None:
        self._store = store
        self._showcase = showcase
        self._shared_results = shared_results
        self._weekly_best = weekly_best
        self._locks = locks
        self._instance_names = instance_names
        self._clock = clock
        self._in_hand: dict[Hashable, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Do what is due, now and whenever something is."""
        try:
            while True:
                await self._showcase.asked.wait(await self._begin_due())
        finally:
            tasks = list(self._in_hand.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _begin_due(self) -> float:
        """Take up what is due, as far as there is room, and give the seconds until something else may be."""
        if self._instance_names.own() is None:
            return BUSY_SECONDS
        try:
            shares = await self._store.shares.waiting(LOOKED_AT)
            wall_ms = self._clock.wall_ms()
            weeks = await self._store.shares.due_weeks(wall_ms + int(IDLE_SECONDS * 1000), LOOKED_AT)
        except DatabaseError as error:
            log.warning("it cannot be looked for what is shared: %s", error)
            return IDLE_SECONDS
        now, seconds = self._clock(), IDLE_SECONDS
        for share in shares:
            if is_ahead(share.due_ms or 0, now):
                seconds = min(seconds, ((share.due_ms or 0) - now) / 1000)
            else:
                self._begin(f"share {share.job_id} {share.slot}", partial(self._shared_results.see_to, share))
        for week in weeks:
            if (week.due_ms or 0) > wall_ms:
                seconds = min(seconds, ((week.due_ms or 0) - wall_ms) / 1000)
                continue
            self._begin(f"showcase {week.guild_id} {week.week}", partial(self._weekly_best.see_to, week))
        return seconds

    def _begin(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        if name not in self._in_hand and len(self._in_hand) < AT_ONCE:
            self._in_hand[name] = asyncio.create_task(self._take_turn(name, work), name=name)
            self._in_hand[name].add_done_callback(lambda _: self._done(name))

    def _done(self, name: str) -> None:
        del self._in_hand[name]
        self._showcase.asked.set()

    async def _take_turn(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        try:
            async with AsyncExitStack() as stack:
                try:
                    async with asyncio.timeout(TURN_SECONDS):
                        await stack.enter_async_context(self._locks.acquire(name))
                except TimeoutError:
                    await asyncio.sleep(BUSY_SECONDS)
                    return
                await work()
        except Exception:
            # It stays due.
            log.exception("%s could not be seen to", name)
            await asyncio.sleep(BUSY_SECONDS)
