"""A wire that can be cut without a word: what comes is swallowed from then on, and nothing is closed."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit, urlunsplit


class TcpProxy:
    """Pass bytes on between whoever connects and one address."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._passes = asyncio.Event()
        self._passes.set()
        self._tasks: set[asyncio.Task[None]] = set()

    def swallow(self) -> None:
        """Let nothing through any more, either way, of those who are connected or come."""
        self._passes.clear()

    def mend(self) -> None:
        """Let new connections through; what was swallowed stays so."""
        for task in self._tasks:
            task.cancel()
        self._passes.set()

    async def close(self) -> None:
        """End all connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a connection."""
        task = asyncio.ensure_future(self._talk(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # One that is cancelled before it begins comes to no `finally`.
        task.add_done_callback(lambda _: writer.transport.abort())

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = None
        try:
            await self._passes.wait()
            with suppress(OSError):
                from_there, there = await asyncio.open_connection(*self._address)
                ways = [
                    asyncio.ensure_future(self._pass(reader, there)),
                    asyncio.ensure_future(self._pass(from_there, writer)),
                ]
                try:
                    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for way in ways:
                        way.cancel()
                    await asyncio.gather(*ways, return_exceptions=True)
        finally:
            for end in (writer, there):
                if end is not None:
                    end.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if self._passes.is_set():
                writer.write(data)
                await writer.drain()
            else:
                await asyncio.Event().wait()


@asynccontextmanager
async def tcp_proxy(url: str) -> AsyncGenerator[tuple[TcpProxy, str]]:
    """Stand between an address and whoever uses the one that is given."""
    parts = urlsplit(url)
    proxy = TcpProxy(parts.hostname or "127.0.0.1", parts.port or 5432)
    server = await asyncio.start_server(proxy.begin, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    user = f"{parts.username}@" if parts.username else ""
    async with server:
        try:
            yield proxy, urlunsplit(parts._replace(netloc=f"{user}127.0.0.1:{port}"))
        finally:
            await proxy.close()
