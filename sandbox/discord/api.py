"""The HTTP side: from a request's bytes to Discord's answer."""

from __future__ import annotations

import asyncio
import hmac

from aiohttp import web

from sandbox.discord.errors import ApiError, FormError
from sandbox.discord.fault_injection import Fault
from sandbox.discord.openapi import api_description
from sandbox.discord.rate_limits import RateLimitError, RateLimits
from sandbox.discord.request_body import read_body
from sandbox.discord.request_log import Recorded
from sandbox.discord.routing import CALL, PREFIX, Call, is_public, json_response, template_of
from sandbox.discord.world import World


class Api:
    """Stands before every route: records, misbehaves as asked, counts, reads, checks, and writes errors."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._limits = RateLimits(world)
        self._description = api_description() if world.checks else None

    async def answer(self, request: web.Request, match: web.UrlMappingMatchInfo) -> web.StreamResponse:
        """Answer a request to the API, whether or not there is such a route."""
        recorded = Recorded(request.method, "", request.path.removeprefix(PREFIX), self._world.now())
        self._world.requests.append(recorded)
        self._world.changed()
        try:
            return await self._answer(request, match, recorded)
        finally:
            recorded.ended = True

    async def _answer(
        self, request: web.Request, match: web.UrlMappingMatchInfo, recorded: Recorded
    ) -> web.StreamResponse:
        world = self._world
        fault = world.faults.take(recorded.method, recorded.path)
        if fault and fault.kind == "reset before":
            return _cut_connection(request)
        if fault and fault.kind == "delay":
            await _delay(fault)
        headers: dict[str, str] = {}
        try:
            recorded.template = self._template(match, recorded)
            call = Call(world, request.method, recorded.template, recorded.path, dict(match), dict(request.query))
            await self._receive(request, call, recorded, headers, fault)
            if fault and fault.kind == "reset later":
                fault.hit.set()
                _cut_connection(request)
                await _delay(fault)
            response = await self._run(request, match, call)
            status, answer = response.status, call.answer
        except ConnectionError:
            return _cut_connection(request)  # the client died while it was sending
        except ApiError as error:
            response = json_response(error.status, error.body)
            status, answer = error.status, error.body
            if isinstance(error, RateLimitError):
                headers.update(error.headers)
            elif isinstance(error, FormError):
                where = f"{recorded.method} {recorded.path}"
                world.violations += [f"{where}: {at}: {why}" for at, why in error.problems.items()]
        if fault and fault.kind in ("reset after", "reset later"):
            return _cut_connection(request)
        recorded.status, recorded.answer, recorded.took = status, answer, world.now() - recorded.at
        world.changed()
        if status == 429:
            headers["Via"] = "1.1 google"
        response.headers.update(headers)
        return response

    async def _receive(
        self, request: web.Request, call: Call, recorded: Recorded, headers: dict[str, str], fault: Fault | None
    ) -> None:
        """Read a request into its call; ApiError for what Discord refuses before any route looks at it."""
        limit_headers, refusal = self._limits.count(call)
        headers.update(limit_headers)
        call.json, call.uploads = await read_body(request, self._world.knobs.request_size_limit)
        recorded.body = call.json
        recorded.files = [(upload.filename, len(upload.data)) for upload in call.uploads]
        if fault and fault.kind == "status":
            raise _injected_error(fault)
        self._authorise(request, call)
        if refusal:
            raise refusal
        if self._description:
            self._description.check(call)

    def _template(self, match: web.UrlMappingMatchInfo, recorded: Recorded) -> str:
        missing = match.http_exception
        if missing is None:
            return template_of(match)
        sentence = f"the sandbox has no such route ({missing.status})"
        self._world.violations.append(f"{recorded.method} {recorded.path}: {sentence}")
        raise ApiError(missing.status, 0, f"{missing.status}: {missing.reason}")

    def _authorise(self, request: web.Request, call: Call) -> None:
        given = request.headers.get("Authorization", "").encode()
        if not is_public(call.template) and not hmac.compare_digest(given, f"Bot {self._world.token}".encode()):
            raise ApiError(401, 0, "401: Unauthorized")

    async def _run(self, request: web.Request, match: web.UrlMappingMatchInfo, call: Call) -> web.StreamResponse:
        request[CALL] = call
        try:
            return await match.handler(request)
        except ApiError:
            raise
        except Exception as error:
            self._world.violations.append(f"{call.method} {call.path}: the sandbox itself failed: {error!r}")
            raise


async def _delay(fault: Fault) -> None:
    await asyncio.sleep(fault.seconds)
    if fault.until:
        await fault.until.wait()


def _injected_error(fault: Fault) -> ApiError:
    if fault.status == 429:
        return RateLimitError(fault.retry_after, {})
    return ApiError(fault.status, 0, f"{fault.status}: injected by a fault")


def _cut_connection(request: web.Request) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)
