"""Names that processes hold, a Discord that they connect shards to, and rounds that meet in any order."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from random import Random

from bot.errors import DatabaseUnavailable
from bot.identify_turns import IdentifyTurns, StartLimits
from bot.shards import ShardSharing
from tests.support.clock import clock_of


@dataclass
class Board:
    """Hold who has which name, what all remember, and which process connected each shard."""

    random: Random = field(default_factory=lambda: Random(0))
    """How long each look at the board takes, as turns of other tasks."""
    holders: dict[str, "MemoryLocks"] = field(default_factory=dict[str, "MemoryLocks"])
    facts: dict[str, str] = field(default_factory=dict[str, str])
    connected: list[tuple[int, "Process"]] = field(default_factory=list[tuple[int, "Process"]])
    now: int = 1_000_000
    moves: int = 0
    """How many connections were made."""

    async def get(self, name: str) -> str | None:
        """Read a fact."""
        return self.facts.get(name)

    async def put(self, name: str, value: str) -> None:
        """Write a fact."""
        self.facts[name] = value

    async def let_others_go_on(self) -> None:
        """Take some time."""
        for _ in range(self.random.randrange(3)):
            await asyncio.sleep(0)


class MemoryLocks:
    """Let processes of one test hold names, and lose them."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._mine: set[str] = set()
        self.reachable = True

    async def try_hold(self, name: str) -> bool:
        """Take a name."""
        await self._reach()
        if self._board.holders.setdefault(name, self) is not self:
            return False
        self._mine.add(name)
        return True

    async def release(self, name: str) -> None:
        """Let others have a name."""
        await self._board.let_others_go_on()
        self._mine.discard(name)
        if self._board.holders.get(name) is self:
            del self._board.holders[name]

    async def held(self, names: Collection[str]) -> frozenset[str]:
        """Tell which names are held."""
        await self._reach()
        return frozenset(name for name in names if name in self._board.holders)

    def lost(self) -> bool:
        """Tell whether a name was lost."""
        return any(self._board.holders.get(name) is not self for name in self._mine)

    def lose_all(self) -> None:
        """Let all names be free, as when the process ends or its wire to the database breaks."""
        for name in [name for name, holder in self._board.holders.items() if holder is self]:
            del self._board.holders[name]

    async def _reach(self) -> None:
        await self._board.let_others_go_on()
        if not self.reachable:
            raise DatabaseUnavailable("it is away")


class Process:
    """Hold one process's part of the shards; its connections stand on the board."""

    def __init__(
        self,
        board: Board,
        count: int | None = None,
        *,
        recommended: int = 1,
        pinned: frozenset[int] = frozenset(),
        seconds: float = 0,
        limits: StartLimits | None = None,
    ) -> None:
        self.board = board
        self.locks = MemoryLocks(board)
        self.limits = limits or StartLimits(1000, 0, 1)
        self.ready: set[int] = set()
        self.turns = IdentifyTurns(
            self.locks, board, self._ask, self.limits, seconds=seconds, clock=clock_of(lambda: board.now)
        )
        self.sharing = ShardSharing(
            self.locks, self.turns, self, board, count=count, recommended=recommended, pinned=pinned
        )

    @property
    def shards(self) -> set[int]:
        """Give the shards that it has connected."""
        return {shard for shard, process in self.board.connected if process is self}

    def open_shard(self, shard: int, count: int, turns: IdentifyTurns) -> None:
        """Connect at once, as the first of all."""
        assert (count, turns) == (self.sharing.count, self.turns)
        self.board.connected.append((shard, self))
        self.board.moves += 1
        self.ready.add(shard)
        self._identified = asyncio.ensure_future(self._identify(shard))

    async def close_shard(self, shard: int) -> None:
        """Disconnect."""
        await self.board.let_others_go_on()
        self.board.connected.remove((shard, self))
        self.ready.discard(shard)

    def is_shard_ready(self, shard: int) -> bool:
        """Tell whether a shard is ready: it is at once, unless the test says otherwise."""
        return shard in self.ready

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self.locks.lose_all()
        for shard in self.shards:
            self.board.connected.remove((shard, self))

    async def _identify(self, shard: int) -> None:
        await self.turns.identifying(shard)
        await self.turns.give_back(shard)

    async def _ask(self) -> StartLimits:
        return self.limits
