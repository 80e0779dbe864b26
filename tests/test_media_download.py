"""Downloads over real loopback sockets: caps, deadlines, redirects, and files that appear whole or not at all."""

import asyncio
import io
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from bot.errors import BadPicture, PictureProblem, ResultError
from bot.media import MAX_PICTURE_BYTES, Downloader, download
from tests.test_media_pictures import picture, png_that_claims

MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(range(256)) * 12_000

Handler = Callable[[web.Request], Coroutine[Any, Any, web.StreamResponse]]


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (32, 24), "teal").save(out, "PNG")
    return out.getvalue()


@asynccontextmanager
async def host(handler: Handler) -> AsyncGenerator[str]:
    app = web.Application()
    app.router.add_get("/{name:.*}", handler)
    async with TestServer(app) as server:
        yield str(server.make_url("/file"))


@asynccontextmanager
async def raw_host(answer: bytes) -> AsyncGenerator[str]:
    """Answer with bytes as they are and hang up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/file"


@pytest.fixture
async def downloader() -> AsyncIterator[Downloader]:
    async with Downloader(allow_private=True) as downloader:
        yield downloader


def everything_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def answering(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Handler:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, status=status, headers=headers)

    return handler


def endless(piece: bytes) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(piece)
            await asyncio.sleep(0)

    return handler


async def silent(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(MP4[:100])
    await asyncio.Event().wait()
    return response


async def test_a_picture_is_fetched_and_checked(downloader: Downloader) -> None:
    async with host(answering(png())) as url:
        checked = await downloader.picture(url)
    assert (checked.width, checked.height, checked.extension) == (32, 24, "png")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_finished_picture_is_fetched_and_checked(downloader: Downloader, kind: str) -> None:
    body = picture(kind, (320, 240))
    async with host(answering(body, headers={"Content-Type": "application/octet-stream"})) as url:
        result = await downloader.result_picture(url)
    assert (result.width, result.height, result.data) == (320, 240, body)


@pytest.mark.parametrize(
    ("body", "problem", "final"),
    [
        (b"", "not_a_picture", True),
        (b"<html>" + bytes(5_000), "not_a_picture", True),
        (MP4, "not_a_picture", True),
        (picture("GIF"), "not_a_picture", True),
        (png_that_claims(20_000, 20_000), "too_many_pixels", True),
        (picture("PNG")[:-500], "broken", False),
    ],
    ids=["empty", "html", "mp4", "gif", "bomb", "cut short"],
)
async def test_a_result_that_is_no_picture_is_refused(
    downloader: Downloader, body: bytes, problem: str, final: bool
) -> None:
    async with host(answering(body, headers={"Content-Type": "image/png"})) as url:
        with pytest.raises(ResultError) as caught:
            await downloader.result_picture(url)
    assert (caught.value.problem, caught.value.final) == (problem, final)


@pytest.mark.parametrize(
    ("status", "problem", "final"),
    [(404, "gone", True), (403, "http_403", True), (429, "http_429", False), (503, "http_503", False)],
)
async def test_a_refused_result_says_whether_to_try_again(
    downloader: Downloader, status: int, problem: str, final: bool
) -> None:
    async with host(answering(png(), status)) as url:
        with pytest.raises(ResultError) as caught:
            await downloader.result_picture(url)
    assert (caught.value.problem, caught.value.final) == (problem, final)


async def test_a_result_may_be_larger_than_a_members_picture_and_not_endless(
    downloader: Downloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    heavy = png() + bytes(MAX_PICTURE_BYTES)
    async with host(answering(heavy)) as url:
        assert len((await downloader.result_picture(url)).data) == len(heavy)
    monkeypatch.setattr(download, "MAX_RESULT_BYTES", 3_000_000)
    for handler in (answering(bytes(3_000_001)), endless(bytes(1 << 20))):
        async with host(handler) as url:
            with pytest.raises(ResultError) as caught:
                await downloader.result_picture(url)
        assert (caught.value.problem, caught.value.final) == ("too_large", True)


async def test_results_come_from_public_addresses_only() -> None:
    async with Downloader(allow_private=False) as downloader:
        for url in ("https://127.0.0.1/grid.png", "http://127.0.0.1/grid.png", "file:///etc/passwd"):
            with pytest.raises(ResultError) as caught:
                await downloader.result_picture(url)
            assert (caught.value.problem, caught.value.final) == ("forbidden_address", True)


async def test_a_clip_is_written_whole_with_its_folder(downloader: Downloader, tmp_path: Path) -> None:
    to = tmp_path / "job" / "0.mp4"
    async with host(answering(MP4)) as url:
        assert await downloader.clip(url, to) == len(MP4)
    assert to.read_bytes() == MP4
    assert everything_in(tmp_path) == ["job", "job/0.mp4"]


async def test_the_request_asks_for_uncompressed_bytes_and_names_the_host(downloader: Downloader) -> None:
    seen: list[web.Request] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append(request)
        return web.Response(body=png())

    async with host(handler) as url:
        await downloader.picture(f"{url}?ex=1&hm=a%20b")
        assert seen[0].headers["Accept-Encoding"] == "identity"
        assert f"http://{seen[0].headers['Host']}/file" == url
        assert seen[0].raw_path == "/file?ex=1&hm=a%20b"
    assert not {"Cookie", "Authorization"} & set(seen[0].headers)


@pytest.mark.parametrize(
    ("status", "problem", "final"),
    [
        (404, "gone", True),
        (410, "gone", True),
        (403, "http_403", True),
        (429, "http_429", False),
        (500, "http_500", False),
        (503, "http_503", False),
        (204, "http_204", False),
    ],
)
async def test_a_refused_clip_says_whether_to_try_again(
    downloader: Downloader, tmp_path: Path, status: int, problem: str, final: bool
) -> None:
    async with host(answering(MP4 if status != 204 else b"", status)) as url:
        with pytest.raises(ResultError) as caught:
            await downloader.clip(url, tmp_path / "0.mp4")
    assert (caught.value.problem, caught.value.final) == (problem, final)
    assert everything_in(tmp_path) == []


@pytest.mark.parametrize(
    ("status", "problem"),
    [(404, PictureProblem.GONE), (403, PictureProblem.GONE), (502, PictureProblem.UNREACHABLE)],
)
async def test_a_refused_picture_says_why(downloader: Downloader, status: int, problem: PictureProblem) -> None:
    async with host(answering(b"", status)) as url:
        with pytest.raises(BadPicture) as caught:
            await downloader.picture(url, "end")
    assert (caught.value.problem, caught.value.place) == (problem, "end")


@pytest.mark.parametrize("body", [b"", b"abc", b"<html>" + bytes(5_000), png(), b"\0\0\0\x18moov" + bytes(99)])
async def test_a_clip_that_is_no_mp4_is_refused_for_good(downloader: Downloader, tmp_path: Path, body: bytes) -> None:
    async with host(answering(body, headers={"Content-Type": "video/mp4"})) as url:
        with pytest.raises(ResultError) as caught:
            await downloader.clip(url, tmp_path / "0.mp4")
    assert (caught.value.problem, caught.value.final) == ("not_an_mp4", True)
    assert everything_in(tmp_path) == []


async def test_an_mp4_that_arrives_byte_by_byte_is_known_all_the_same(downloader: Downloader, tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for number in range(40):
            await response.write(MP4[number : number + 1])
        return response

    async with host(handler) as url:
        assert await downloader.clip(url, tmp_path / "0.mp4") == 40


async def test_a_picture_larger_than_allowed_is_cut_off_whatever_its_length_claims(downloader: Downloader) -> None:
    async with host(endless(bytes(1 << 20))) as url:
        with pytest.raises(BadPicture) as caught:
            await downloader.picture(url)
    assert (caught.value.problem, caught.value.limit) == (PictureProblem.TOO_LARGE, MAX_PICTURE_BYTES)


async def test_a_clip_larger_than_allowed_leaves_nothing(
    downloader: Downloader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MAX_CLIP_BYTES", 3_000_000)
    async with host(endless(MP4[: 1 << 20])) as url:
        with pytest.raises(ResultError) as caught:
            await downloader.clip(url, tmp_path / "0.mp4")
    assert (caught.value.problem, caught.value.final) == ("too_large", True)
    assert everything_in(tmp_path) == []


async def test_a_host_that_falls_silent_is_given_up_at_the_deadline(tmp_path: Path) -> None:
    async with Downloader(allow_private=True, clip_seconds=0.3, picture_seconds=0.3) as downloader, host(silent) as url:
        with pytest.raises(ResultError) as caught:
            await downloader.clip(url, tmp_path / "0.mp4")
        assert (caught.value.problem, caught.value.final) == ("too_slow", False)
        with pytest.raises(ResultError) as caught:
            await downloader.result_picture(url)
        assert (caught.value.problem, caught.value.final) == ("too_slow", False)
        with pytest.raises(BadPicture) as refused:
            await downloader.picture(url)
        assert refused.value.problem is PictureProblem.UNREACHABLE
    assert everything_in(tmp_path) == []


async def test_a_cancelled_download_leaves_nothing(downloader: Downloader, tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def handler(request: web.Request) -> web.StreamResponse:
        begun.set()
        return await silent(request)

    async with host(handler) as url:
        task = asyncio.create_task(downloader.clip(url, tmp_path / "0.mp4"))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
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
        assert (await downloader.picture(url)).width == 32
    async with host(hops(4)) as url:
        with pytest.raises(BadPicture) as caught:
            await downloader.picture(url)
    assert caught.value.problem is PictureProblem.GONE


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://user:word@127.0.0.1/"])
async def test_a_redirect_to_another_scheme_or_with_credentials_is_forbidden(
    downloader: Downloader, location: str
) -> None:
    async with raw_host(f"HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n".encode()) as url:
        with pytest.raises(BadPicture) as caught:
            await downloader.picture(url)
    assert caught.value.problem is PictureProblem.FORBIDDEN_ADDRESS


@pytest.mark.parametrize(
    "header", ["", "Location: //\r\n", "Location: http://[::1\r\n", "Location: http://\xff\xfe/\r\n"]
)
async def test_a_redirect_to_nowhere_is_a_refusal(downloader: Downloader, header: str) -> None:
    async with raw_host(f"HTTP/1.1 302 Found\r\n{header}\r\n".encode("latin-1")) as url:
        with pytest.raises(BadPicture) as caught:
            await downloader.picture(url)
    assert caught.value.problem in (PictureProblem.GONE, PictureProblem.FORBIDDEN_ADDRESS, PictureProblem.UNREACHABLE)


async def test_the_environments_proxy_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with raw_host(b"HTTP/1.1 502 Bad Gateway\r\n\r\n") as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy)
        async with Downloader(allow_private=True) as downloader, host(answering(png())) as url:
            assert (await downloader.picture(url)).width == 32
