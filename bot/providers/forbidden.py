"""A 403 in words that nobody knows: a question that is free and asked with the same key tells what it may be about."""

import logging
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import replace

from bot.errors import ErrorKind, ProviderError

_log = logging.getLogger(__name__)

_ABOUT_ACCOUNT = frozenset({ErrorKind.AUTH, ErrorKind.ACCOUNT_BLOCKED, ErrorKind.INSUFFICIENT_BALANCE})


async def told_apart(
    refused: ProviderError, try_key: Callable[[], Awaitable[object]], otherwise: ErrorKind = ErrorKind.FORBIDDEN
) -> ProviderError:
    """Tell a refusal of our account from one of the request.

    `try_key` asks for something that is free; where that works, what was refused is presumed to be `otherwise`.
    """
    if refused.kind is not ErrorKind.FORBIDDEN:
        return refused
    try:
        await try_key()
    except ProviderError as error:
        _log.info("refused in unknown words (%s), and the key was tried: %s", refused.message, error)
        return replace(refused, kind=error.kind) if error.kind in _ABOUT_ACCOUNT else refused
    return replace(refused, kind=otherwise, presumed=True)


@contextmanager
def forbidden_is(kind: ErrorKind) -> Generator[None]:
    """Read a 403 in unknown words as what it means where the question itself can give no offence."""
    try:
        yield
    except ProviderError as error:
        if error.kind is not ErrorKind.FORBIDDEN:
            raise
        raise replace(error, kind=kind) from None
