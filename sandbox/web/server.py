"""The page as a running server on this machine's loopback address, for nobody but its own pages."""

from __future__ import annotations

import errno
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.harness import Sandbox
from sandbox.web.bot_supervisor import BotSupervisor
from sandbox.web.hub import Hub
from sandbox.web.languages import Languages
from sandbox.web.page_services import MOST_MESSAGES
from sandbox.web.static_files import StaticFiles
from sandbox.web.websocket import Socket

STATIC = Path(__file__).parent / "static"

FIRST_PORT = 8090
PORTS_TO_TRY = 100

NEED_ORIGIN = ("/socket", "/files")
"""Where something can be done: browsers always name the page that asks there."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Page:
    """Serve the page; use it as `async with Page(sandbox, supervisor) as page`.

    `port` is where it listens: 0 is any free one, None the first free one from 8090 on. OSError when it is taken.
    `most_messages` bounds what a tab shows of a channel; `languages` are those that the page speaks.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        supervisor: BotSupervisor,
        *,
        port: int | None = None,
        most_messages: int = MOST_MESSAGES,
        languages: Languages | None = None,
    ) -> None:
        self._sandbox = sandbox
        self._hub = Hub(sandbox, supervisor, most_messages, languages or Languages())
        self._port = port
        self._files = StaticFiles(STATIC)

        # No middleware: aiohttp's process-wide cache of those would keep every page that ever was, and its sandbox.
        app = web.Application()
        app.router.add_get("/", self._guarded(self._index))
        app.router.add_get("/socket", self._guarded(self._socket))
        app.router.add_post("/files", self._guarded(self._hub.services.uploads.receive))
        app.router.add_get("/static/{path:.+}", self._guarded(self._files.serve))
        app.on_response_prepare.append(self._add_headers)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opened:
            await self._runner.setup()
            opened.push_async_callback(self._runner.cleanup)
            self.port = await self._listen()
            await opened.enter_async_context(self._hub)
            self._opened = opened.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._opened.aclose()

    @property
    def url(self) -> str:
        """The page's address."""
        return f"http://127.0.0.1:{self.port}/"

    async def _listen(self) -> int:
        wanted = [self._port] if self._port is not None else [*range(FIRST_PORT, FIRST_PORT + PORTS_TO_TRY), 0]
        for port in wanted:
            try:
                await web.TCPSite(self._runner, "127.0.0.1", port).start()
            except OSError as error:
                if error.errno != errno.EADDRINUSE or port == wanted[-1]:
                    raise
            else:
                break
        return self._runner.addresses[0][1]

    def _guarded(self, handler: Handler) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            return self._refusal(request) or await handler(request)

        return answer

    def _refusal(self, request: web.Request) -> web.Response | None:
        """Let nobody in who came by another name, nor another site's pages."""
        origin = request.headers.get("Origin")
        if request.host not in self._hosts():
            return web.Response(status=403, text="This page answers only to its own address.")
        if (origin is None and request.path in NEED_ORIGIN) or (origin and origin != f"http://{request.host}"):
            return web.Response(status=403, text="Only the page itself may ask for this.")
        return None

    def _hosts(self) -> tuple[str, ...]:
        return (f"127.0.0.1:{self.port}", f"localhost:{self.port}")

    async def _add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers.setdefault("Cache-Control", "no-cache")
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Content-Security-Policy"] = self._policy(request)

    def _policy(self, request: web.Request) -> str:
        own = request.host if request.host in self._hosts() else self._hosts()[0]
        media = " ".join(_origin(url) for url in (self._sandbox.discord.base_url, self._sandbox.provider.base_url))
        return "; ".join(
            (
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                f"img-src 'self' blob: {media}",
                f"media-src 'self' blob: {media}",
                f"connect-src 'self' ws://{own}",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
            )
        )

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return self._files.page("index.html", "js")

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        return await Socket(self._hub, request).serve()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
