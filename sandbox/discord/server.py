"""The stand-in as a running server."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, cast

from aiohttp import web

from sandbox.discord.api import Api
from sandbox.discord.cdn import FOLDERS, make_handler
from sandbox.discord.gateway import Gateway
from sandbox.discord.retention import Retention
from sandbox.discord.routes import ROUTE_TABLES
from sandbox.discord.routing import PREFIX, add_api_routes, json_response
from sandbox.discord.world import World


class Discord(World):
    """A Discord on 127.0.0.1; use it as `async with Discord() as discord`.

    `checks` compares every request with Discord's API description; `clock` gives Unix seconds; `retention` says how
    much is remembered.
    """

    def __init__(
        self, *, checks: bool = True, clock: Callable[[], float] = time.time, retention: Retention | None = None
    ) -> None:
        super().__init__(checks=checks, clock=clock, retention=retention)
        self.gateway = Gateway(self)
        self.transmit = self.gateway.transmit
        self._api = Api(self)
        self._router = web.UrlDispatcher()
        add_api_routes(self._router, ROUTE_TABLES)
        self._router.add_get(FOLDERS, make_handler(self.files))
        for path in ("/", "/gateway"):
            self._router.add_get(path, self.gateway.serve, allow_head=False)
        self._runner = web.ServerRunner(web.Server(self._handle), shutdown_timeout=1)

    async def _handle(self, base_request: web.BaseRequest) -> web.StreamResponse:
        """Tell the API, the CDN and the gateway apart.

        Not a `web.Application`: aiohttp keeps every one that has middlewares in a cache of the process
        (`web_app._cached_build_middleware`), with all that this Discord remembers.
        """
        request = cast("web.Request", base_request)  # the router reads its method and address, which both have
        match = await self._router.resolve(request)
        if request.path.startswith(PREFIX + "/"):
            return await self._api.answer(request, match)
        if isinstance(match.http_exception, web.HTTPMethodNotAllowed):
            return web.Response(status=405)
        try:
            return await match.handler(request)
        except web.HTTPNotFound:
            return json_response(404, {"message": "404: Not Found", "code": 0})

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.files.base_url = f"http://{host}:{port}"
        self.gateway.url = f"ws://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for interaction in self.interactions.values():
            interaction.stop_waiting()
        await self.gateway.drop(resumable=False)
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """The base of the HTTP API."""
        return self.base_url + PREFIX

    @property
    def gateway_url(self) -> str:
        """The address of the gateway."""
        return self.gateway.url

    async def ready(self, timeout: float = 10) -> None:
        """Return once every shard of the bot is connected. Seconds."""
        await self.gateway.wait_for(lambda: self.gateway.ready, timeout, lambda: "the bot is not connected")

    async def commands_registered(self, timeout: float = 10) -> None:
        """Return once the bot has registered global commands. Seconds."""
        await self.commands.wait_for(self.commands.listed, timeout, lambda: "no global commands are registered")

    async def drop_gateway(self, *, resumable: bool = True) -> None:
        """Cut every gateway connection; without `resumable` the sessions are lost and must be made anew."""
        await self.gateway.drop(resumable=resumable)

    async def request_reconnect(self) -> None:
        """Ask every client to reconnect and resume, as Discord does before maintenance."""
        self.gateway.request_reconnect()
