"""A wire to the gateway that can go dead: still connected, but nothing comes through any more."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sandbox.discord import Discord


class BreakableConnection:
    """Pass bytes on between the bot and the gateway until it is dead."""

    def __init__(self, host: str, port: int) -> None:
        self._far = (host, port)
        self._dead = False
        self._pumps: set[asyncio.Task[None]] = set()

    def die(self) -> None:
        """Swallow all that either side sends from now on."""
        self._dead = True

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join one client to the far end."""
        far_reader, far_writer = await asyncio.open_connection(*self._far)
        for pump in (self._pump(reader, far_writer), self._pump(far_reader, writer)):
            task = asyncio.create_task(pump)
            self._pumps.add(task)
            task.add_done_callback(self._pumps.discard)

    async def close(self) -> None:
        """Cut all connections."""
        for task in list(self._pumps):
            task.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                if not self._dead:
                    writer.write(data)
                    await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def breakable_gateway(discord: Discord) -> AsyncGenerator[BreakableConnection]:
    """Let clients resume over a wire; those that connect anew are told of the gateway by the API, and go there."""
    direct = discord.gateway.url
    host, port = direct.removeprefix("ws://").split(":")
    connection = BreakableConnection(host, int(port))
    server = await asyncio.start_server(connection.connect, "127.0.0.1", 0)
    discord.gateway.url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield connection
    finally:
        discord.gateway.url = direct
        server.close()
        await connection.close()
        await server.wait_closed()
