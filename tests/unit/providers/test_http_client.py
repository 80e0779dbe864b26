"""The shared client over real loopback sockets: resets, silence, floods and wishes to wait."""

import asyncio
import gzip
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ErrorKind, ProviderError
from bot.providers import http_client as client
from bot.providers.http_client import ApiClient, ErrorMapping

Handler = Callable[[web.Request], Coroutine[Any, Any, web.StreamResponse]]


@asynccontextmanager
async def speaking_to(url: str) -> AsyncGenerator[ApiClient]:
    api = ApiClient(url, {"TT-API-KEY": "key"}, ErrorMapping())
    try:
        yield api
    finally:
        await api.aclose()


@asynccontextmanager
async def vendor(handler: Handler) -> AsyncGenerator[ApiClient]:
    app = web.Application()
    app.router.add_route("*", "/{name:.*}", handler)
    async with TestServer(app) as server, speaking_to(str(server.make_url("/"))) as api:
        yield api


@asynccontextmanager
async def raw_vendor(answer: bytes, *, reset: bool = False) -> AsyncGenerator[ApiClient]:
    """Read the request, answer with bytes as they are, and hang up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if reset:
            writer.transport.abort()
            return
        writer.write(answer)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server, speaking_to(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as api:
        yield api


async def submit_error(api: ApiClient) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await api.submit("/submit", {"prompt": "boat"})
    return caught.value


async def ask_error(api: ApiClient) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await api.ask("GET", "/fetch", params={"jobId": "x"})
    return caught.value


async def test_each_call_is_told_of_with_its_end() -> None:
    heard: list[tuple[str, str]] = []

    def watch(call: str, outcome: str, seconds: float) -> None:
        assert 0 <= seconds < 10
        heard.append((call, outcome))

    async def agree(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"ok": True})

    async def limit(_: httpx.Request) -> httpx.Response:
        return httpx.Response(429, json={"message": "slow down"})

    async def hang_up(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("gone")

    for answer in (agree, limit, hang_up):
        api = ApiClient("https://a.example", {}, ErrorMapping(), httpx.MockTransport(answer), watch)
        for call in (api.submit("/submit", {}), api.ask("GET", "/fetch")):
            with suppress(ProviderError):
                await call
        await api.aclose()
    assert heard == [
        ("submit", "ok"),
        ("ask", "ok"),
        ("submit", "rate_limited"),
        ("ask", "rate_limited"),
        ("submit", "outcome_unknown"),
        ("ask", "unreachable"),
    ]


async def silence(_: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    return web.Response()


async def test_json_goes_there_and_back() -> None:
    async def echo(request: web.Request) -> web.StreamResponse:
        return web.json_response({"sent": await request.json(), "encoding": request.headers["Accept-Encoding"]})

    async with vendor(echo) as api:
        answer = await api.submit("/submit", {"prompt": "ein Schiffchen ⛵"})
    assert answer == {"sent": {"prompt": "ein Schiffchen ⛵"}, "encoding": "identity"}


async def test_a_base_url_may_have_a_path_of_its_own() -> None:
    async def path(request: web.Request) -> web.StreamResponse:
        return web.json_response({"path": request.path})

    app = web.Application()
    app.router.add_route("*", "/{name:.*}", path)
    async with TestServer(app) as server, speaking_to(str(server.make_url("/gateway/ttapi/"))) as api:
        assert await api.submit("/midjourney/video/submit", {}) == {"path": "/gateway/ttapi/midjourney/video/submit"}


async def test_a_closed_port_was_surely_not_reached() -> None:
    async with raw_vendor(b"") as api:
        pass
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await server.wait_closed()
    async with speaking_to(url) as api:
        error = await submit_error(api)
        assert (error.kind, error.accepted, error.is_transient) == (ErrorKind.UNREACHABLE, "no", True)
        assert (await ask_error(api)).kind is ErrorKind.UNREACHABLE


@pytest.mark.parametrize(
    ("answer", "reset"),
    [
        (b"", True),
        (b"", False),
        (b"HTTP/1.1 200 OK\r\nContent-Le", False),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"data":', False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", False),
        (b"NOT HTTP AT ALL\r\n\r\n", False),
    ],
    ids=["reset", "hangs up", "half a header", "half a body", "bad chunk", "not http"],
)
async def test_an_answer_that_breaks_off_is_ambiguous_for_a_submit_only(answer: bytes, reset: bool) -> None:
    async with raw_vendor(answer, reset=reset) as api:
        error = await submit_error(api)
        assert (error.kind, error.accepted, error.is_transient) == (ErrorKind.OUTCOME_UNKNOWN, "maybe", False)
        assert ((await ask_error(api)).kind, (await ask_error(api)).accepted) == (ErrorKind.UNREACHABLE, "yes")


async def test_silence_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "SUBMIT_TIMEOUT", 0.2)
    monkeypatch.setattr(client, "POLL_TIMEOUT", 0.2)
    async with vendor(silence) as api:
        assert (await submit_error(api)).kind is ErrorKind.OUTCOME_UNKNOWN
        assert (await ask_error(api)).kind is ErrorKind.UNREACHABLE


async def test_a_body_that_drips_for_ever_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.01)

    monkeypatch.setattr(client, "SUBMIT_TIMEOUT", 0.2)
    async with vendor(drip) as api:
        assert (await submit_error(api)).accepted == "maybe"


async def test_a_flood_is_cut_off() -> None:
    sent = 0

    async def flood(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(1 << 18))
            sent += 1 << 18

    async with vendor(flood) as api:
        error = await submit_error(api)
    assert (error.kind, error.accepted) == (ErrorKind.BAD_RESPONSE, "maybe")
    assert sent < 16 * client.MAX_BODY


async def test_an_answer_that_is_packed_unasked_is_read_all_the_same() -> None:
    async def packed(_: web.Request) -> web.StreamResponse:
        return web.Response(body=gzip.compress(b'{"data": 1}'), headers={"Content-Encoding": "gzip"})

    async with vendor(packed) as api:
        assert await api.submit("/submit", {}) == {"data": 1}


@pytest.mark.parametrize("body", [gzip.compress(bytes(8 << 20)), b"not gzip"], ids=["bomb", "nonsense"])
async def test_a_packed_answer_that_cannot_be_unpacked_is_ambiguous(body: bytes) -> None:
    async def packed(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, headers={"Content-Encoding": "gzip"})

    async with vendor(packed) as api:
        assert (await submit_error(api)).accepted == "maybe"


async def test_a_cancelled_call_stays_cancelled() -> None:
    begun = asyncio.Event()

    async def handler(request: web.Request) -> web.StreamResponse:
        begun.set()
        return await silence(request)

    async with vendor(handler) as api:
        task = asyncio.create_task(api.submit("/submit", {}))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_the_environments_proxy_never_sees_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fine(_: web.Request) -> web.StreamResponse:
        return web.json_response({"data": 1})

    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with vendor(fine) as api:
        assert await api.submit("/submit", {}) == {"data": 1}


async def retry_after(value: str, **headers: str) -> float | None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(429, headers={"Retry-After": value, **headers})

    return (
        await submit_error(ApiClient("https://a.example", {}, ErrorMapping(), httpx.MockTransport(answer)))
    ).retry_after


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("-4", 0),
        ("1.5", 1.5),
        ("99999999", 3600),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600),
        ("Fri, 99 Foo 2026", None),
    ],
)
async def test_retry_after_is_read_and_bounded(value: str, seconds: float | None) -> None:
    assert await retry_after(value) == seconds


async def test_retry_after_may_be_a_date() -> None:
    seconds = await retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=300), usegmt=True))
    assert seconds is not None
    assert 200 < seconds <= 300


async def test_a_date_to_retry_after_is_read_by_the_vendors_own_clock() -> None:
    asked = "Wed, 18 Nov 2026 06:05:00 GMT"
    assert await retry_after(asked, Date="Wed, 18 Nov 2026 06:00:00 GMT") == 300


@given(st.text(max_size=3000))
async def test_a_vendors_words_become_one_short_line(message: str) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(400, json={"error": {"message": message}})

    error = await submit_error(ApiClient("https://a.example", {}, ErrorMapping(), httpx.MockTransport(answer)))
    assert len(error.message) <= 500
    assert error.message == "" or error.message.isprintable()
    error.message.encode()
