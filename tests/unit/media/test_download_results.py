"""Finished pictures over real loopback sockets: what is refused, and whether trying again may help."""

import pytest

from bot.errors import ResultError
from bot.media import MAX_IMAGE_BYTES, Downloader, download
from tests.support.file_hosts import MP4, answering, endless, host, png
from tests.unit.media.test_images import picture, png_that_claims


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_finished_picture_is_fetched_and_checked(downloader: Downloader, kind: str) -> None:
    body = picture(kind, (320, 240))
    async with host(answering(body, headers={"Content-Type": "application/octet-stream"})) as url:
        result = await downloader.result_image(url)
    assert (result.width, result.height, result.data) == (320, 240, body)


@pytest.mark.parametrize(
    ("body", "problem", "final"),
    [
        (b"", "not_a_picture", False),
        (b"<html>" + bytes(5_000), "not_a_picture", False),
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
            await downloader.result_image(url)
    assert (caught.value.problem, caught.value.final) == (problem, final)


@pytest.mark.parametrize(
    ("status", "problem", "final"),
    [(404, "gone", False), (403, "http_403", False), (429, "http_429", False), (503, "http_503", False)],
)
async def test_a_refused_result_may_come_later(downloader: Downloader, status: int, problem: str, final: bool) -> None:
    async with host(answering(png(), status)) as url:
        with pytest.raises(ResultError) as caught:
            await downloader.result_image(url)
    assert (caught.value.problem, caught.value.final) == (problem, final)


async def test_a_result_may_be_larger_than_a_members_picture_and_not_endless(
    downloader: Downloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    heavy = png() + bytes(MAX_IMAGE_BYTES)
    async with host(answering(heavy)) as url:
        assert len((await downloader.result_image(url)).data) == len(heavy)
    monkeypatch.setattr(download, "MAX_RESULT_BYTES", 3_000_000)
    for handler in (answering(bytes(3_000_001)), endless(bytes(1 << 20))):
        async with host(handler) as url:
            with pytest.raises(ResultError) as caught:
                await downloader.result_image(url)
        assert (caught.value.problem, caught.value.final) == ("too_large", True)


async def test_results_come_from_public_addresses_only() -> None:
    async with Downloader(allow_private=False) as downloader:
        for url in ("https://127.0.0.1/grid.png", "http://127.0.0.1/grid.png", "file:///etc/passwd"):
            with pytest.raises(ResultError) as caught:
                await downloader.result_image(url)
            assert (caught.value.problem, caught.value.final) == ("forbidden_address", False)
