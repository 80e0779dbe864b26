"""Fetch images and clips from hosts that nobody vouches for."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from functools import cache
from types import TracebackType
from typing import Self

import aiohttp
import httpx
import yarl

from bot.errors import BadImage, ImageProblem, ResultError
from bot.media.content import is_media
from bot.media.executor import run_in_image_thread
from bot.media.images import (
    MAX_IMAGE_BYTES,
    CheckedImage,
    check_for_card,
    check_image,
    check_result,
)
from bot.media.mp4_writer import NOT_AN_MP4, Mp4Writer
from bot.media.pace import HEADER_SECONDS, RATE_SECONDS, Pace
from bot.media.ssrf import (
    ForbiddenAddressError,
    MakeSocket,
    Resolve,
    guarded_connector,
    plain_socket,
    resolve_host,
)
from bot.media.store import NewFile

MAX_CLIP_BYTES = 200 * 1024 * 1024
MAX_RESULT_BYTES = 64 * 1024 * 1024
"""Bytes of a finished image, of which a fourfold upscale as PNG has the most."""

MAX_REDIRECTS = 3
IMAGE_SECONDS = 30.0
CLIP_SECONDS = 300.0

_STEP_TIMEOUTS = aiohttp.ClientTimeout(connect=20.0, sock_connect=10.0, sock_read=20.0)
"""Seconds that each single step of a request may take: to have a connection, to make one, and to hear more."""

_CONNECTIONS = 50
_KEEPALIVE_SECONDS = 5.0

_REDIRECTS = (301, 302, 303, 307, 308)
_PASSING_STATUSES = (408, 425, 429)
TOO_LARGE = "too_large"
_TOLD_BY_CONTENT = (TOO_LARGE, NOT_AN_MP4)

_IMAGE_PROBLEMS = {
    "forbidden_address": ImageProblem.FORBIDDEN_ADDRESS,
    TOO_LARGE: ImageProblem.TOO_LARGE,
}

USER_AGENT = "Animatic"
"""What hosts of members' images are told that we are."""

# Compressed bodies are not asked for: a cap on what arrives is then a cap on what is kept.
_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity"}

Sink = Callable[[bytes], Awaitable[None]]


