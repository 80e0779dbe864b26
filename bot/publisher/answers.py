"""What Discord answered to each try of a request: discord.py repeats some by itself, and tells only of the last."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace

import aiohttp
import yarl

from bot.metrics import SILENT, Metrics

FIRST_UNCLEAR = 500
"""From this status on an answer leaves open whether the work was done: a proxy may have lost the real one."""

TIMED_OUT = 408
"""What a proxy for rate limits says when Discord did not answer it in time; the work may be done all the same."""

FIRST_REFUSED, RATE_LIMITED = 300, 429

GATEWAY = 101
"""The answer to the one request that becomes a connection to the gateway."""

ROUTES = frozenset({"applications", "channels", "gateway", "guilds", "interactions", "oauth2", "users", "webhooks"})
"""The first words of the paths that are asked for; all else, such as a file's address, is one route."""


def is_unclear(status: int) -> bool:
    """Tell whether an answer leaves open whether the work was done, or will be."""
    return status >= FIRST_UNCLEAR or status == TIMED_OUT


@dataclass
class Answers:
    """Tell whether every try so far was answered, and so that nothing of it can happen later."""

    clear: bool = True


_watched: ContextVar[Answers | None] = ContextVar("watched", default=None)


@contextmanager
def watch_answers() -> Generator[Answers]:
    """Watch the requests of this task until the block ends; the client must have been made with `tracing`."""
    answers = Answers()
    token = _watched.set(answers)
    try:
        yield answers
    finally:
        _watched.reset(token)


def tracing(metrics: Metrics = SILENT) -> aiohttp.TraceConfig:
    """Make what a client has to be given so that its requests can be watched; `metrics` hear of each."""
    config = aiohttp.TraceConfig()
    config.on_request_end.append(_answered)
    config.on_request_exception.append(_unanswered)
    if metrics is not SILENT:
        told = _Told(metrics)
        config.on_request_start.append(told.begun)
        config.on_request_end.append(told.answered)
        config.on_request_exception.append(told.unanswered)
    return config


async def _answered(_: aiohttp.ClientSession, __: SimpleNamespace, params: aiohttp.TraceRequestEndParams) -> None:
    if is_unclear(params.response.status):
        _note_unclear()


async def _unanswered(_: aiohttp.ClientSession, __: SimpleNamespace, ___: aiohttp.TraceRequestExceptionParams) -> None:
    _note_unclear()


def _note_unclear() -> None:
    answers = _watched.get()
    if answers is not None:
        answers.clear = False


class _Told:
    """Let the metrics hear of each request: the route it took, the answer, the limit that it met."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    async def begun(
        self, _: aiohttp.ClientSession, request: SimpleNamespace, __: aiohttp.TraceRequestStartParams
    ) -> None:
        request.began = time.perf_counter()

    async def answered(
        self, _: aiohttp.ClientSession, request: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        status, headers = params.response.status, params.response.headers
        route, name = route_of(params.url)
        limit = headers.get("X-RateLimit-Scope", "unknown") if status == RATE_LIMITED else None
        self._metrics.discord_answered(
            "gateway" if status == GATEWAY else route,
            params.method,
            str(status),
            time.perf_counter() - request.began,
            limit if limit in (None, "user", "global", "shared") else "unknown",
        )
        if route == "interactions" and status < FIRST_REFUSED and name.isdigit():
            self._metrics.interaction_answered(int(name))

    async def unanswered(
        self, _: aiohttp.ClientSession, request: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams
    ) -> None:
        route, _name = route_of(params.url)
        self._metrics.discord_answered(route, params.method, "none", time.perf_counter() - request.began, None)


def route_of(url: yarl.URL) -> tuple[str, str]:
    """Tell which kind of path a request takes, and whose it is: the id that follows; "other" for any other address."""
    words = url.raw_path.split("/")
    for number, word in enumerate(words):
        if word in ROUTES:
            return word, words[number + 1] if number + 1 < len(words) else ""
    return "other", ""
