"""One session of the gateway: what it was told, so that a resume can repeat it."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from enum import IntEnum

from aiohttp import web

REPLAYABLE_EVENTS = 2000
"""Kept by each session for a resume."""


class Opcode(IntEnum):
    """Gateway opcodes."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE_UPDATE = 3
    VOICE_STATE_UPDATE = 4
    RESUME = 6
    RECONNECT = 7
    REQUEST_GUILD_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Connection:
    """One WebSocket, written to in order by one task."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._outbox: asyncio.Queue[str | int] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())
        self.session: Session | None = None
        self.cut = False
        """Whether it was closed from here."""

    def send(self, text: str) -> None:
        """Queue a text frame."""
        self._outbox.put_nowait(text)

    def end(self, code: int) -> None:
        """Close with a gateway close code, after what is queued."""
        self._outbox.put_nowait(code)

    async def close(self, code: int) -> None:
        """Close with a gateway close code."""
        self.cut = True
        await self._socket.close(code=code, drain=False)

    async def finish(self) -> None:
        """Stop writing and leave the session to a resume."""
        if self.session and self.session.connection is self:
            self.session.connection = None
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)

    async def _write(self) -> None:
        while True:
            item = await self._outbox.get()
            try:
                if isinstance(item, int):
                    await self.close(item)
                    return
                await self._socket.send_str(item)
            except ConnectionError:
                return


class Session:
    """What one shard was told, with or without a live connection."""

    def __init__(self, shard_id: int, shard_count: int, intents: int) -> None:
        self.id = secrets.token_hex(16)
        self.shard_id = shard_id
        self.shard_count = shard_count
        self.intents = intents
        self.connection: Connection | None = None
        self._sequence = 0
        self._history: deque[tuple[int, str]] = deque(maxlen=REPLAYABLE_EVENTS)

    def receives(self, guild_id: int | None, intent: int) -> bool:
        """Whether an event of that server (None for direct messages) and intent goes to this session."""
        shard = 0 if guild_id is None else (guild_id >> 22) % self.shard_count
        return shard == self.shard_id and (not intent or bool(self.intents & intent))

    def push(self, event: str, payload: str) -> None:
        """Send an event whose payload is already JSON."""
        self._sequence += 1
        text = f'{{"op":0,"s":{self._sequence},"t":"{event}","d":{payload}}}'
        self._history.append((self._sequence, text))
        if self.connection:
            self.connection.send(text)

    def attach(self, connection: Connection) -> None:
        """Speak over this connection from now on."""
        self.connection = connection
        connection.session = self

    def can_replay(self, seen: int) -> bool:
        """Whether everything after sequence number `seen` can be repeated."""
        oldest = self._history[0][0] if self._history else 1
        return oldest - 1 <= seen <= self._sequence

    def replay(self, seen: int) -> None:
        """Repeat everything after sequence number `seen`."""
        if self.connection:
            for sequence, text in self._history:
                if sequence > seen:
                    self.connection.send(text)
