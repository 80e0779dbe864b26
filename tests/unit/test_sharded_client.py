"""One client's shards come and go while it runs: connected to the local Discord, beside others that share with it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.domain.clock import Clock
from bot.sharded_client import ShardedClient, ShardPlan
from sandbox.discord import Discord
from tests.support.shard_board import Board, MemoryLocks

SECONDS = 10


@pytest.fixture
async def local_discord() -> AsyncIterator[Discord]:
    """Run a Discord with four servers, one for each of four shards, and keep sessions a moment apart."""
    addresses = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with Discord() as local_discord:
        local_discord.knobs.identify_seconds = 0.05
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = local_discord.api_url, yarl.URL(local_discord.gateway_url)
        for number in range(4):
            local_discord.guild(f"server {number}", guild_id=(1000 + number) << 22)
        yield local_discord
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = addresses
        assert local_discord.violations == []


class Process(ShardedClient):
    """Hold one process's client, and count how often it was ready."""

    def __init__(self, board: Board, *, count: int | None = 4) -> None:
        self.locks = MemoryLocks(board)
        self.times_ready = 0
        super().__init__(
            ShardPlan(count, frozenset(), 0.05, self.locks, board, Clock()),
            command_prefix="!",
            intents=discord.Intents(guilds=True),
            guild_ready_timeout=0.05,
        )

    async def on_ready(self) -> None:
        self.times_ready += 1

    @property
    def servers(self) -> set[str]:
        """Give the names of the servers that it knows."""
        return {guild.name for guild in self.guilds}


@asynccontextmanager
async def running(client: Process, token: str) -> AsyncGenerator[Process]:
    """Let a client run until the block ends."""
    async with client:
        await client.login(token)
        connection = asyncio.create_task(client.connect())
        try:
            yield client
        finally:
            await client.close()
            with suppress(asyncio.CancelledError):
                await connection


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not is_so():  # noqa: ASYNC110  # several clients change it
            await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look after the shards more often than a second."""
    monkeypatch.setattr("bot.shards.ROUND_SECONDS", 0.02)
    monkeypatch.setattr("bot.shards.QUICK_SECONDS", 0.01)
    monkeypatch.setattr("bot.shard_connection.SHORT_SECONDS", 0)


async def test_a_client_holds_all_shards_and_is_ready_when_all_are(local_discord: Discord) -> None:
    async with running(Process(Board()), local_discord.token) as client:
        assert client.gateway_problem() == "The gateway is not ready."
        await asyncio.wait_for(client.wait_until_ready(), SECONDS)
        await until(lambda: client.gateway_problem() is None)
        assert client.ready_shards == {0, 1, 2, 3}
        assert client.servers == {f"server {number}" for number in range(4)}
        assert local_discord.gateway.identifies == 4


async def test_shards_move_to_a_newcomer_and_back_and_their_servers_with_them(local_discord: Discord) -> None:
    board = Board()
    async with running(Process(board), local_discord.token) as first:
        await until(lambda: len(first.ready_shards) == 4)
        async with running(Process(board), local_discord.token) as second:
            await until(lambda: len(second.ready_shards) == 2)
            for client in (first, second):
                assert client.servers == {f"server {shard}" for shard in client.ready_shards}
            assert first.ready_shards | second.ready_shards == {0, 1, 2, 3}
            assert second.gateway_problem() is None
        await until(lambda: len(first.ready_shards) == 4)
        assert first.times_ready >= 2
    assert board.holders == {}
    assert not local_discord.gateway.sessions


async def test_the_second_client_stands_by_while_one_shard_is_taken(local_discord: Discord) -> None:
    board = Board()
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(running(Process(board, count=None), local_discord.token))
        await until(lambda: first.gateway_problem() is None and first.gateway_note() is None)
        second = await stack.enter_async_context(running(Process(board, count=None), local_discord.token))
        await until(lambda: second.gateway_note() is not None)
        assert second.gateway_problem() is None
        stopping = asyncio.Event()
        stopping.set()
        await asyncio.wait_for(first.hand_over_after(stopping), SECONDS)
        await until(lambda: second.ready_shards == {0})
        assert second.gateway_note() is None


async def test_a_session_that_is_cut_off_goes_on_and_one_that_is_lost_is_made_anew(local_discord: Discord) -> None:
    gateway = local_discord.gateway
    async with running(Process(Board(), count=2), local_discord.token) as client:
        await until(lambda: len(client.ready_shards) == 2)
        await local_discord.request_reconnect()
        await until(lambda: gateway.resumes == 2 and gateway.ready)
        assert gateway.identifies == 2
        await local_discord.drop_gateway(resumable=False)
        await until(lambda: gateway.identifies == 4 and gateway.ready)
        guild = local_discord.guild("late", guild_id=3000 << 22)
        await until(lambda: guild.name in client.servers)


async def test_a_shard_that_discord_lets_in_no_more_ends_the_client(local_discord: Discord) -> None:
    client = Process(Board(), count=2)
    async with client:
        await client.login(local_discord.token)
        connection = asyncio.create_task(client.connect())
        await until(lambda: len(client.ready_shards) == 2)
        local_discord.reset_token()
        await local_discord.drop_gateway(resumable=False)
        with pytest.raises(discord.ConnectionClosed) as closed:
            await asyncio.wait_for(connection, SECONDS)
        assert closed.value.code == 4004
        assert client.is_closed()


async def test_a_discord_that_does_not_say_how_to_connect_is_asked_again(local_discord: Discord) -> None:
    local_discord.faults.status("GET", "/gateway/bot", 404)
    async with running(Process(Board(), count=1), local_discord.token) as client:
        await asyncio.wait_for(client.wait_until_ready(), SECONDS)


async def test_a_shard_on_its_way_can_be_closed_and_leaves_no_session_and_no_turn(
    local_discord: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = Board()
    begun = asyncio.Event()

    async def put(name: str, value: str) -> None:
        board.facts[name] = value
        if name.startswith("identify:"):
            begun.set()
            await asyncio.Event().wait()

    monkeypatch.setattr(board, "put", put)
    async with running(Process(board, count=1), local_discord.token) as client:
        await asyncio.wait_for(begun.wait(), SECONDS)
        await client.close()
    assert board.holders == {}
    await until(lambda: not local_discord.gateway.connections)
    assert not local_discord.gateway.sessions
