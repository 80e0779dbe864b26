"""Our own HTTP server: whether we are well, and what providers call back."""

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.callbacks import PREFIX
from bot.errors import SettingsError

log = logging.getLogger(__name__)

MAX_CALLBACK = 256 * 1024
"""Bytes of a callback's body; more is refused unread."""

Ailment = Callable[[], Awaitable[str | None]]
"""Tell what is wrong in one sentence; None when all is well."""


Receive = Callable[[str, str, bytes], Awaitable[bool]]
"""Take a callback's job, secret and body; False when the secret is not the job's."""


def build_web(ailment: Ailment, receive: Receive) -> web.Application:
    """Build the app.

    `GET /healthz` answers 200 when all is well, else 503 with the reason. `POST /hooks/v1/{job}/{secret}` answers 200
    to whoever knows the path, and 404 to everybody else.
    """

    async def healthz(_: web.Request) -> web.Response:
        reason = await ailment()
        return web.Response(status=503, text=f"{reason}\n") if reason else web.Response(text="ok\n")

    async def hook(request: web.Request) -> web.Response:
        body = await request.read()
        known = await receive(request.match_info["job"], request.match_info["secret"], body)
        return web.Response(status=200 if known else 404)

    app = web.Application(client_max_size=MAX_CALLBACK)
    app.router.add_get("/healthz", healthz)
    app.router.add_post(PREFIX + "/{job:[0-9a-z]{1,32}}/{secret:[A-Za-z0-9_-]{1,128}}", hook)
    return app


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncGenerator[None]:
    """Serve an app until the block ends; raise `SettingsError` when the address is taken."""
    # No access log: its lines would hold the callbacks' secret paths.
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise SettingsError("HTTP_PORT", f"cannot be used on {host}: {error.strerror or error}.") from None
        log.info("listening on %s port %d", host, port)
        yield
    finally:
        await runner.cleanup()
