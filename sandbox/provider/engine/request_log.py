"""The record of every request that reached the provider."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import cast

from aiohttp import web

from sandbox.bounded_log import BoundedLog
from sandbox.provider.model.notifier import Notifier
from sandbox.provider.model.settings import ProviderSettings

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Request:
    """One request that reached the provider; ``status`` is None until it is answered, and after a reset.

    ``size`` is its body's in bytes, ``answer`` the body of an answer in JSON, unread, and ``took`` how many seconds it
    took to answer.
    """

    method: str
    path: str
    query: dict[str, str]
    json: object
    size: int
    at: float
    status: int | None = None
    answer: bytes | None = None
    took: float | None = None


class RequestLog:
    """Records requests in order, the newest ones, and those that still wait for their answer."""

    def __init__(self, settings: ProviderSettings, notifier: Notifier) -> None:
        self.requests: BoundedLog[Request] = BoundedLog(
            lambda: settings.kept_requests,
            lambda request: request.took is None,
            max_bytes=lambda: settings.kept_request_bytes,
            size=lambda request: request.size,
        )
        self._notifier = notifier

    def record_all(self, app: web.Application, routes: Iterable[web.RouteDef]) -> None:
        """Add routes to an application, and record what comes to them and to no route at all.

        No middleware does it: aiohttp remembers the last 1,024 handlers that had one, and with them every application
        that was closed since.
        """
        for route in routes:
            recorded = partial(self._record, cast("Handler", route.handler))
            app.add_routes([web.RouteDef(route.method, route.path, recorded, route.kwargs)])
        app.on_response_prepare.append(self._record_unrouted)

    async def _record(self, handler: Handler, request: web.Request) -> web.StreamResponse:
        record = await self._begin(request)
        try:
            answer = await handler(request)
        except web.HTTPException as error:
            record.status = error.status
            raise
        else:
            if request.transport is not None and not request.transport.is_closing():
                record.status, record.answer = answer.status, _json_body(answer)
            return answer
        finally:
            record.took = time.time() - record.at
            self._notifier.notify()

    async def _record_unrouted(self, request: web.Request, answer: web.StreamResponse) -> None:
        if request.match_info.http_exception is not None:
            record = await self._begin(request)
            record.status, record.took = answer.status, 0.0

    async def _begin(self, request: web.Request) -> Request:
        body = await request.read()
        record = Request(request.method, request.path, dict(request.query), _parse(body), len(body), time.time())
        self.requests.append(record)
        self._notifier.notify()
        return record


def _parse(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _json_body(answer: web.StreamResponse) -> bytes | None:
    if isinstance(answer, web.Response) and answer.content_type == "application/json":
        return answer.body if isinstance(answer.body, bytes) else None
    return None
