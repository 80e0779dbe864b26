"""Hosts that break off, fall silent or send elsewhere: deadlines, broken answers and redirects."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadImage, ImageProblem, ResultError
from bot.media import Downloader
from bot.media.pace import LOWEST_RATE
from tests.support.file_hosts import (
    MP4,
    Handler,
    answering,
    clip_into,
    everything_in,
    host,
    png,
    raw_host,
    silent,
)


async def test_a_host_that_falls_silent_is_given_up_at_the_deadline(tmp_path: Path) -> None:
    async with Downloader(allow_private=True, clip_seconds=0.3, image_seconds=0.3) as downloader, host(silent) as url:
        with pytest.raises(ResultError) as caught:
            await clip_into(downloader, url, tmp_path / "0.mp4")
        assert (caught.value.problem, caught.value.final) == ("too_slow", False)
        with pytest.raises(ResultError) as caught:
            await downloader.result_image(url)
        assert (caught.value.problem, caught.value.final) == ("too_slow", False)
        with pytest.raises(BadImage) as refused:
            await downloader.image(url)
        assert refused.value.problem is ImageProblem.UNREACHABLE
    assert everything_in(tmp_path) == []


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + MP4[:100],
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n" + MP4[:100] + b"\r\n",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
    ],
    ids=["hangs up", "short", "short chunks", "not http", "negative length"],
)
async def test_a_broken_answer_may_be_tried_again(downloader: Downloader, tmp_path: Path, answer: bytes) -> None:
    async with raw_host(answer) as url:
        with pytest.raises(ResultError) as caught:
            await clip_into(downloader, url, tmp_path / "0.mp4")
    assert (caught.value.problem, caught.value.final) == ("unreachable", False)
    assert everything_in(tmp_path) == []


async def test_a_host_that_is_not_there_may_be_tried_again(downloader: Downloader, tmp_path: Path) -> None:
    async with raw_host(b"") as url:
        pass
    with pytest.raises(ResultError) as caught:
        await clip_into(downloader, url, tmp_path / "0.mp4")
    assert (caught.value.problem, caught.value.final) == ("unreachable", False)


async def test_three_redirects_are_followed_and_no_fourth(downloader: Downloader) -> None:
    def hops(count: int) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            done = int(request.query.get("done", 0))
            if done < count:
                raise web.HTTPFound(f"?done={done + 1}")
            return web.Response(body=png())

        return handler

    async with host(hops(3)) as url:
        assert (await downloader.image(url)).width == 32
    async with host(hops(4)) as url:
        with pytest.raises(BadImage) as caught:
            await downloader.image(url)
    assert caught.value.problem is ImageProblem.GONE


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://user:word@127.0.0.1/"])
async def test_a_redirect_to_another_scheme_or_with_credentials_is_forbidden(
    downloader: Downloader, location: str
) -> None:
    async with raw_host(f"HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n".encode()) as url:
        with pytest.raises(BadImage) as caught:
            await downloader.image(url)
    assert caught.value.problem is ImageProblem.FORBIDDEN_ADDRESS


@pytest.mark.parametrize(
    "header", ["", "Location: //\r\n", "Location: http://[::1\r\n", "Location: http://\xff\xfe/\r\n"]
)
async def test_a_redirect_to_nowhere_is_a_refusal(downloader: Downloader, header: str) -> None:
    async with raw_host(f"HTTP/1.1 302 Found\r\n{header}\r\n".encode("latin-1")) as url:
        with pytest.raises(BadImage) as caught:
            await downloader.image(url)
    assert caught.value.problem in (ImageProblem.GONE, ImageProblem.FORBIDDEN_ADDRESS, ImageProblem.UNREACHABLE)


async def test_the_environments_proxy_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with raw_host(b"HTTP/1.1 502 Bad Gateway\r\n\r\n") as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy)
        async with Downloader(allow_private=True) as downloader, host(answering(png())) as url:
            assert (await downloader.image(url)).width == 32


def trickling(pause: float, piece: bytes = b"x", pieces: int = 10_000) -> Handler:
    """Send a body that begins like an MP4 piece by piece."""

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(MP4[:32])
        for _ in range(pieces):
            await response.write(piece)
            await asyncio.sleep(pause)
        return response

    return handler


async def test_a_host_that_trickles_is_given_up_long_before_the_deadline(tmp_path: Path) -> None:
    async with Downloader(allow_private=True, rate_seconds=0.3) as downloader, host(trickling(0.02)) as url:
        begun = time.monotonic()
        with pytest.raises(ResultError) as caught:
            await clip_into(downloader, url, tmp_path / "1.mp4")
        assert (caught.value.problem, caught.value.final) == ("too_slow", False)
        with pytest.raises(BadImage) as refused:
            await downloader.image(url)
        assert refused.value.problem is ImageProblem.UNREACHABLE
        assert time.monotonic() - begun < 5


async def test_a_host_whose_header_trickles_is_given_up(tmp_path: Path) -> None:
    hung_up = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nServer: ")
        with suppress(ConnectionError):
            while not reader.at_eof():
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.02)
        writer.close()
        hung_up.set()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with Downloader(allow_private=True, header_seconds=0.3) as downloader, server:
        port = server.sockets[0].getsockname()[1]
        begun = time.monotonic()
        with pytest.raises(ResultError) as caught:
            await clip_into(downloader, f"http://127.0.0.1:{port}/", tmp_path / "1.mp4")
        assert caught.value.problem == "too_slow"
        assert time.monotonic() - begun < 5
        await hung_up.wait()


async def test_a_host_that_is_slow_and_keeps_the_lowest_rate_is_heard_to_its_end(tmp_path: Path) -> None:
    rate_seconds = 0.3
    enough = trickling(0.1, bytes(int(LOWEST_RATE * rate_seconds)), 10)
    async with Downloader(allow_private=True, rate_seconds=rate_seconds) as downloader, host(enough) as url:
        assert await clip_into(downloader, url, tmp_path / "1.mp4") == 32 + 10 * int(LOWEST_RATE * rate_seconds)


@pytest.mark.parametrize("allow_private", [True, False])
@pytest.mark.parametrize(
    "link",
    [
        "https://8.8.8.8:99999/",
        "https://8.8.8.8:65536/",
        "https://8.8.8.8:0/",
        "https://8.8.8.8:-1/",
        "https://[::1]:99999/",
        "https://8.8.8.8:99999999999999999999/",
        "https://xn--/",
        "https://a..b/",
        f"https://{'a' * 300}.com/",
        "https://\ud800/",
    ],
)
async def test_a_link_that_leads_nowhere_is_a_refusal(*, allow_private: bool, link: str) -> None:
    async with Downloader(allow_private=allow_private, image_seconds=5) as downloader:
        with pytest.raises(BadImage) as caught:
            await downloader.image(link)
    assert caught.value.problem in (ImageProblem.GONE, ImageProblem.UNREACHABLE)


HOSTS = st.one_of(st.text(max_size=20), st.from_regex(r"[0-9.\[\]:a-f]{1,20}", fullmatch=True))


PORTS = st.one_of(st.just(""), st.integers(-10, 10**20).map(lambda port: f":{port}"), st.text(max_size=5))


async def test_no_link_ends_in_another_error() -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        raise OSError

    async with Downloader(allow_private=False, resolve=resolve) as downloader:
        loop = asyncio.get_running_loop()

        @given(HOSTS, PORTS)
        def fetch(name: str, port: str) -> None:
            for link in (f"https://{name}{port}/", f"{name}{port}"):
                with pytest.raises(BadImage):
                    asyncio.run_coroutine_threadsafe(downloader.image(link), loop).result()

        await asyncio.to_thread(fetch)
