"""CometAPI's answers: the codes of the /mj family under status 200, its relay's errors and its gateway's."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from aiohttp import web

from sandbox.provider.model.settings import ProviderSettings

TOO_MANY_REQUESTS = 30
QUOTA = "quota_not_enough"
REQUEST_ID = "20260101000000000000000provider"


class Code(IntEnum):
    """What ``code`` says (midjourney-proxy, ReturnCode)."""

    SUCCESS = 1
    NOT_FOUND = 3
    INVALID = 4
    FAILURE = 9
    EXISTS = 21
    QUEUED = 22
    QUEUE_FULL = 23
    BANNED = 24


STARTED = frozenset({Code.SUCCESS, Code.EXISTS, Code.QUEUED})
"""The codes of orders whose task lives."""

MESSAGES = {
    Code.SUCCESS: "提交成功",
    Code.NOT_FOUND: "无可用的账号实例",
    Code.INVALID: "校验错误",
    Code.FAILURE: "系统异常",
    Code.EXISTS: "任务已存在",
    Code.QUEUED: "排队中",
    Code.QUEUE_FULL: "队列已满，请稍后尝试",
    Code.BANNED: "可能包含敏感词",
    TOO_MANY_REQUESTS: "too many requests",
}
"""What a description says when nothing more is known (midjourney-proxy and the answers that new-api's relay lists)."""

GATEWAY_CODES = {
    401: "invalid_api_key",
    403: "permission_denied",
    429: "rate_limit_exceeded",
    500: "server_error",
    503: "model_not_found",
}


class RefusedError(Exception):
    """The order is refused with a code of the family."""

    def __init__(self, code: int, description: str = "", **properties: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.properties = properties


class Envelope:
    """Lets in whoever has the key of an account that is not blocked."""

    def __init__(self, key: str, settings: ProviderSettings) -> None:
        self._key = key
        self._settings = settings

    def check_access(self, request: web.Request) -> web.Response | None:
        """Return the refusal, or None when it may come in."""
        if request.headers.get("Authorization") != f"Bearer {self._key}":
            return gateway_error(401, "Invalid token")
        if self._settings.comet_account == "blocked":
            return gateway_error(403, "user account is blocked")
        return None


def submitted(code: int, description: str, result: str | int | None, **properties: Any) -> web.Response:
    """Answer an order; ``result`` is the task's id."""
    return web.json_response(
        {"code": code, "description": description or MESSAGES.get(code, ""), "result": result, "properties": properties}
    )


def refuse(error: RefusedError, style: str, result: str | None = None) -> web.Response:
    """Answer an order that is refused, in one of the styles of ``ProviderSettings.comet_refusals``."""
    if style == "relay" or error.code == TOO_MANY_REQUESTS:
        return relay_error(error.code, error.description)
    if style == "gateway" and error.code == Code.INVALID:
        return gateway_error(500, error.description, "invalid_request")
    return submitted(error.code, error.description, result, **error.properties)


def relay_error(code: int, description: str) -> web.Response:
    """Answer as new-api's relay does when it refuses by itself or passes a refusal on."""
    body = {"description": description or MESSAGES.get(code, ""), "type": "upstream_error", "code": code}
    return web.json_response(body, status=429 if code == TOO_MANY_REQUESTS else 400)


def gateway_error(status: int, message: str = "", code: str = "") -> web.Response:
    """Answer as CometAPI's gateway does (its error page); under status 200, with the family's code for a failure."""
    if status < 400:
        return submitted(Code.FAILURE, message, None)
    words = f"{message or 'the gateway refuses'} (request id: {REQUEST_ID})"
    error = {
        "message": words,
        "type": "comet_api_error",
        "param": "",
        "code": code or GATEWAY_CODES.get(status, ""),
    }
    return web.json_response({"error": error}, status=status)
