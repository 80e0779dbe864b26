"""Our own HTTP server: whether we are well."""

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import SettingsError

log = logging.getLogger(__name__)

Ailment = Callable[[], Awaitable[str | None]]
"""Tell what is wrong in one sentence; None when all is well."""


def build_web(ailment: Ailment) -> web.Application:
    """Build the app: `GET /healthz` answers 200 when all is well, else 503 with the reason."""

    async def healthz(_: web.Request) -> web.Response:
        reason = await ailment()
        return web.Response(status=503, text=f"{reason}\n") if reason else web.Response(text="ok\n")

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    return app


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncGenerator[None]:
    """Serve an app until the block ends; raise `SettingsError` when the address is taken."""
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
