"""Our own HTTP server: whether all is well, what providers call back, and clips too large for Discord."""

import asyncio
import errno
import logging
import os
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import cast

from aiohttp import web

from bot.clip_responses import clip_response
from bot.connection_guard import ConnectionGuard, GuardedConnection
from bot.errors import MediaUnavailable, SettingsError
from bot.media.store import ServedFile
from bot.services import clip_links
from bot.services.callbacks import PREFIX

log = logging.getLogger(__name__)

SHUTDOWN_SECONDS = 0.5
"""How long a slow reader may keep us from stopping."""

MAX_CALLBACK = 256 * 1024
"""Bytes of a callback's body; more is refused unread."""

BACKLOG = 128
"""Connections that the system holds for us until we take them."""

BODY_SECONDS = 10.0
"""How long a callback may take to send it."""

RETRY_AFTER = "60"
"""Seconds after which a film is to be asked for again that cannot be had now."""

LINGERING_SECONDS = 1.0
"""How long the rest of a body is read that nobody wanted, so that its sender sees our answer."""

HealthCheck = Callable[[], Awaitable[str | None]]
"""Tell what is wrong, or soon will be, in one sentence; None when all is well."""


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

ReceiveCallback = Callable[[str, str, Callable[[], Awaitable[bytes]]], Awaitable[bool]]
"""Take a callback's job, its secret, and the way to read its body; False when the secret is not the job's."""


FindClip = Callable[[str, int, str, str], Awaitable[ServedFile | None]]
"""Find a job's clip (counted from 1) by its secret, for an HTTP method; None when it is gone or the secret is wrong."""


async def _no_warning() -> str | None:
    return None


async def _no_film(job_id: str, number: int, secret: str, method: str) -> ServedFile | None:
    return None


def build_web(
    health_problem: HealthCheck,
    receive: ReceiveCallback,
    find_clip: FindClip,
    *,
    find_film: FindClip = _no_film,
    health_warning: HealthCheck = _no_warning,
    body_seconds: float = BODY_SECONDS,
) -> web.Application:
    """Build the app.

    `GET /healthz` answers 200 when all is well, with the warning if there is one, else 503 with the reason.
    `POST /hooks/v1/{job}/{secret}` answers 200 to whoever knows the path, 408 when they do not send their body in time,
    and 404 to everybody else. `GET /films/{job}/{clip}/{secret}.mp4` answers with the clip, parts of it, or an address
    of it at the bucket, or 404; 503 where the bucket does not give it now. `/films/{job}/film{clip}/{secret}.mp4` is
    the film up to the clip.
    """

    async def healthz(_: web.Request) -> web.Response:
        reason = await health_problem()
        if reason:
            return web.Response(status=503, text=f"{reason}\n")
        warning = await health_warning()
        return web.Response(text=f"ok\n{warning}\n" if warning else "ok\n")

    async def callback(request: web.Request) -> web.Response:
        async def read() -> bytes:
            async with asyncio.timeout(body_seconds):
                return await request.read()

        try:
            known = await receive(request.match_info["job"], request.match_info["secret"], read)
        except TimeoutError:
            return web.Response(status=408)
        return web.Response(status=200 if known else 404)

    async def clip(request: web.Request) -> web.StreamResponse:
        named = request.match_info
        find = find_film if named["film"] else find_clip
        try:
            found = await find(named["job"], int(named["clip"]), named["secret"], request.method)
            return web.Response(status=404) if found is None else await clip_response(request, found)
        except MediaUnavailable as error:
            log.warning("a film could not be sent: %s", error)
            return web.Response(status=503, headers={"Retry-After": RETRY_AFTER})

    app = web.Application(client_max_size=MAX_CALLBACK, middlewares=[one_request])
    app.router.add_get("/healthz", healthz)
    app.router.add_post(PREFIX + "/{job:[0-9a-z]{1,32}}/{secret:[A-Za-z0-9_-]{1,128}}", callback)
    of_clip = "/{job:[0-9a-z]{1,32}}/{film:(?:film)?}{clip:[1-9]}/{secret:[0-9a-f]{1,64}}.mp4"
    app.router.add_get(clip_links.PREFIX + of_clip, clip)
    return app


@web.middleware
async def one_request(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer, and close: a connection that is kept open for a next request would hold a place for nothing."""
    connection = request.transport.get_protocol() if request.transport is not None else None
    if not isinstance(connection, GuardedConnection):
        return await handler(request)
    connection.answering()
    try:
        response = await handler(request)
    except web.HTTPException as refusal:
        refusal.force_close()
        connection.answered()
        raise
    response.force_close()
    if not isinstance(response, web.FileResponse):  # which begins to send only now
        connection.answered()
    return response


@asynccontextmanager
async def serving(
    app: web.Application, host: str, port: int, guard: ConnectionGuard | None = None, port_setting: str = "HTTP_PORT"
) -> AsyncGenerator[None]:
    """Serve an app within bounds until the block ends; raise `SettingsError` when the address is taken."""
    # No access log: its lines would hold secret paths.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS, lingering_time=LINGERING_SECONDS)
    await runner.setup()
    accept = (guard or ConnectionGuard()).guarded(cast("web.Server", runner.server))
    server: asyncio.Server | None = None
    try:
        try:
            server = await asyncio.get_running_loop().create_server(accept, host, port, backlog=BACKLOG)
        except OSError as error:
            # From Python 3.13 on, asyncio gives no number where none of the host's addresses is this machine's.
            if isinstance(error, socket.gaierror) or error.errno in (None, errno.EADDRNOTAVAIL):
                why = error.strerror or os.strerror(errno.EADDRNOTAVAIL)
                raise SettingsError("HTTP_HOST", f"is no address of this machine: {why}.") from None
            raise SettingsError(port_setting, f"cannot be used on {host}: {error.strerror or error}.") from None
        log.info("listening on %s port %d", host, port)
        yield
    finally:
        if server is not None:
            server.close()
        await runner.cleanup()
