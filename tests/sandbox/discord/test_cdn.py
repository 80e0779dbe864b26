"""The CDN as browsers use it: clips in parts, images on other sites' pages, and nothing that runs as a page."""

from __future__ import annotations

import aiohttp
import pytest

from sandbox.discord import Discord

FILM = bytes(range(256)) * 4


async def _get(
    url: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[int, bytes, dict[str, str]]:
    async with aiohttp.ClientSession() as browser, browser.request(method, url, headers=headers) as answer:
        return answer.status, await answer.read(), dict(answer.headers)


@pytest.mark.parametrize(
    ("range_header", "start", "end"),
    [("bytes=0-", 0, 1023), ("bytes=0-99", 0, 99), ("bytes=1000-5000", 1000, 1023), ("bytes=-24", 1000, 1023)],
)
async def test_a_part_of_a_file_is_given_where_a_browser_asks_for_one(
    local_discord: Discord, range_header: str, start: int, end: int
) -> None:
    url = local_discord.files.url(local_discord.attachment("film.mp4", FILM))
    status, body, headers = await _get(url, {"Range": range_header})
    assert status == 206
    assert body == FILM[start : end + 1]
    assert headers["Content-Range"] == f"bytes {start}-{end}/1024"
    assert headers["Content-Length"] == str(len(body))


async def test_a_part_beyond_the_end_is_refused_with_the_files_size(local_discord: Discord) -> None:
    url = local_discord.files.url(local_discord.attachment("film.mp4", FILM))
    status, _, headers = await _get(url, {"Range": "bytes=1024-"})
    assert (status, headers["Content-Range"]) == (416, "bytes */1024")


@pytest.mark.parametrize(
    "range_header", ["bytes=9-3", "bytes=a-b", "lines=1-2", "bytes=0-1,4-5", "bytes=" + "9" * 5000 + "-"]
)
async def test_everything_is_given_where_the_range_cannot_be_read(local_discord: Discord, range_header: str) -> None:
    url = local_discord.files.url(local_discord.attachment("film.mp4", FILM))
    status, body, headers = await _get(url, {"Range": range_header})
    assert (status, body, headers["Accept-Ranges"]) == (200, FILM, "bytes")


async def test_a_browser_may_show_clips_and_images_on_another_sites_page(local_discord: Discord) -> None:
    for name, kind in (
        ("film.mp4", "video/mp4"),
        ("boat.png", "image/png"),
        ("words.txt", "text/plain; charset=utf-8"),
    ):
        _, _, headers = await _get(local_discord.files.url(local_discord.attachment(name, FILM)))
        assert headers["Content-Type"] == kind
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Disposition" not in headers


@pytest.mark.parametrize(
    ("name", "claimed"),
    [
        ("page.html", "text/html"),
        ("boat.svg", "image/svg+xml"),
        ("boat.png", "IMAGE/SVG+XML"),
        ("page.xhtml", "application/xhtml+xml"),
        ("thing", None),
    ],
)
async def test_what_could_run_as_a_page_is_only_saved(local_discord: Discord, name: str, claimed: str | None) -> None:
    file = local_discord.attachment(name, b"<script>alert(1)</script>", claimed)
    status, _, headers = await _get(local_discord.files.url(file))
    assert status == 200
    assert headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_a_browser_may_ask_how_large_a_file_is(local_discord: Discord) -> None:
    status, body, headers = await _get(
        local_discord.files.url(local_discord.attachment("film.mp4", FILM)), method="HEAD"
    )
    assert (status, body, headers["Content-Length"]) == (200, b"", "1024")
