"""One shard's connection to Discord, which comes again by itself until it is told to end."""

import asyncio
import logging
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, NamedTuple

import aiohttp
import discord
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from yarl import URL

from bot.errors import DatabaseError
from bot.identify_turns import IdentifyTurns

log = logging.getLogger(__name__)

CONNECT_SECONDS = 20.0
"""How long it may take to connect and to ask for a session; others may wait for the turn meanwhile."""

CLOSE_SECONDS = 1.0
"""How long Discord has to answer our good-bye."""

SHORT_SECONDS = 1.0
"""What ends sooner is not tried again at once."""

LEAVING, COMING_AGAIN = 1000, 4000
"""Codes to close with: after the first one, Discord ends the session."""

BROKEN = (
    OSError,
    TimeoutError,
    aiohttp.ClientError,
    discord.HTTPException,
    discord.GatewayNotFound,
    discord.ConnectionClosed,
    DatabaseError,
)
"""What ends a connection, and not the wish to be connected."""


class _Session(NamedTuple):
    """What Discord needs to go on with a session."""

    gateway: URL
    id: str
    sequence: int | None


_begun: ContextVar[list["ShardSocket"]] = ContextVar("_begun")
"""The connections that a task has begun."""


class ShardSocket(DiscordWebSocket):
    """Be known before it is connected: the library hands it out only then, and until then nobody could close it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, *, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(socket, loop=loop)
        _begun.get().append(self)

    async def leave(self, code: int) -> None:
        """Close the connection, and wait a moment for Discord to hear of it."""
        with suppress(*BROKEN):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.close(code)


class ShardConnection:
    """Keep one shard connected; `ready` is whether it was told of all its servers."""

    def __init__(self, client: discord.Client, shard: int, turns: IdentifyTurns) -> None:
        self.ready = False
        self._client = client
        self._shard = shard
        self._turns = turns
        self._session: _Session | None = None
        self._backoff: ExponentialBackoff[bool] = ExponentialBackoff()

    async def run(self) -> None:
        """Be connected until cancelled; the first turn to connect was taken for it.

        Raises `discord.ConnectionClosed` when Discord lets it in no more, and whatever breaks in handling an event.
        """
        has_turn = True
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                await self._live(await self._connect(has_turn=has_turn))
            except ReconnectWebSocket as signal:
                if not signal.resume:
                    self._session = None
                log.debug("shard %d is to %s", self._shard, signal.op)
            except BROKEN as error:
                if isinstance(error, discord.ConnectionClosed) and error.code != 1000:
                    raise _refusal(error) from None
                log.warning("shard %d lost its connection: %s", self._shard, str(error) or type(error).__name__)
            has_turn = False
            if loop.time() - began < SHORT_SECONDS:
                await asyncio.sleep(self._backoff.delay())

    async def identifying(self) -> None:
        """Write down that a session begins now; raises `DatabaseError`, and then it does not begin."""
        await self._turns.identifying(self._shard)

    async def _connect(self, *, has_turn: bool) -> ShardSocket:
        if (session := self._session) is not None:
            return await self._begin(
                gateway=session.gateway, session=session.id, sequence=session.sequence, resume=True
            )
        if not has_turn:
            await self._turns.take(self._shard)
        try:
            return await self._begin()
        finally:
            await self._turns.give_back(self._shard)

    async def _begin(self, **options: Any) -> ShardSocket:
        begun: list[ShardSocket] = []
        _begun.set(begun)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await ShardSocket.from_client(self._client, shard_id=self._shard, **options)
        except BaseException as error:
            # Left open it would be kept alive by its own heartbeat.
            for socket in begun:
                await socket.leave(LEAVING if isinstance(error, asyncio.CancelledError) else COMING_AGAIN)
            raise

    async def _live(self, socket: ShardSocket) -> None:
        """Handle what comes until the connection ends, and keep what it takes to go on with the session."""
        code = COMING_AGAIN
        try:
            while True:
                await socket.poll_event()
        except asyncio.CancelledError:
            code = LEAVING
            raise
        finally:
            if socket.session_id is not None:
                self._session = _Session(socket.gateway, socket.session_id, socket.sequence)
            await socket.leave(code)


def _refusal(error: discord.ConnectionClosed) -> Exception:
    return discord.PrivilegedIntentsRequired(error.shard_id) if error.code == 4014 else error
