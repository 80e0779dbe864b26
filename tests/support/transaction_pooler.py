"""A pooler of transactions, as far as one is needed to see what it does to a session: it gives each one to the next."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

SSL_REQUEST = 80_877_103
IDLE = b"I"


class _Backend:
    """Hold one of the server's sessions."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def message(self) -> tuple[bytes, bytes]:
        """Read one message; gives its type and all of it."""
        return await _message(self.reader)


class TransactionPooler:
    """Give each client a session for one transaction; the one that was given back last goes first."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._free: list[_Backend] = []
        self._all: list[_Backend] = []
        self._clients: set[asyncio.Task[None]] = set()

    def begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a client."""
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._clients.add(task)
        task.add_done_callback(self._clients.discard)

    async def close(self) -> None:
        """End everything."""
        for task in self._clients:
            task.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        for backend in self._all:
            backend.writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            startup = await self._startup(reader, writer)
            backend, greeting = await self._open(startup)
            self._free.append(backend)
            writer.write(greeting)
            while True:
                kind, message = await _message(reader)
                if kind == b"X":
                    return
                await self._transact(reader, writer, message, startup)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.transport.abort()

    async def _startup(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        while True:
            length = await reader.readexactly(4)
            body = await reader.readexactly(int.from_bytes(length) - 4)
            if int.from_bytes(body[:4]) != SSL_REQUEST:
                return length + body
            writer.write(b"N")

    async def _open(self, startup: bytes) -> tuple[_Backend, bytes]:
        backend = _Backend(*await asyncio.open_connection(*self._address))
        self._all.append(backend)
        backend.writer.write(startup)
        greeting = b""
        while True:
            kind, message = await backend.message()
            greeting += message
            if kind == b"Z":
                return backend, greeting

    async def _transact(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, message: bytes, startup: bytes
    ) -> None:
        """Pass one transaction on, from its first message to the answer after which the session is idle."""
        backend = self._free.pop() if self._free else (await self._open(startup))[0]
        backend.writer.write(message)

        async def pass_questions() -> None:
            while True:
                question = await reader.read(65536)
                if not question:
                    raise ConnectionError
                backend.writer.write(question)

        questions = asyncio.ensure_future(pass_questions())
        try:
            while True:
                kind, answer = await backend.message()
                if kind == b"Z" and answer[5:6] == IDLE:
                    break
                writer.write(answer)
        finally:
            # Who asks waits for this very answer, so that no question is on its way now.
            questions.cancel()
            await asyncio.gather(questions, return_exceptions=True)
        self._free.append(backend)
        writer.write(answer)


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readexactly(5)
    return head[:1], head + await reader.readexactly(int.from_bytes(head[1:]) - 4)


@asynccontextmanager
async def transaction_pooler(url: str) -> AsyncGenerator[str]:
    """Stand between a server and whoever uses the address that is given."""
    parts = urlsplit(url)
    pooler = TransactionPooler(parts.hostname or "127.0.0.1", parts.port or 5432)
    server = await asyncio.start_server(pooler.begin, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        try:
            yield urlunsplit(parts._replace(netloc=f"{parts.username}@127.0.0.1:{port}"))
        finally:
            await pooler.close()