class Downloader:
    """Fetch over https from public addresses only, with caps on size, time and redirects; one per process.

    `allow_private` lifts the first two. `result_user_agent` is what the hosts of results are told that we are.
    `resolve` looks hosts up, `make_socket` makes what is connected, `trusted` says whose certificates count; the
    deadlines are seconds for a whole download, that of clips for all results, and `header_seconds` and `rate_seconds`
    for parts of it. To be made where an event loop runs.
    """

    def __init__(
        self,
        *,
        allow_private: bool,
        result_user_agent: str = USER_AGENT,
        resolve: Resolve = resolve_host,
        make_socket: MakeSocket = plain_socket,
        trusted: ssl.SSLContext | None = None,
        image_seconds: float = IMAGE_SECONDS,
        clip_seconds: float = CLIP_SECONDS,
        header_seconds: float = HEADER_SECONDS,
        rate_seconds: float = RATE_SECONDS,
    ) -> None:
        self._allow_private = allow_private
        self._result_user_agent = result_user_agent
        self._image_seconds = image_seconds
        self._clip_seconds = clip_seconds
        self._header_seconds = header_seconds
        self._rate_seconds = rate_seconds
        connector = guarded_connector(
            allow_private=allow_private,
            resolve=resolve,
            make_socket=make_socket,
            trusted=trusted or public_authorities(),
            connections=_CONNECTIONS,
            keepalive_seconds=_KEEPALIVE_SECONDS,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            headers=_HEADERS,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=_STEP_TIMEOUTS,
            auto_decompress=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._session.close()

    async def image(self, url: str, role: str = "start", *, for_card: bool = False) -> CheckedImage:
        """Fetch an image and check it by decoding it; `for_card` tells that its copy for a card is wanted next.

        Raises `BadImage`: GONE (any refusal by the host), FORBIDDEN_ADDRESS, TOO_LARGE, UNREACHABLE (network
        trouble: trying again may help), or what `check_image` finds.
        """
        check = check_for_card if for_card else check_image
        return await run_in_image_thread(check, await self.unchecked(url, role), role)

    async def unchecked(self, url: str, role: str = "start") -> bytes:
        """Fetch what is to be an image and is still to be checked; raises `BadImage` as `image` does."""
        try:
            return await self._fetch_bytes(url, MAX_IMAGE_BYTES, self._image_seconds, USER_AGENT)
        except ResultError as error:
            problem = ImageProblem.GONE if error.final else ImageProblem.UNREACHABLE
            problem = _IMAGE_PROBLEMS.get(error.problem, problem)
            limit = MAX_IMAGE_BYTES if problem is ImageProblem.TOO_LARGE else None
            raise BadImage(problem, role, limit) from error

    async def result_image(self, url: str) -> CheckedImage:
        """Fetch a provider's finished PNG, JPEG or WebP image and check it by decoding it.

        Raises `ResultError` as `clip` does, and final for too_many_pixels and for a file of another kind; not final for
        broken, which an image is too when it was cut short on its way.
        """
        with _link_may_recover():
            data = await self._fetch_bytes(url, MAX_RESULT_BYTES, self._clip_seconds, self._result_user_agent)
        try:
            return await run_in_image_thread(check_result, data)
        except BadImage as error:
            surely_another = error.problem is ImageProblem.NOT_AN_IMAGE and is_media(data)
            final = surely_another or error.problem is ImageProblem.TOO_MANY_PIXELS
            raise ResultError(error.problem, final=final) from error

    async def clip(self, url: str, file: NewFile) -> int:
        """Fetch an MP4 into a file that must not appear before it is whole; gives its size in bytes.

        Raises `ResultError`, final for a file that is too large or of another kind (the first box of an MP4 is `ftyp`:
        ISO/IEC 14496-12, section 4.3); not final for whatever the link or its host may still recover from, a page or
        nothing in place of the file included; OSError where the file cannot be written.
        """
        with _link_may_recover():
            received = Mp4Writer(file)
            await self._fetch(url, MAX_CLIP_BYTES, self._clip_seconds, self._result_user_agent, received.take)
            return await received.finish()

    async def _fetch_bytes(self, url: str, cap: int, seconds: float, user_agent: str) -> bytes:
        """Fetch a body into memory; raises `ResultError`."""
        data = bytearray()

        async def collect(chunk: bytes) -> None:
            data.extend(chunk)

        await self._fetch(url, cap, seconds, user_agent, collect)
        return bytes(data)

    async def _fetch(self, url: str, cap: int, seconds: float, user_agent: str, sink: Sink) -> None:
        """Hand a body to `sink` piece by piece; raises `ResultError`."""
        try:
            async with asyncio.timeout(seconds), asyncio.timeout(None) as slow:
                pace = Pace(slow, self._header_seconds, self._rate_seconds)
                async with self._open(url, user_agent, pace) as response:
                    size = 0
                    async for chunk in response.content.iter_any():
                        size += len(chunk)
                        if size > cap:
                            raise ResultError(TOO_LARGE, final=True)
                        with pace.received(len(chunk)):
                            await sink(chunk)
        except ForbiddenAddressError:
            raise ResultError("forbidden_address", final=True) from None
        except aiohttp.ClientError as error:  # a single step that took too long among them
            raise ResultError("unreachable") from error
        except TimeoutError:
            raise ResultError("too_slow") from None

    @asynccontextmanager
    async def _open(self, url: str, user_agent: str, pace: Pace) -> AsyncGenerator[aiohttp.ClientResponse]:
        """Follow redirects by hand, so that each hop is checked as the first was; each must begin to answer in time."""
        link = self._checked(url)
        for _ in range(MAX_REDIRECTS + 1):
            pace.expect_answer()
            async with self._session.get(
                _target(link), headers={"User-Agent": user_agent}, allow_redirects=False
            ) as response:
                if response.status not in _REDIRECTS:
                    _refuse_unless_ok(response.status)
                    pace.expect_body()
                    yield response
                    return
                link = self._checked(_location(response), base=link)
        raise ResultError("too_many_redirects", final=True)

    def _checked(self, url: str, base: httpx.URL | None = None) -> httpx.URL:
        """Read a link; its scheme must be https (or http where private addresses are allowed), without credentials."""
        try:
            link = base.join(url) if base else httpx.URL(url)
            host, port = link.host, link.port
        except (httpx.InvalidURL, ValueError, TypeError):
            raise ResultError("bad_link", final=True) from None
        if port is not None and not 0 < port < 65536:
            raise ResultError("bad_link", final=True)
        schemes = ("https", "http") if self._allow_private else ("https",)
        if link.scheme not in schemes or not host or link.userinfo:
            raise ResultError("forbidden_address", final=True)
        return link


@cache
def public_authorities() -> ssl.SSLContext:
    """Read once whose certificates are trusted: that takes as long as many downloads do."""
    return ssl.create_default_context()


@contextmanager
def _link_may_recover() -> Generator[None]:
    """Let nothing be final about a result's link but what it led to."""
    try:
        yield
    except ResultError as error:
        raise replace(error, final=error.final and error.problem in _TOLD_BY_CONTENT) from error


def _target(link: httpx.URL) -> yarl.URL:
    """Hand a link on as it is written; raises `ResultError` for a host that cannot be one."""
    try:
        return yarl.URL(str(link), encoded=True)
    except ValueError:
        raise ResultError("bad_link", final=True) from None


def _location(response: aiohttp.ClientResponse) -> str:
    location = response.headers.get("Location")
    if location is None:
        raise ResultError("bad_link", final=True)
    return location


def _refuse_unless_ok(status: int) -> None:
    if status != 200:
        final = 400 <= status < 500 and status not in _PASSING_STATUSES
        raise ResultError("gone" if status in (404, 410) else f"http_{status}", final=final)
