"""Our own HTTP server: nobody outside can keep us from stopping."""

import asyncio
import socket
import time
from pathlib import Path

from bot.web import build_web, serving


async def test_a_caller_that_never_ends_its_request_does_not_hold_up_the_end() -> None:
    async def ailment() -> str | None:
        return None

    async def receive(_job: str, _secret: str, _body: bytes) -> bool:
        return True

    async def find_film(_job: str, _clip: int, _secret: str) -> Path | None:
        return None

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    began = 0.0
    async with asyncio.timeout(30):
        async with serving(build_web(ailment, receive, find_film), "127.0.0.1", port):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"POST /hooks/v1/1jd8x3k2m9f4qz/abc HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
            await writer.drain()
            await asyncio.sleep(0.2)
            began = time.monotonic()
        # Within compose's grace, with the steps' 8 seconds before it.
        assert time.monotonic() - began < 5
        writer.close()
