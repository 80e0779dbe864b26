"""One Discord client for all shards that this process holds, which come and go."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
import discord
from discord.backoff import ExponentialBackoff
from discord.ext import commands

from bot.domain.clock import Clock
from bot.errors import DatabaseError
from bot.identify_turns import Facts, IdentifyTurns, StartLimits
from bot.locks import ShardLocks
from bot.shard_connection import ShardConnection
from bot.shards import ShardSharing

log = logging.getLogger(__name__)

HAND_OVER_SECONDS = 8.0
"""How long other processes have to take the shards one after the other; then they get the rest at once."""

CLOSE_SECONDS = 2.0
"""How long it may take to give up at the end what others share with us."""

UNANSWERED = (discord.GatewayNotFound, discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)
"""What is raised when Discord does not say how its gateway is used."""


@dataclass(frozen=True)
class ShardPlan:
    """Hold what settings say of shards, and what processes share to divide them."""

    count: int | None
    pinned: frozenset[int]
    identify_seconds: float
    locks: ShardLocks
    facts: Facts
    clock: Clock


class ShardedClient(commands.AutoShardedBot):
    """Share command tree, cogs, caches and one HTTP client among shards that are opened and closed while it runs.

    The library's own loop connects a fixed list of shards, one after the other, and lets none go. Here each shard is a
    task; all else of the library is as it was.
    """

    def __init__(self, plan: ShardPlan, **options: Any) -> None:
        super().__init__(shard_count=plan.count, **options)
        self._plan = plan
        self._connections: dict[int, tuple[ShardConnection, asyncio.Task[None]]] = {}
        self._sharing: ShardSharing | None = None
        self._ended: asyncio.Future[None] | None = None

    async def connect(self, *, reconnect: bool = True) -> None:
        """Hold this process's part of the shards until it is closed; raise what ends a shard for good."""
        del reconnect  # each shard comes again by itself
        self._ended = asyncio.get_running_loop().create_future()
        sharing = asyncio.create_task(self._share())
        try:
            await asyncio.wait((sharing, self._ended), return_when=asyncio.FIRST_COMPLETED)
            if sharing.done():
                sharing.result()
            self._ended.result()
        finally:
            sharing.cancel()
            with suppress(asyncio.CancelledError):
                await sharing
            if not self.is_closed():
                await self.close()

    async def close(self) -> None:
        """Close all shards, let others have them, and close what they shared."""
        if not self.is_closed():
            if self._sharing is not None:
                # A database that does not answer must not keep it from ending; then it drops the names by itself.
                with suppress(TimeoutError):
                    async with asyncio.timeout(CLOSE_SECONDS):
                        await self._sharing.close()
            await asyncio.gather(*(self.close_shard(shard) for shard in list(self._connections)))
        await super().close()
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(None)

    async def hand_over_after(self, stopping: asyncio.Event) -> None:
        """Give the shards up once that is set, as other processes can take them; where there are none, they stay."""
        await stopping.wait()
        if self._sharing is None:
            return
        try:
            async with asyncio.timeout(HAND_OVER_SECONDS):
                await self._sharing.hand_over()
        except (TimeoutError, DatabaseError) as error:
            log.info("not all shards were handed over in order: %s", str(error) or "they took too long")

    def gateway_problem(self) -> str | None:
        """Say in one sentence why the gateway is not ready; None when it is."""
        return "The gateway is not ready." if self._sharing is None else self._sharing.problem()

    def gateway_note(self) -> str | None:
        """Say in one sentence that other processes hold all shards; None when they do not."""
        if self._sharing is None or not self._sharing.stands_by:
            return None
        return "It stands by: other processes hold all shards. It works on jobs."

    @property
    def shards(self) -> dict[int, discord.ShardInfo]:
        """Give the shards that are connected, for whoever looks at them as the library shows them."""
        held = {shard: cast("Any", connection) for shard, (connection, _) in self._connections.items() if connection.ws}
        return {shard: discord.ShardInfo(connection, self.shard_count) for shard, connection in held.items()}

    @property
    def latencies(self) -> list[tuple[int, float]]:
        """Give each connected shard's number, and how long its heartbeats take. Seconds."""
        return [(shard, info.latency) for shard, info in self.shards.items()]

    @property
    def ready_shards(self) -> set[int]:
        """Give the shards of this process that were told of all their servers."""
        return {shard for shard, (connection, _) in self._connections.items() if connection.ready}

    def is_in(self, guild_id: int) -> bool | None:
        """Tell whether the bot is in a server; None for those of other processes' shards."""
        if self.get_guild(guild_id) is not None:
            return True
        return False if (guild_id >> 22) % (self.shard_count or 1) in self.ready_shards else None

    def open_shard(self, shard: int, count: int, turns: IdentifyTurns) -> None:
        """Begin to connect a shard, one of so many, whose turn was taken; it stays connected until it is closed."""
        self.shard_count = self._connection.shard_count = count
        connection = ShardConnection(self, shard, turns)
        task = asyncio.create_task(connection.run(), name=f"shard {shard}")
        task.add_done_callback(self._shard_ended)
        self._connections[shard] = connection, task

    async def close_shard(self, shard: int) -> None:
        """End a shard's connection and forget its servers."""
        if (held := self._connections.pop(shard, None)) is None:
            return
        task = held[1]
        task.cancel()
        await asyncio.wait((task,))
        for guild in [guild for guild in self.guilds if guild.shard_id == shard]:
            self._connection._remove_guild(guild)  # pyright: ignore[reportPrivateUsage]  # the library never lets a shard go

    def is_shard_ready(self, shard: int) -> bool:
        """Tell whether a shard was told of all its servers."""
        return shard in self.ready_shards

    async def on_shard_ready(self, shard_id: int) -> None:
        """Let everybody know when all shards of this process are ready; it happens again when one comes later."""
        if shard_id in self._connections:
            self._connections[shard_id][0].ready = True
        if len(self.ready_shards) == len(self._connections):
            self._handle_ready()
            self.dispatch("ready")

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Write down that a session begins now; its turn was taken before it was connected."""
        del initial
        if (held := self._connections.get(shard_id or 0)) is not None:
            await held[0].identifying()

    async def _share(self) -> None:
        plan = self._plan
        recommended, limits = await self._ask_until_answered()
        turns = IdentifyTurns(
            plan.locks, plan.facts, self._fetch_limits, limits, seconds=plan.identify_seconds, clock=plan.clock
        )
        self._sharing = ShardSharing(
            plan.locks,
            turns,
            self,
            plan.facts,
            count=plan.count,
            recommended=recommended,
            pinned=plan.pinned,
        )
        await self._sharing.run()

    async def _ask_until_answered(self) -> tuple[int, StartLimits]:
        backoff: ExponentialBackoff[bool] = ExponentialBackoff()
        while True:
            try:
                return await self._ask_gateway()
            except UNANSWERED as error:
                log.warning("Discord does not say how to connect: %s", str(error) or type(error).__name__)
                await asyncio.sleep(backoff.delay())

    async def _fetch_limits(self) -> StartLimits | None:
        try:
            return (await self._ask_gateway())[1]
        except UNANSWERED:
            return None

    async def _ask_gateway(self) -> tuple[int, StartLimits]:
        """Ask for the number of shards that Discord recommends, and for what it says of session starts."""
        shards, _, limits = await self.http.get_bot_gateway()
        return shards, StartLimits(limits["remaining"], limits["reset_after"], max(1, limits["max_concurrency"]))

    def _shard_ended(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or self._ended is None or self._ended.done():
            return
        if (error := task.exception()) is not None:
            self._ended.set_exception(error)
