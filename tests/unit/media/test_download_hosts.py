"""Hosts that break off, fall silent or send elsewhere: deadlines, broken answers and redirects."""

from pathlib import Path

import pytest
from aiohttp import web

from bot.errors import BadImage, ImageProblem, ResultError
from bot.media import Downloader
from tests.support.file_hosts import (
    MP4,
    Handler,
    answering,
    everything_in,
    host,
    png,
    raw_host,
    silent,
)


async def test_a_host_that_falls_silent_is_given_up_at_the_deadline(tmp_path: Path) -> None:
    async with Downloader(allow_private=True, clip_seconds=0.3, image_seconds=0.3) as downloader, host(silent) as url:
        with pytest.raises(ResultError) as caught:
            await downloader.clip(url, tmp_path / "0.mp4")
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
            await downloader.clip(url, tmp_path / "0.mp4")
    assert (caught.value.problem, caught.value.final) == ("unreachable", False)
    assert everything_in(tmp_path) == []


async def test_a_host_that_is_not_there_may_be_tried_again(downloader: Downloader, tmp_path: Path) -> None:
    async with raw_host(b"") as url:
        pass
    with pytest.raises(ResultError) as caught:
        await downloader.clip(url, tmp_path / "0.mp4")
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
