"""Our own HTTP server: whether all is well, what providers call back, and clips too large for Discord."""

import errno
import logging
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from bot.errors import SettingsError
from bot.services import clip_links
from bot.services.callbacks import PREFIX

log = logging.getLogger(__name__)

SHUTDOWN_SECONDS = 0.5
"""How long a slow reader may keep us from stopping."""

MAX_CALLBACK = 256 * 1024
"""Bytes of a callback's body; more is refused unread."""

HealthCheck = Callable[[], Awaitable[str | None]]
"""Tell what is wrong in one sentence; None when all is well."""


ReceiveCallback = Callable[[str, str, Callable[[], Awaitable[bytes]]], Awaitable[bool]]
"""Take a callback's job, its secret, and the way to read its body; False when the secret is not the job's."""


FindClip = Callable[[str, int, str], Awaitable[Path | None]]
"""Find the file of a job's clip (counted from 1) by its secret; None when there is none or the secret is wrong."""

CLIP_HEADERS = {
    "Content-Type": "video/mp4",
    "Cache-Control": "private, max-age=3600",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def build_web(health_problem: HealthCheck, receive: ReceiveCallback, find_clip: FindClip) -> web.Application:
    """Build the app.

    `GET /healthz` answers 200 when all is well, else 503 with the reason. `POST /hooks/v1/{job}/{secret}` answers 200
    to whoever knows the path, and 404 to everybody else. `GET /films/{job}/{clip}/{secret}.mp4` answers with the clip,
    or parts of it (RFC 9110, section 14), or 404.
    """

    async def healthz(_: web.Request) -> web.Response:
        reason = await health_problem()
        return web.Response(status=503, text=f"{reason}\n") if reason else web.Response(text="ok\n")

    async def callback(request: web.Request) -> web.Response:
        known = await receive(request.match_info["job"], request.match_info["secret"], request.read)
        return web.Response(status=200 if known else 404)

    async def clip(request: web.Request) -> web.StreamResponse:
        named = request.match_info
        path = await find_clip(named["job"], int(named["clip"]), named["secret"])
        return web.Response(status=404) if path is None else web.FileResponse(path, headers=CLIP_HEADERS)

    app = web.Application(client_max_size=MAX_CALLBACK)
    app.router.add_get("/healthz", healthz)
    app.router.add_post(PREFIX + "/{job:[0-9a-z]{1,32}}/{secret:[A-Za-z0-9_-]{1,128}}", callback)
    app.router.add_get(clip_links.PREFIX + "/{job:[0-9a-z]{1,32}}/{clip:[1-9]}/{secret:[0-9a-f]{1,64}}.mp4", clip)
    return app


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncGenerator[None]:
    """Serve an app until the block ends; raise `SettingsError` when the address is taken."""
    # No access log: its lines would hold secret paths.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise SettingsError("HTTP_HOST", f"is no address of this machine: {error.strerror}.") from None
            raise SettingsError("HTTP_PORT", f"cannot be used on {host}: {error.strerror or error}.") from None
        log.info("listening on %s port %d", host, port)
        yield
    finally:
        await runner.cleanup()
