"""APIMart's envelope: who is let in, how a task is accepted and how things are refused."""

from __future__ import annotations

from aiohttp import web

from sandbox.provider.model.job import Json
from sandbox.provider.model.settings import ProviderSettings

TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "payment_required",
    403: "permission_error",
    404: "not_found",
    422: "invalid_request_error",
    429: "rate_limit_error",
}
"""The error types of APIMart's Midjourney pages; 422 is listed without one, and 5xx are server errors."""
MIDJOURNEY_CODES = {404: 3, 400: 4, 500: 9, 422: 24}
"""Midjourney's own codes (best practices page): not found, validation error, failure, banned prompt."""
MODAL = 21
ACCEPTING = (1, MODAL, 22)
"""The codes under which a task exists: done as asked, waiting for more to be said, and the /mj family's queued."""
MESSAGES = {
    400: "invalid request",
    401: "invalid token",
    402: "insufficient balance",
    403: "permission denied",
    404: "task not found",
    422: "content moderation refused the request",
    429: "too many requests",
}


class RefusedError(Exception):
    """What was asked for is refused with a status of its own; the message says why."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message or MESSAGES.get(status, ""))
        self.status = status


class Envelope:
    """Knows the account's key and the setting that chooses between the two ways of refusing."""

    def __init__(self, key: str, settings: ProviderSettings) -> None:
        self._key = key
        self._settings = settings

    def check_key(self, request: web.Request) -> None:
        """Let in whoever has the key.

        Raises:
            RefusedError: when the Authorization header is anything but ``Bearer`` and the key.
        """
        if request.headers.get("Authorization") != f"Bearer {self._key}":
            raise RefusedError(401)

    def refuse(self, status: int, message: str = "") -> web.Response:
        """Answer as APIMart does when it refuses: by status, or by code where the setting says so and there is one."""
        message = message or MESSAGES.get(status, "server error")
        if self._settings.apimart_errors != "http" and status in MIDJOURNEY_CODES:
            return self.refuse_by_code(MIDJOURNEY_CODES[status], message)
        return web.json_response({"error": describe_error(status, message)}, status=status)

    def refuse_by_code(self, code: int, message: str = "") -> web.Response:
        """Answer with one of Midjourney's codes, under status 200."""
        name = "description" if self._settings.apimart_errors == "description" else "message"
        return web.json_response({"code": code, name: message or "failure", "data": None})


def describe_error(status: int, message: str) -> Json:
    """Return APIMart's error object; under HTTP 200 it tells of a failure of the server."""
    code = 500 if status == 200 else status
    return {"code": code, "message": message, "type": TYPES.get(code, "server_error")}


def accept(task_id: str | None, code: int = 200, replayed: bool = False) -> web.Response:
    """Answer a submit as the video page shows it; a replay says so in a header, as other paths of APIMart's do."""
    task = {"status": "modal" if code == MODAL else "submitted"} | ({"task_id": task_id} if task_id else {})
    headers = {"Idempotency-Replayed": "true"} if replayed else None
    return web.json_response({"code": code, "data": [task]}, headers=headers)
