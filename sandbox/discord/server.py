"""The stand-in as a running server."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox.discord.api import PREFIX, Api
from sandbox.discord.gateway import Gateway
from sandbox.discord.world import World


class Discord(World):
    """A Discord on 127.0.0.1; use it as `async with Discord() as discord`.

    `checks` compares every request with Discord's API description; `clock` gives Unix seconds.
    """

    def __init__(self, *, checks: bool = True, clock: Callable[[], float] = time.time) -> None:
        super().__init__(checks=checks, clock=clock)
        self.gateway = Gateway(self)
        self.transmit = self.gateway.transmit
        self._runner = web.ServerRunner(web.Server(Api(self, self.gateway).handle), shutdown_timeout=1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base_url = f"http://{host}:{port}"
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
