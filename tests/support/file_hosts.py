"""Hosts on loopback that answer well or badly, and what they serve."""

import asyncio
import io
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from bot.media import Downloader, FileStore

MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(range(256)) * 12_000

Handler = Callable[[web.Request], Coroutine[Any, Any, web.StreamResponse]]


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (32, 24), "teal").save(out, "PNG")
    return out.getvalue()


async def clip_into(downloader: Downloader, url: str, path: Path) -> int:
    """Fetch a clip into a file of a folder; gives its size in bytes."""
    async with FileStore(path.parent).new_file(path.name) as file:
        return await downloader.clip(url, file)


@asynccontextmanager
async def host(handler: Handler) -> AsyncGenerator[str]:
    app = web.Application()
    app.router.add_get("/{name:.*}", handler)
    async with TestServer(app) as server:
        yield str(server.make_url("/file"))


@asynccontextmanager
async def raw_host(answer: bytes) -> AsyncGenerator[str]:
    """Answer with bytes as they are and hang up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/file"


def everything_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def answering(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Handler:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, status=status, headers=headers)

    return handler


def endless(piece: bytes) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(piece)
            await asyncio.sleep(0)

    return handler


async def silent(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(MP4[:100])
    await asyncio.Event().wait()
    return response
