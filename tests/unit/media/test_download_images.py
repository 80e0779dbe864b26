"""Members' pictures over real loopback sockets: checked, capped, and refused in words that say why."""

import pytest
from aiohttp import web

from bot.errors import BadImage, ImageProblem
from bot.media import MAX_IMAGE_BYTES, Downloader
from tests.support.file_hosts import answering, endless, host, png


async def test_a_picture_is_fetched_and_checked(downloader: Downloader) -> None:
    async with host(answering(png())) as url:
        checked = await downloader.image(url)
    assert (checked.width, checked.height, checked.extension) == (32, 24, "png")


async def test_the_request_asks_for_uncompressed_bytes_and_names_the_host(downloader: Downloader) -> None:
    seen: list[web.Request] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append(request)
        return web.Response(body=png())

    async with host(handler) as url:
        await downloader.image(f"{url}?ex=1&hm=a%20b")
        assert seen[0].headers["Accept-Encoding"] == "identity"
        assert f"http://{seen[0].headers['Host']}/file" == url
        assert seen[0].raw_path == "/file?ex=1&hm=a%20b"
    assert not {"Cookie", "Authorization"} & set(seen[0].headers)


@pytest.mark.parametrize(
    ("status", "problem"),
    [(404, ImageProblem.GONE), (403, ImageProblem.GONE), (502, ImageProblem.UNREACHABLE)],
)
async def test_a_refused_picture_says_why(downloader: Downloader, status: int, problem: ImageProblem) -> None:
    async with host(answering(b"", status)) as url:
        with pytest.raises(BadImage) as caught:
            await downloader.image(url, "end")
    assert (caught.value.problem, caught.value.role) == (problem, "end")


async def test_a_picture_larger_than_allowed_is_cut_off_whatever_its_length_claims(downloader: Downloader) -> None:
    async with host(endless(bytes(1 << 20))) as url:
        with pytest.raises(BadImage) as caught:
            await downloader.image(url)
    assert (caught.value.problem, caught.value.limit) == (ImageProblem.TOO_LARGE, MAX_IMAGE_BYTES)
