"""TTAPI's envelope: how it reads requests and words its answers."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.provider.engine.request_fields import read_json
from sandbox.provider.model.job import Json, State

STATES = {
    State.QUEUED: "PENDING_QUEUE",
    State.RUNNING: "ON_QUEUE",
    State.DONE: "SUCCESS",
    State.FAILED: "FAILED",
}
MESSAGES = {
    401: "Wrong TT-API-KEY or email is not activated.",
    405: "Method Not Allowed",
}
"""What a refusal says when nothing more is known; the 401 is documented (authentication page)."""


class Envelope:
    """Lets in whoever has the key and uses a verb that is allowed."""

    def __init__(self, key: str) -> None:
        self._key = key

    def check_access(self, request: web.Request, verbs: str) -> web.Response | None:
        """Return the refusal, or None when it may come in; ``verbs`` is get, post or both."""
        if verbs != "both" and request.method != verbs.upper():
            return refuse(405)
        if request.headers.get("TT-API-KEY") != self._key:
            return refuse(401)
        return None


def succeed(data: Any) -> web.Response:
    """Answer as TTAPI does when it did what was asked."""
    return web.json_response({"status": "SUCCESS", "message": "success", "data": data})


def refuse(status: int, message: str = "") -> web.Response:
    """Answer as TTAPI does when it refuses."""
    body = {"status": "FAILED", "message": message or MESSAGES.get(status, ""), "data": None}
    return web.json_response(body, status=status)


async def read_parameters(request: web.Request) -> Json:
    """Return the query of a GET or the JSON body of a POST.

    Raises:
        InvalidError: when the body is no JSON object.
    """
    return dict(request.query) if request.method == "GET" else await read_json(request)
