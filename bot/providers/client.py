"""The JSON client that all providers share: it raises `ProviderError` and nothing else."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from bot.errors import Accepted, ErrorKind, ProviderError
from bot.providers import fields
from bot.providers.base import POLL_TIMEOUT, SUBMIT_TIMEOUT
from bot.providers.fields import Json

MAX_BODY = 4 * 1024 * 1024
"""Bytes of an answer that are read; the documented ones have a few hundred."""

LONGEST_RETRY_AFTER = 600.0
"""Seconds; a longer wish is cut to this."""

_STEP_TIMEOUTS = httpx.Timeout(60.0, connect=10.0, pool=10.0)
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_WHILE_SENDING_OR_AFTER = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, TimeoutError, OSError)
_UNANSWERED = (*_NEVER_SENT, *_WHILE_SENDING_OR_AFTER, aiohttp.ClientError)

_STATUSES = {
    401: ErrorKind.AUTH,
    402: ErrorKind.INSUFFICIENT_BALANCE,
    403: ErrorKind.ACCOUNT_BLOCKED,
    404: ErrorKind.NOT_FOUND,
    429: ErrorKind.RATE_LIMITED,
}

# A proxy may send these although the vendor took the request: the first two are about time, 409 may mean "I have it".
_AMBIGUOUS = frozenset({408, 499, 409})

_MOVED = frozenset({301, 307, 308})


@dataclass(frozen=True)
class Vocabulary:
    """Say how a vendor names errors: statuses beyond the usual ones, and how its messages begin (lower case)."""

    statuses: Mapping[int, ErrorKind] = field(default_factory=dict[int, ErrorKind])
    beginnings: Sequence[tuple[str, ErrorKind]] = ()

    def kind(self, message: str, otherwise: ErrorKind) -> ErrorKind:
        """Classify a message."""
        said = message.lower()
        return next((kind for beginning, kind in self.beginnings if said.startswith(beginning)), otherwise)

    def status(self, status: int) -> ErrorKind | None:
        """Classify a 4xx status that surely refuses; None for one that leaves it open."""
        if status in self.statuses:
            return self.statuses[status]
        if status in _AMBIGUOUS or not 400 <= status < 500:
            return None
        return _STATUSES.get(status, ErrorKind.INVALID_REQUEST)


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def json(self) -> Json | None:
        return fields.parse(self.body)

    @property
    def words(self) -> str:
        """Say what went wrong in the vendor's words: `message`, or what other vendors put into `error`."""
        body = self.json
        if body is None:
            return "an HTML page" if self.body.lstrip().startswith(b"<") else "no JSON object"
        inner = fields.section(body.get("error")) or {}
        said: tuple[object, ...] = (body.get("message"), body.get("error"), inner.get("message"))
        return next((line for line in map(fields.words, said) if line), "")


class ApiClient:
    """Speak JSON with one vendor. Headers, keys and callback URLs never get into a log or an error.

    Redirects are not followed, answers are read up to `MAX_BODY` bytes, proxies of the environment are not used.

    Questions go through aiohttp, at a quarter of the cost. What costs money goes through httpx's own transport: only
    that one tells a connection that was never made from one that broke later.
    """

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        vocabulary: Vocabulary,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._vocabulary = vocabulary
        client = partial(
            httpx.AsyncClient,
            base_url=base_url,
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Animatic", **headers},
            timeout=_STEP_TIMEOUTS,
            trust_env=False,
        )
        self._paying = client(transport=transport)
        self._asking = client(transport=transport or AiohttpTransport(trust_env=False))

    async def aclose(self) -> None:
        """Close all connections."""
        await self._paying.aclose()
        await self._asking.aclose()

    async def submit(self, path: str, body: Json) -> Json:
        """POST something that costs money.

        The error's `accepted` is "no" when the vendor surely refused or never saw it, else "maybe": no answer, 5xx,
        or an answer that cannot be read (providers.md, section 7, the retry rule).
        """
        try:
            answer = await self._exchange(self._paying, "POST", path, SUBMIT_TIMEOUT, json=body)
        except _NEVER_SENT as error:
            raise ProviderError(ErrorKind.UNREACHABLE, "no", type(error).__name__) from error
        except _WHILE_SENDING_OR_AFTER as error:
            raise ProviderError(ErrorKind.OUTCOME_UNKNOWN, "maybe", type(error).__name__) from error
        return self._read(answer, unclear=ErrorKind.OUTCOME_UNKNOWN, unclear_accepted="maybe", refused="no")

    async def ask(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None, body: Json | None = None
    ) -> Json:
        """Ask about an accepted job, which costs nothing and may be repeated; errors say accepted "yes"."""
        try:
            answer = await self._exchange(self._asking, method, path, POLL_TIMEOUT, params=params, json=body)
        except _UNANSWERED as error:
            raise ProviderError(ErrorKind.UNREACHABLE, "yes", type(error).__name__) from error
        return self._read(answer, unclear=ErrorKind.UPSTREAM, unclear_accepted="yes", refused="yes")

    async def _exchange(
        self,
        http: httpx.AsyncClient,
        method: str,
        path: str,
        seconds: float,
        *,
        params: Mapping[str, str] | None = None,
        json: Json | None = None,
    ) -> _Answer:
        try:
            request = http.build_request(method, path, params=params, json=json)
        except (ValueError, TypeError, httpx.InvalidURL) as error:
            raise ProviderError(ErrorKind.INVALID_REQUEST, "no", "a request that cannot be written") from error
        async with asyncio.timeout(seconds), aclosing(await http.send(request, stream=True)) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_BODY:
                    body.clear()  # an answer this long is no answer; its status still counts
                    break
            return _Answer(response.status_code, response.headers, bytes(body))

    def _read(self, answer: _Answer, *, unclear: ErrorKind, unclear_accepted: Accepted, refused: Accepted) -> Json:
        kind = self._vocabulary.status(answer.status)
        if kind is not None:
            if kind is ErrorKind.INVALID_REQUEST:
                kind = self._vocabulary.kind(answer.words, kind)
            raise ProviderError(kind, refused, answer.words, answer.status, _retry_after(answer.headers))
        if answer.status in _MOVED:
            raise ProviderError(
                ErrorKind.BAD_RESPONSE, refused, "moved elsewhere: is the base URL right?", answer.status
            )
        if not 200 <= answer.status < 300:
            raise ProviderError(unclear, unclear_accepted, answer.words, answer.status, _retry_after(answer.headers))
        body = answer.json
        if body is None:
            raise ProviderError(ErrorKind.BAD_RESPONSE, unclear_accepted, answer.words, answer.status)
        return body


def _retry_after(headers: httpx.Headers) -> float | None:
    """Read Retry-After: seconds or a date (RFC 9110, section 10.2.3), bounded."""
    value = headers.get("Retry-After", "")
    seconds = fields.number(value)
    if seconds is None:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError, OverflowError):
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)
