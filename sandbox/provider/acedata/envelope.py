"""AceData's envelope: whom it lets in and how it words errors (its video guide and OpenAPI description)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from aiohttp import web

from sandbox.provider.engine.request_fields import InvalidError, read_json
from sandbox.provider.model.job import Json
from sandbox.provider.model.settings import ProviderSettings

CODES = {
    400: "bad_request",
    401: "invalid_token",
    402: "used_up",
    403: "forbidden",
    429: "too_many_requests",
    500: "api_error",
    504: "timeout",
}
"""The code that goes with a status; 402 is assumed, ``api_error`` stands for every other status."""

MESSAGES = {
    "bad_request": "The json payload is not valid to request the API",
    "token_mismatched": "The specified token is not matched with API.",
    "api_not_implemented": "The API is not implemented.",
    "invalid_token": "The specified token is invalid or wrong.",
    "token_expired": "The specified token has expired.",
    "forbidden": "Sorry! Our Al moderators feel your prompt might be against our community standards.",
    "used_up": "The balance of this application is used up.",
    "disabled": "This application is disabled.",
    "too_many_requests": "You have exceeded the rate limit.",
    "api_error": "Internal server error.",
    "timeout": "Timeout to generate the image.",
    "gateway_timeout": "The upstream service did not respond in time.",
}
"""Every code that AceData is known to have, with the documented message.

``token_expired``, ``used_up`` (balance) and ``disabled`` (account) are only known from the vendor's own client library,
which gives neither a status nor words; ``gateway_timeout`` is what the newer video guide calls ``timeout``.
"""

FAILURES = {
    "job timeout": "timeout",
    "[Banned prompt detected]": "forbidden",
    "[Image denied]": "forbidden",
    "[Invalid link!]": "bad_request",
    "[Invalid parameter]": "bad_request",
}
"""AceData's codes for the reasons that the provider gives for a failed job; no page says which they are (*assumed*)."""


@dataclass(frozen=True)
class ApiError:
    """One of AceData's errors."""

    code: str
    message: str

    @property
    def body(self) -> Json:
        return {"code": self.code, "message": self.message}

    @property
    def status(self) -> int:
        """The status under which a blocking order tells of it."""
        return next((status for status, code in CODES.items() if code == self.code), 500)


def error_of_status(status: int, message: str) -> ApiError:
    """Return the error of a status; a message that is one of the vendor's codes stands for that code and its words."""
    if message in MESSAGES:
        return ApiError(message, MESSAGES[message])
    code = CODES.get(status, "api_error")
    return ApiError(code, message or MESSAGES[code])


def error_of_failed_job(message: str) -> ApiError:
    """Return the error with which a job failed; one of the vendor's codes stands for itself."""
    if message in MESSAGES:
        return ApiError(message, MESSAGES[message])
    return ApiError(next((code for start, code in FAILURES.items() if message.startswith(start)), "api_error"), message)


class Envelope:
    """Lets in whoever has the key, and turns others away."""

    def __init__(self, key: str, settings: ProviderSettings) -> None:
        self._key = key
        self._settings = settings

    def check_access(self, request: web.Request) -> web.Response | None:
        """Return the refusal, or None when it may come in."""
        return None if request.headers.get("Authorization") == f"Bearer {self._key}" else self.refuse(401)

    def refuse(self, status: int, message: str = "") -> web.Response:
        """Answer as AceData does when it refuses."""
        return self.fail(status, error_of_status(status, message), str(uuid.uuid4()))

    def fail(self, status: int, error: ApiError, trace_id: str) -> web.Response:
        """Answer with an error of the request that has this trace id."""
        body: Json = {"error": error.body, "trace_id": trace_id}
        return web.json_response(
            {"success": False} | body if self._settings.acedata_error_success else body, status=status
        )


async def peek(request: web.Request) -> Json:
    """Return the body before it is checked: empty when it is no JSON object."""
    try:
        return await read_json(request)
    except InvalidError:
        return {}
