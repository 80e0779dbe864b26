"""Films over real loopback sockets: they appear whole in the media store, or not at all."""

import asyncio
import errno
from pathlib import Path

import pytest
from aiohttp import web

from bot.errors import ResultError
from bot.media import Downloader, download
from tests.support.file_hosts import (
    MP4,
    answering,
    clip_into,
    endless,
    everything_in,
    host,
    png,
    silent,
)


async def test_a_clip_is_written_whole_with_its_folder(downloader: Downloader, tmp_path: Path) -> None:
    to = tmp_path / "job" / "0.mp4"
    async with host(answering(MP4)) as url:
        assert await clip_into(downloader, url, to) == len(MP4)
    assert to.read_bytes() == MP4
    assert everything_in(tmp_path) == ["job", "job/0.mp4"]


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (404, "gone"),
        (410, "gone"),
        (403, "http_403"),
        (429, "http_429"),
        (500, "http_500"),
        (503, "http_503"),
        (204, "http_204"),
    ],
)
async def test_a_refused_clip_may_come_later(downloader: Downloader, tmp_path: Path, status: int, problem: str) -> None:
    async with host(answering(MP4 if status != 204 else b"", status)) as url:
        with pytest.raises(ResultError) as caught:
            await clip_into(downloader, url, tmp_path / "0.mp4")
    assert (caught.value.problem, caught.value.final) == (problem, False)
    assert everything_in(tmp_path) == []


@pytest.mark.parametrize(
    ("body", "final"),
    [
        (b"", False),
        (b"abc", False),
        (b"<html>" + bytes(5_000), False),
        (b'{"error": "not yet"}', False),
        (b"\0\0\0\x18moov" + bytes(99), False),
        (png(), True),
        (b"RIFF\0\0\0\0WEBPVP8 " + bytes(99), True),
        (b"\x1a\x45\xdf\xa3" + bytes(99), True),
    ],
)
async def test_only_a_clip_that_is_surely_something_else_is_refused_for_good(
    downloader: Downloader, tmp_path: Path, body: bytes, final: bool
) -> None:
    async with host(answering(body, headers={"Content-Type": "video/mp4"})) as url:
        with pytest.raises(ResultError) as caught:
            await clip_into(downloader, url, tmp_path / "0.mp4")
    assert (caught.value.problem, caught.value.final) == ("not_an_mp4", final)
    assert everything_in(tmp_path) == []


async def test_hosts_of_results_are_told_what_a_browser_would_say_and_those_of_members_are_not(tmp_path: Path) -> None:
    agents: list[str] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        agents.append(request.headers["User-Agent"])
        return web.Response(body=MP4 if request.path.endswith(".mp4") else png())

    async with Downloader(allow_private=True, result_user_agent="Mozilla/5.0 (X11)") as fetcher, host(handler) as url:
        await clip_into(fetcher, f"{url}/0.mp4", tmp_path / "0.mp4")
        await fetcher.result_image(f"{url}/0.png")
        await fetcher.image(f"{url}/0.png")
    assert agents == ["Mozilla/5.0 (X11)", "Mozilla/5.0 (X11)", "Animatic"]


async def test_an_mp4_that_arrives_byte_by_byte_is_known_all_the_same(downloader: Downloader, tmp_path: Path) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for number in range(40):
            await response.write(MP4[number : number + 1])
        return response

    async with host(handler) as url:
        assert await clip_into(downloader, url, tmp_path / "0.mp4") == 40


async def test_a_clip_larger_than_allowed_leaves_nothing(
    downloader: Downloader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MAX_CLIP_BYTES", 3_000_000)
    async with host(endless(MP4[: 1 << 20])) as url:
        with pytest.raises(ResultError) as caught:
            await clip_into(downloader, url, tmp_path / "0.mp4")
    assert (caught.value.problem, caught.value.final) == ("too_large", True)
    assert everything_in(tmp_path) == []


async def test_a_cancelled_download_leaves_nothing(downloader: Downloader, tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def handler(request: web.Request) -> web.StreamResponse:
        begun.set()
        return await silent(request)

    async with host(handler) as url:
        task = asyncio.create_task(clip_into(downloader, url, tmp_path / "0.mp4"))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert everything_in(tmp_path) == []


class FullDisk:
    """A file that nothing can be written into any more."""

    async def write(self, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


async def test_a_disk_that_is_full_is_not_the_hosts_fault(downloader: Downloader) -> None:
    async with host(answering(MP4)) as url:
        with pytest.raises(OSError, match="No space left"):
            await downloader.clip(url, FullDisk())
