"""From aiohttp's routes to functions that answer a call with JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.discord.attachments import Upload
from sandbox.discord.json_types import Json, as_id, as_object, dumps
from sandbox.discord.world import World


@dataclass
class Call:
    """A request on its way to the function that answers it; `template` is the path as Discord's description has it."""

    world: World
    method: str
    template: str
    path: str
    parameters: dict[str, str]
    query: dict[str, str] = field(default_factory=dict[str, str])
    json: Any = None
    uploads: list[Upload] = field(default_factory=list[Upload])
    answer: Any = None

    @property
    def body(self) -> Json:
        """The JSON body, empty when it is not an object."""
        return as_object(self.json)

    def id(self, name: str) -> int:
        """Return a path parameter as a snowflake; 0 when it is none."""
        return as_id(self.parameters.get(name)) or 0

    def flag(self, name: str) -> bool:
        """Return a boolean of the query."""
        return self.query.get(name, "").lower() in ("1", "true")


PREFIX = "/api/v10"

CALL = web.RequestKey("call", Call)
"""Where a request carries its call."""


def endpoint(answer: Callable[[Call], Any]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make aiohttp's handler of a function that answers with a JSON value, or with None for 204."""

    async def handle(request: web.Request) -> web.Response:
        call = request[CALL]
        call.answer = answer(call)
        return json_response(204 if call.answer is None else 200, call.answer)

    return handle


def add_api_routes(router: web.UrlDispatcher, tables: Iterable[web.RouteTableDef]) -> None:
    """Put the routes of these tables under the API's prefix."""
    for route in (route for table in tables for route in table):
        if isinstance(route, web.RouteDef):
            router.add_route(route.method, PREFIX + route.path, route.handler)


def template_of(match: web.UrlMappingMatchInfo) -> str:
    """Give the path of a matched route as Discord's description writes it."""
    resource = match.route.resource
    return "" if resource is None else resource.canonical.removeprefix(PREFIX)


def is_public(template: str) -> bool:
    """Whether a path needs no bot token: it carries a token of its own, or gives the gateway's address."""
    return "_token}" in template or template == "/gateway"


def json_response(status: int, body: Any) -> web.Response:
    """Answer with JSON, and with nothing at all where the status is 204.

    Not aiohttp's `json_response`: that one names a charset, which Discord does not, and discord.py then reads a text.
    """
    if status == 204:
        return web.Response(status=204)
    return web.Response(status=status, body=dumps(body).encode(), content_type="application/json")
