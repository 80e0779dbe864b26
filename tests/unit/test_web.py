"""Our own HTTP server: nobody outside can keep us from stopping, or make us read what is not for us."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.web import build_web, serving
from sandbox.harness import free_port

SECRET = "abc"
CALL = b"POST /hooks/v1/1jd8x3k2m9f4qz/%s HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n{"


async def ailment() -> str | None:
    return None


async def receive(_job: str, secret: str, read: Callable[[], Awaitable[bytes]]) -> bool:
    return secret == SECRET and bool(await read())


async def find_film(_job: str, _clip: int, _secret: str, _method: str) -> Path | None:
    return None


async def test_an_address_of_another_machine_is_told_by_its_setting() -> None:
    with pytest.raises(SettingsError, match=r"HTTP_HOST is no address of this machine: (?!None)"):
        async with serving(build_web(ailment, receive, find_film), "192.0.2.1", 0):
            pass


async def test_a_stranger_is_turned_away_before_a_body_is_read() -> None:
    port = free_port()
    async with asyncio.timeout(30), serving(build_web(ailment, receive, find_film), "127.0.0.1", port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(CALL % b"guessed")
        assert b"404" in await reader.readline()
        writer.close()


async def test_a_caller_that_never_ends_its_request_does_not_hold_up_the_end() -> None:
    port = free_port()
    began = 0.0
    async with asyncio.timeout(30):
        async with serving(build_web(ailment, receive, find_film), "127.0.0.1", port):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(CALL % SECRET.encode())
            await writer.drain()
            await asyncio.sleep(0.2)
            began = time.monotonic()
        # Within compose's grace, with the steps' 8 seconds before it.
        assert time.monotonic() - began < 5
        writer.close()
