"""Which function answers which method and path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.discord.attachments import Upload
from sandbox.discord.errors import ApiError
from sandbox.discord.json_types import Json, as_id, as_object

if TYPE_CHECKING:
    from sandbox.discord.world import World


@dataclass
class Call:
    """A request on its way to its handler."""

    world: World
    method: str
    template: str
    path: str
    parameters: dict[str, str]
    query: dict[str, str] = field(default_factory=dict[str, str])
    json: Any = None
    uploads: list[Upload] = field(default_factory=list[Upload])

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


Handler = Callable[[Call], Any]
"""Returns a JSON value for 200, or None for 204."""


@dataclass
class Route:
    """A path template of the API and its handler; `public` ones need no bot token."""

    method: str
    template: str
    handler: Handler
    public: bool


class RouteTable:
    """Collects a module's routes."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def on(self, method: str, template: str, *, public: bool = False) -> Callable[[Handler], Handler]:
        """Register the decorated function."""

        def register(handler: Handler) -> Handler:
            self.routes.append(Route(method, template, handler, public))
            return handler

        return register


@dataclass
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict[str, "_Node"])
    parameter: _Node | None = None
    routes: dict[str, Route] = field(default_factory=dict[str, Route])


class Router:
    """A tree of path segments; literal segments go before parameters."""

    def __init__(self, *tables: RouteTable) -> None:
        self._root = _Node()
        for table in tables:
            for route in table.routes:
                self._add(route)

    def _add(self, route: Route) -> None:
        node = self._root
        for segment in route.template.strip("/").split("/"):
            if segment.startswith("{"):
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.literals.setdefault(segment, _Node())
        node.routes[route.method] = route

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """Return the route and the path's parameters; ApiError 404 or 405 when there is none."""
        segments = path.strip("/").split("/")
        node = self._descend(self._root, segments, 0)
        if node is None:
            raise ApiError(404, 0, "404: Not Found")
        route = node.routes.get(method)
        if route is None:
            raise ApiError(405, 0, "405: Method Not Allowed")
        names = route.template.strip("/").split("/")
        return route, {n[1:-1]: s for n, s in zip(names, segments, strict=True) if n.startswith("{")}

    def _descend(self, node: _Node, segments: list[str], at: int) -> _Node | None:
        if at == len(segments):
            return node if node.routes else None
        for child in (node.literals.get(segments[at]), node.parameter):
            if child and (found := self._descend(child, segments, at + 1)):
                return found
        return None
