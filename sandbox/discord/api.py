"""The HTTP side: from a request's bytes to Discord's answer."""

from __future__ import annotations

import asyncio
import hmac
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.discord.cdn import serve
from sandbox.discord.errors import ApiError, FormError
from sandbox.discord.fault_injection import Fault
from sandbox.discord.json_types import dumps
from sandbox.discord.openapi import Description
from sandbox.discord.rate_limits import RateLimitError, RateLimits
from sandbox.discord.request_body import read_body
from sandbox.discord.request_log import Recorded
from sandbox.discord.routes import ROUTE_TABLES
from sandbox.discord.routing import Call, Route, Router

if TYPE_CHECKING:
    from sandbox.discord.gateway import Gateway
    from sandbox.discord.world import World

PREFIX = "/api/v10"


class Api:
    """Answers everything that reaches the server's port."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway
        self._router = Router(*ROUTE_TABLES)
        self._limits = RateLimits(world)
        self._description = Description() if world.checks else None

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Tell the API, the CDN and the gateway apart."""
        path = request.path
        if path.startswith(PREFIX + "/"):
            return await self._api(request, path[len(PREFIX) :])
        if path.startswith(("/attachments/", "/ephemeral-attachments/")):
            return serve(self._world, request)
        if path in ("/", "/gateway") and request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._gateway.serve(request)
        return _answer(404, {"message": "404: Not Found", "code": 0})

    async def _api(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        world = self._world
        recorded = Recorded(request.method, "", path, world.now())
        world.requests.append(recorded)
        world.changed()
        fault = world.faults.take(request.method, path)
        if fault and fault.kind == "reset before":
            return _cut(request)
        if fault and fault.kind == "delay":
            await _hold(fault)
        headers: dict[str, str] = {}
        try:
            answer = await self._work(request, path, recorded, headers, fault)
            status = 204 if answer is None else 200
        except ConnectionError:
            return _cut(request)  # the client died while it was sending
        except ApiError as error:
            answer, status = error.body, error.status
            if isinstance(error, RateLimitError):
                headers.update(error.headers)
            elif isinstance(error, FormError):
                world.violations += [f"{request.method} {path}: {at}: {why}" for at, why in error.problems.items()]
        if fault and fault.kind == "reset after":
            return _cut(request)
        recorded.status, recorded.answer, recorded.took = status, answer, world.now() - recorded.at
        world.changed()
        if status == 429:
            headers["Via"] = "1.1 google"
        return _answer(status, answer, headers)

    async def _work(
        self, request: web.BaseRequest, path: str, recorded: Recorded, headers: dict[str, str], fault: Fault | None
    ) -> Any:
        route, parameters = self._find(request.method, path)
        recorded.template = route.template
        call = Call(self._world, request.method, route.template, path, parameters, dict(request.query))
        named, refusal = self._limits.count(call)
        headers.update(named)
        call.json, call.uploads = await read_body(request, self._world.knobs.request_size_limit)
        recorded.body = call.json
        recorded.files = [(upload.filename, len(upload.data)) for upload in call.uploads]
        if fault and fault.kind == "status":
            raise _injected(fault)
        self._authorise(request, route)
        if refusal:
            raise refusal
        if self._description:
            self._description.check(call)
        try:
            return route.handler(call)
        except ApiError:
            raise
        except Exception as error:
            self._world.violations.append(f"{call.method} {path}: the sandbox itself failed: {error!r}")
            raise

    def _find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        try:
            return self._router.find(method, path)
        except ApiError as error:
            self._world.violations.append(f"{method} {path}: the sandbox has no such route ({error.status})")
            raise

    def _authorise(self, request: web.BaseRequest, route: Route) -> None:
        given = request.headers.get("Authorization", "").encode()
        if not route.public and not hmac.compare_digest(given, f"Bot {self._world.token}".encode()):
            raise ApiError(401, 0, "401: Unauthorized")


async def _hold(fault: Fault) -> None:
    await asyncio.sleep(fault.seconds)
    if fault.until:
        await fault.until.wait()


def _injected(fault: Fault) -> ApiError:
    if fault.status == 429:
        return RateLimitError(fault.retry_after, {})
    return ApiError(fault.status, 0, f"{fault.status}: injected by a fault")


def _cut(request: web.BaseRequest) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)


def _answer(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    if status == 204:
        return web.Response(status=204, headers=headers)
    return web.Response(
        status=status, body=dumps(body).encode(), headers={**(headers or {}), "Content-Type": "application/json"}
    )
