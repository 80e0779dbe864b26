"""The JSON client that all providers share: it raises `ProviderError` and nothing else."""

import asyncio
import ssl
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache, cached_property, partial
from itertools import chain

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from bot.errors import Accepted, ErrorKind, ProviderError
from bot.providers import json_fields
from bot.providers.json_fields import Json
from bot.providers.types import POLL_TIMEOUT, SUBMIT_TIMEOUT

MAX_BODY = 4 * 1024 * 1024
"""Bytes of an answer that are read; the documented ones have a few hundred."""

LONGEST_RETRY_AFTER = 3600.0
"""Seconds; a longer wish is cut to this."""

SHORTEST_KEY = 8
"""Characters; anything shorter is no key, and may stand in an answer by chance."""

_STEP_TIMEOUTS = httpx.Timeout(60.0, connect=10.0, pool=10.0)
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_MAYBE_SENT = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, TimeoutError, OSError)
_UNANSWERED = (*_NEVER_SENT, *_MAYBE_SENT, aiohttp.ClientError)

_STATUSES = {
    401: ErrorKind.AUTH,
    402: ErrorKind.INSUFFICIENT_BALANCE,
    403: ErrorKind.FORBIDDEN,
    404: ErrorKind.NOT_FOUND,
    429: ErrorKind.RATE_LIMITED,
}

# A proxy may send these although the vendor took the request: the first two are about time, 409 may mean "I have it".
_AMBIGUOUS = frozenset({408, 499, 409})

_MOVED = frozenset({301, 307, 308})

CallWatcher = Callable[[str, str, float], None]
"""Hear of each call: what it was, how it ended ("ok", or the kind of the error), and how many seconds it took."""


def unwatched(_call: str, _outcome: str, _seconds: float) -> None:
    """Hear nothing."""


@dataclass(frozen=True)
class ErrorMapping:
    """Say how a vendor names errors.

    `statuses` are those beyond the usual ones, `codes` are words or numbers of an error's `code`, which surely refuse;
    `prefixes` and `substrings` are how its messages begin, and what stands in them (lower case). A 4xx status of one of
    the `open_kinds` is classified by its message where that says more. `empty_answer` is what an answer of `null`, or
    none at all, to a question means.
    """

    statuses: Mapping[int, ErrorKind] = field(default_factory=dict[int, ErrorKind])
    codes: Mapping[str, ErrorKind] = field(default_factory=dict[str, ErrorKind])
    prefixes: Sequence[tuple[str, ErrorKind]] = ()
    substrings: Sequence[tuple[str, ErrorKind]] = ()
    open_kinds: frozenset[ErrorKind] = frozenset({ErrorKind.INVALID_REQUEST})
    empty_answer: ErrorKind = ErrorKind.BAD_RESPONSE

    def classify(self, message: str, otherwise: ErrorKind) -> ErrorKind:
        """Classify a message."""
        lowered = message.lower()
        by_prefix = (kind for prefix, kind in self.prefixes if lowered.startswith(prefix))
        by_substring = (kind for substring, kind in self.substrings if substring in lowered)
        return next(chain(by_prefix, by_substring), otherwise)

    def classify_refusal(self, status: int, code: str, message: str) -> ErrorKind | None:
        """Classify an answer that surely refuses; None for one that leaves it open."""
        kind = self.classify_status(status)
        if status >= 400 and status not in _AMBIGUOUS and code in self.codes:
            return self.codes[code]
        return self.classify(message, kind) if kind is not None and kind in self.open_kinds else kind

    def classify_status(self, status: int) -> ErrorKind | None:
        """Classify a 4xx status that refuses; None for any other."""
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

    @cached_property
    def json(self) -> Json | None:
        return json_fields.parse(self.body)

    @property
    def error_message(self) -> str:
        """Say what went wrong in the vendor's words."""
        body = self.json
        if body is None:
            return "an HTML page" if self.body.lstrip().startswith(b"<") else "no JSON object"
        return error_message(body)

    @property
    def error_code(self) -> str:
        """Give the code that stands beside an error's message; empty when there is none."""
        return error_code(self.json or {})

    @property
    def is_empty(self) -> bool:
        return self.body.strip() in (b"", b"null")


def error_message(body: Json) -> str:
    """Find what went wrong in a vendor's words, wherever the four vendors put it."""
    inner = json_fields.section(body.get("error")) or {}
    said = (body.get("message"), inner.get("message"), body.get("error"), body.get("description"))
    return next((line for line in map(json_fields.words, said) if line), "")


def error_code(body: Json) -> str:
    """Find the code of an error: in its `error`, else beside it; a number is written as digits."""
    inner = json_fields.section(body.get("error")) or {}
    codes = (inner.get("code"), body.get("code"))
    return next((json_fields.text(str(code), 60) for code in codes if isinstance(code, str | int)), "")


