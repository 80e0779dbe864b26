"""A server between a client and another one that answers badly, late or not at all, as it is told."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""Speak with a client until its connection is to end."""


class FaultyProxy:
    """Pass connections on, or let them meet with a fault."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._host, self._port = parts.hostname or "", parts.port or 0
        self.url = ""
        self.met = 0
        """How many connections met with a fault."""
        self._fault: Talk | None = None
        self._times = 0
        self._talks: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def open(cls, target: str) -> AsyncGenerator["FaultyProxy"]:
        """Stand before a server, until the block ends."""
        proxy = cls(target)

        def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            proxy._talks.add(asyncio.ensure_future(proxy._talk(reader, writer)))

        server = await asyncio.start_server(begin, "127.0.0.1", 0)
        proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield proxy
        finally:
            server.close()
            await proxy._hang_up()

    async def fail(self, fault: Talk | None, times: int = 1_000_000) -> None:
        """Let the next connections meet with a fault, or none again; those that are open end."""
        self._fault, self._times = fault, times
        await self._hang_up()

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, most: int = 2**60) -> None:
        """Pass a connection on, and hang up after so many bytes of answers."""
        to_reader, to_writer = await asyncio.open_connection(self._host, self._port)
        try:
            async with asyncio.TaskGroup() as tasks:
                there = tasks.create_task(_pump(reader, to_writer))
                await _pump(to_reader, writer, most)
                there.cancel()
        finally:
            to_writer.close()

    def cutting(self, after: int) -> Talk:
        """Hang up in the middle of an answer."""

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self.pass_on(reader, writer, after)

        return talk

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                if self._fault is not None and self._times > 0:
                    self._times -= 1
                    self.met += 1
                    await self._fault(reader, writer)
                else:
                    await self.pass_on(reader, writer)
        finally:
            writer.close()

    async def _hang_up(self) -> None:
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        self._talks.clear()


def answering(status: int, code: str = "") -> Talk:
    """Answer a request as an S3 server does that refuses it."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lengths = [
            int(line.partition(b":")[2]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-l")
        ]
        await reader.readexactly(sum(lengths))
        body = b"" if head.startswith(b"HEAD") else f"<Error><Code>{code}</Code></Error>".encode()
        writer.write(
            f"HTTP/1.1 {status} So\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
        )
        await writer.drain()

    return talk


async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Read everything, and never answer."""
    while await reader.read(2**16):
        pass


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, most: int = 2**60) -> None:
    left = most
    while left and (data := await reader.read(min(2**16, left))):
        writer.write(data)
        await writer.drain()
        left -= len(data)
