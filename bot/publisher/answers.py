"""What Discord answered to each try of a request: discord.py repeats some by itself, and tells only of the last."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace

import aiohttp

FIRST_UNCLEAR = 500
"""From this status on an answer leaves open whether the work was done: a proxy may have lost the real one."""


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


def tracing() -> aiohttp.TraceConfig:
    """Make what a client has to be given so that its requests can be watched."""
    config = aiohttp.TraceConfig()
    config.on_request_end.append(_answered)
    config.on_request_exception.append(_unanswered)
    return config


async def _answered(_: aiohttp.ClientSession, __: SimpleNamespace, params: aiohttp.TraceRequestEndParams) -> None:
    if params.response.status >= FIRST_UNCLEAR:
        _note_unclear()


async def _unanswered(_: aiohttp.ClientSession, __: SimpleNamespace, ___: aiohttp.TraceRequestExceptionParams) -> None:
    _note_unclear()


def _note_unclear() -> None:
    answers = _watched.get()
    if answers is not None:
        answers.clear = False
