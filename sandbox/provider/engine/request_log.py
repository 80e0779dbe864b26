"""The record of every request that reached the provider."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from sandbox.bounded_log import BoundedLog
from sandbox.provider.model.notifier import Notifier
from sandbox.provider.model.settings import Knobs

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

    def __init__(self, knobs: Knobs, notifier: Notifier) -> None:
        self.requests: BoundedLog[Request] = BoundedLog(
            lambda: knobs.kept_requests,
            lambda request: request.took is None,
            max_bytes=lambda: knobs.kept_request_bytes,
            size=lambda request: request.size,
        )
        self._notifier = notifier

    @web.middleware
    async def record(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Record a request and its answer on their way through."""
        body = await request.read()
        record = Request(request.method, request.path, dict(request.query), _parse(body), len(body), time.time())
        self.requests.append(record)
        self._notifier.ring()
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
            self._notifier.ring()


def _parse(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _json_body(answer: web.StreamResponse) -> bytes | None:
    if isinstance(answer, web.Response) and answer.content_type == "application/json":
        return answer.body if isinstance(answer.body, bytes) else None
    return None
