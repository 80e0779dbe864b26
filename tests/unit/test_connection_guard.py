"""Whoever connects to our own HTTP server and keeps it waiting makes room for those who do not."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.connection_guard import MOST_CONNECTIONS, MOST_PER_ADDRESS, ConnectionGuard, address_of
from bot.web import build_web, serving
from sandbox.harness import free_port
from tests.support.file_hosts import MP4

SECRET = "abc"
TIMEOUT_SECONDS = 30
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
CALLBACK = b"POST /hooks/v1/1jd8x3k2m9f4qz/%s HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
FILM = b"GET /films/1jd8x3k2m9f4qz/1/abc.mp4 HTTP/1.1\r\nHost: x\r\n\r\n"


@dataclass
class Caller:
    """Hold one connection to the server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @property
    def is_over(self) -> bool:
        """Tell whether the server has closed it."""
        return self.reader.at_eof() or self.reader.exception() is not None

    async def say(self, words: bytes) -> None:
        self.writer.write(words)
        await self.writer.drain()

    async def status(self) -> int:
        """Read the status of the answer; 0 where the connection ends without one."""
        try:
            line = await self.reader.readline()
        except ConnectionResetError:
            return 0
        return int(line.split()[1]) if line else 0

    async def rest(self) -> bytes:
        """Read to the end of the connection."""
        return await self.reader.read()


class WebServer:
    """Hold the port that the server listens on."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._callers: list[Caller] = []

    async def connect(self, words: bytes = b"") -> Caller:
        caller = Caller(*await asyncio.open_connection("127.0.0.1", self.port))
        self._callers.append(caller)
        await caller.say(words)
        return caller

    async def health(self) -> int:
        return await (await self.connect(HEALTH)).status()

    def close(self) -> None:
        for caller in self._callers:
            caller.writer.close()


@asynccontextmanager
async def served(
    guard: ConnectionGuard | None = None, *, body_seconds: float = 10, film: Path | None = None
) -> AsyncGenerator[WebServer]:
    async def well() -> str | None:
        return None

    async def receive(_job: str, secret: str, read: Callable[[], Awaitable[bytes]]) -> bool:
        return secret == SECRET and bool(await read())

    async def find_film(_job: str, _clip: int, _secret: str, _method: str) -> Path | None:
        return film

    server = WebServer(free_port())
    app = build_web(well, receive, find_film, body_seconds=body_seconds)
    async with asyncio.timeout(TIMEOUT_SECONDS), serving(app, "127.0.0.1", server.port, guard):
        try:
            yield server
        finally:
            server.close()


@pytest.mark.slow  # 1,100 connections
async def test_the_health_is_told_among_1100_connections_that_never_end_their_header() -> None:
    async with served() as server:
        hanging = [await server.connect(b"GET /healthz HTTP/1.1\r\nX: ") for _ in range(1100)]
        begun = time.monotonic()
        assert await server.health() == 200
        assert time.monotonic() - begun < 2
        assert sum(not caller.is_over for caller in hanging) <= MOST_PER_ADDRESS


async def test_a_header_that_does_not_end_in_time_ends_the_connection() -> None:
    async with served(ConnectionGuard(header_seconds=0.2)) as server:
        silent, slow = await server.connect(), await server.connect(b"GET /healthz HTTP/1.1\r\n")
        for _ in range(3):
            await asyncio.sleep(0.05)
            await slow.say(b"X: y\r\n")
        assert (await silent.status(), await slow.status()) == (0, 0)


async def test_a_body_that_does_not_come_in_time_ends_the_request() -> None:
    async with served(body_seconds=0.2) as server:
        begun = time.monotonic()
        assert await (await server.connect(CALLBACK % SECRET.encode())).status() == 408
        assert time.monotonic() - begun < 5


async def test_an_answer_is_the_last_on_its_connection() -> None:
    async with served() as server:
        for words in (HEALTH, b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n", CALLBACK % b"guessed"):
            caller = await server.connect(words)
            assert await caller.status() in (200, 404)
            assert b"connection: close" in (await caller.rest()).lower()


async def test_the_one_waited_for_longest_makes_room_for_the_newest() -> None:
    async with served(ConnectionGuard(most=3, most_per_address=3)) as server:
        oldest, *others = [await server.connect() for _ in range(3)]
        newest = await server.connect()
        assert await oldest.status() == 0
        for caller in (*others, newest):
            await caller.say(HEALTH)
            assert await caller.status() == 200


async def test_one_address_takes_no_more_than_its_share() -> None:
    async with served(ConnectionGuard(most=100, most_per_address=2)) as server:
        first, _, _ = [await server.connect() for _ in range(3)]
        assert await first.status() == 0


async def test_where_all_are_being_answered_the_newest_is_turned_away() -> None:
    async with served(ConnectionGuard(most=2, most_per_address=2)) as server:
        busy = [await server.connect(CALLBACK % SECRET.encode()) for _ in range(2)]
        await asyncio.sleep(0.1)
        assert await server.health() == 0
        for caller in busy:
            await caller.say(b"12345678")
            assert await caller.status() == 200
        assert await server.health() == 200


async def test_a_film_may_take_longer_than_a_header(tmp_path: Path) -> None:
    film = tmp_path / "1.mp4"
    film.write_bytes(MP4 * 4)
    async with served(ConnectionGuard(header_seconds=0.2), film=film) as server:
        caller = await server.connect(FILM)
        received = await caller.reader.readexactly(1000)
        await asyncio.sleep(0.5)
        received += await caller.rest()
    assert received.endswith(MP4)


async def test_a_film_that_nobody_reads_is_given_up(tmp_path: Path) -> None:
    film = tmp_path / "1.mp4"
    film.write_bytes(MP4 * 4)
    async with served(ConnectionGuard(answer_seconds=0.3), film=film) as server:
        caller = await server.connect(FILM)
        await asyncio.sleep(0.6)
        try:
            received = await caller.rest()
        except ConnectionResetError:
            received = b""
    assert not received.endswith(MP4)


def test_the_bounds_leave_room_for_several_addresses() -> None:
    assert 2 * MOST_PER_ADDRESS <= MOST_CONNECTIONS


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        (("192.0.2.7", 4711), "192.0.2.7"),
        (("::ffff:192.0.2.7", 4711, 0, 0), "192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 4711, 0, 0), "2001:db8:1:2::"),
        (("fe80::1%eth0", 4711, 0, 3), "fe80::"),
        (None, ""),
        ("", ""),
    ],
)
def test_an_address_is_what_one_subscriber_has(peer: object, address: str) -> None:
    assert address_of(peer) == address
