"""A host that sends one byte a second."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

TIMEOUT_SECONDS = 10
"""Seconds within which somebody who means to connects."""


class SlowHost:
    """Send a header, then one byte a second; count who is connected."""

    def __init__(self) -> None:
        self.connected = 0
        self.most = 0
        self._talks: set[asyncio.Task[None]] = set()
        self.changed = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncGenerator[tuple["SlowHost", str]]:
        host = cls()

        def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            host._talks.add(asyncio.ensure_future(host.talk(reader, writer)))

        server = await asyncio.start_server(begin, "127.0.0.1", 0)
        async with server:
            yield host, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            await host.hang_up()

    async def hang_up(self) -> None:
        """End all that is being sent, so that nobody has to wait for it."""
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connected += 1
        self.most = max(self.most, self.connected)
        self.changed.set()
        try:
            with suppress(ConnectionError):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
                while not reader.at_eof():
                    writer.write(b"\0")
                    await writer.drain()
                    await asyncio.sleep(1)
        finally:
            self.connected -= 1
            writer.close()

    async def until_connected(self, number: int) -> None:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while self.connected < number:
                self.changed.clear()
                await self.changed.wait()