class ApiClient:
    """Speak JSON with one vendor. Headers, keys and callback URLs never get into a log or an error.

    The key is the last word of each header; where an answer repeats it, it is taken out.

    Redirects are not followed, answers are read up to `MAX_BODY` bytes, proxies of the environment are not used.

    Questions go through aiohttp, at a quarter of the cost. What costs money goes through httpx's own transport: only
    that one tells a connection that was never made from one that broke later.
    """

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        error_mapping: ErrorMapping,
        transport: httpx.AsyncBaseTransport | None = None,
        watch: CallWatcher = unwatched,
    ) -> None:
        self._watch = watch
        self._error_mapping = error_mapping
        self._keys = [key.encode() for key in map(_key_in, headers.values()) if len(key) >= SHORTEST_KEY]
        client = partial(
            httpx.AsyncClient,
            base_url=base_url,
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Animatic", **headers},
            timeout=_STEP_TIMEOUTS,
            trust_env=False,
            verify=trusted(),
        )
        self._submit_client = client(transport=transport)
        self._poll_client = client(transport=transport or AiohttpTransport(verify=trusted(), trust_env=False))

    async def aclose(self) -> None:
        """Close all connections."""
        await self._submit_client.aclose()
        await self._poll_client.aclose()

    async def submit(self, path: str, body: Json, headers: Mapping[str, str] | None = None) -> Json:
        """POST something that costs money.

        The error's `accepted` is "no" when the vendor surely refused or never saw it, else "maybe": no answer, 5xx,
        or an answer that cannot be read (providers.md, section 7, the retry rule).
        """
        with self._watched("submit"):
            try:
                answer = await self._exchange(
                    self._submit_client, "POST", path, SUBMIT_TIMEOUT, json=body, headers=headers
                )
            except _NEVER_SENT as error:
                raise ProviderError(ErrorKind.UNREACHABLE, "no", type(error).__name__) from error
            except _MAYBE_SENT as error:
                raise ProviderError(ErrorKind.OUTCOME_UNKNOWN, "maybe", type(error).__name__) from error
            return self._read(answer, unclear=ErrorKind.OUTCOME_UNKNOWN, unclear_accepted="maybe", refused="no")

    async def ask(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None, body: Json | None = None
    ) -> Json:
        """Ask about an accepted job, which costs nothing and may be repeated; errors say accepted "yes"."""
        with self._watched("ask"):
            try:
                answer = await self._exchange(self._poll_client, method, path, POLL_TIMEOUT, params=params, json=body)
            except _UNANSWERED as error:
                raise ProviderError(ErrorKind.UNREACHABLE, "yes", type(error).__name__) from error
            if answer.is_empty and 200 <= answer.status < 300:
                raise ProviderError(self._error_mapping.empty_answer, "yes", "nothing", answer.status)
            return self._read(answer, unclear=ErrorKind.UPSTREAM, unclear_accepted="yes", refused="yes")

    @contextmanager
    def _watched(self, call: str) -> Generator[None]:
        began, outcome = time.perf_counter(), "cancelled"
        try:
            yield
            outcome = "ok"
        except ProviderError as error:
            outcome = error.kind.value
            raise
        finally:
            self._watch(call, outcome, time.perf_counter() - began)

    async def _exchange(
        self,
        http: httpx.AsyncClient,
        method: str,
        path: str,
        seconds: float,
        *,
        params: Mapping[str, str] | None = None,
        json: Json | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> _Answer:
        try:
            request = http.build_request(method, path, params=params, json=json, headers=headers)
        except (ValueError, TypeError, httpx.InvalidURL) as error:
            raise ProviderError(ErrorKind.INVALID_REQUEST, "no", "a request that cannot be written") from error
        async with asyncio.timeout(seconds), aclosing(await http.send(request, stream=True)) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_BODY:
                    body.clear()  # an answer this long is no answer; its status still counts
                    break
            return _Answer(response.status_code, response.headers, self._without_keys(bytes(body)))

    def _without_keys(self, body: bytes) -> bytes:
        for key in self._keys:
            body = body.replace(key, b"<key>")
        return body

    def _read(self, answer: _Answer, *, unclear: ErrorKind, unclear_accepted: Accepted, refused: Accepted) -> Json:
        if not 200 <= answer.status < 300:
            raise self._refusal(answer, unclear, unclear_accepted, refused)
        if answer.json is None:
            raise ProviderError(ErrorKind.BAD_RESPONSE, unclear_accepted, answer.error_message, answer.status)
        return answer.json

    def _refusal(self, answer: _Answer, unclear: ErrorKind, unclear_accepted: Accepted, refused: Accepted) -> Exception:
        retry_after = _retry_after(answer.headers)
        kind = self._error_mapping.classify_refusal(answer.status, answer.error_code, answer.error_message)
        if kind is not None:
            return ProviderError(kind, refused, answer.error_message, answer.status, retry_after)
        if answer.status in _MOVED:
            moved = "moved elsewhere: is the base URL right?"
            return ProviderError(ErrorKind.BAD_RESPONSE, refused, moved, answer.status)
        return ProviderError(unclear, unclear_accepted, answer.error_message, answer.status, retry_after)


@cache
def trusted() -> ssl.SSLContext:
    """Read once whose certificates are trusted: that takes as long as many answers do."""
    return httpx.create_ssl_context(trust_env=False)


def _key_in(value: str) -> str:
    return value.rpartition(" ")[2]


def _retry_after(headers: httpx.Headers) -> float | None:
    """Read Retry-After: seconds or a date (RFC 9110, section 10.2.3), bounded."""
    value = headers.get("Retry-After", "")
    seconds = json_fields.number(value)
    if seconds is None:
        moment = _moment(value)
        if moment is None:
            return None
        # The vendor's own clock wrote both, whatever ours shows.
        seconds = (moment - (_moment(headers.get("Date", "")) or datetime.now(UTC))).total_seconds()
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def _moment(value: str) -> datetime | None:
    """Read an HTTP date; None for anything else."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
