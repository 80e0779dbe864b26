"""A film in a bucket is passed on as one on the disk is served: whole or in part, and never more than was asked for."""

from collections.abc import AsyncGenerator, Awaitable, Callable

import aiohttp
import pytest

from bot.errors import MediaProblem, MediaUnavailable
from bot.media.store import RemoteFile, ServedFile, SignedLink
from bot.web import build_web, serving
from sandbox.harness import free_port

FILM = bytes(range(256)) * 40
PIECE = 1_000


class Films:
    """Serve what stands for a film, and break in the middle of it where that is said."""

    def __init__(self) -> None:
        self.found: ServedFile | None = RemoteFile(len(FILM), '"v1"', self._read)
        self.breaks_at = len(FILM)
        self.methods: list[str] = []
        self.url = ""

    async def find(self, _job: str, _clip: int, _secret: str, method: str) -> ServedFile | None:
        self.methods.append(method)
        return self.found

    async def _read(self, start: int, stop: int) -> AsyncGenerator[bytes]:
        for first in range(start, stop, PIECE):
            if first >= self.breaks_at:
                raise MediaUnavailable(MediaProblem.UNREACHABLE, "the bucket's server does not answer")
            yield FILM[first : min(first + PIECE, stop)]


async def nothing() -> None:
    return None


async def receive(_job: str, _secret: str, _read: Callable[[], Awaitable[bytes]]) -> bool:
    return False


@pytest.fixture
async def films() -> AsyncGenerator[Films]:
    films, port = Films(), free_port()
    async with serving(build_web(nothing, receive, films.find), "127.0.0.1", port):
        films.url = f"http://127.0.0.1:{port}/films/1jd8x3k2m9f4qz/1/abc.mp4"
        yield films


@pytest.fixture
async def viewer() -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as viewer:
        yield viewer


async def test_a_film_is_passed_on_whole(films: Films, viewer: aiohttp.ClientSession) -> None:
    async with viewer.get(films.url) as answer:
        assert (answer.status, answer.content_type, await answer.read()) == (200, "video/mp4", FILM)
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    async with viewer.head(films.url) as answer:
        assert (answer.status, answer.content_length, await answer.read()) == (200, len(FILM), b"")
    assert films.methods == ["GET", "HEAD"]


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-", 0, 10_240),
        ("bytes=100-199", 100, 200),
        ("bytes=-5", 10_235, 10_240),
        ("bytes=10239-", 10_239, 10_240),
        ("bytes=10000-99999", 10_000, 10_240),
        ("bytes=-99999", 0, 10_240),
    ],
)
async def test_a_part_of_it_is_what_was_asked_for(
    films: Films, viewer: aiohttp.ClientSession, asked: str, start: int, stop: int
) -> None:
    async with viewer.get(films.url, headers={"Range": asked}) as answer:
        assert (answer.status, await answer.read()) == (206, FILM[start:stop])
        assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(FILM)}"


async def test_a_part_behind_its_end_is_refused(films: Films, viewer: aiohttp.ClientSession) -> None:
    async with viewer.get(films.url, headers={"Range": "bytes=10240-"}) as answer:
        assert (answer.status, answer.headers["Content-Range"]) == (416, f"bytes */{len(FILM)}")


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-1,5-6"},
        {"Range": "bytes=5-3"},
        {"Range": "seconds=1-2"},
        {"Range": "bytes=0-1", "If-Range": '"v0"'},
    ],
)
async def test_what_is_no_part_of_this_very_film_is_all_of_it(
    films: Films, viewer: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    async with viewer.get(films.url, headers=headers) as answer:
        assert (answer.status, await answer.read()) == (200, FILM)


async def test_who_has_it_already_is_told_so(films: Films, viewer: aiohttp.ClientSession) -> None:
    async with viewer.get(films.url, headers={"If-None-Match": '"v1"'}) as answer:
        assert (answer.status, await answer.read()) == (304, b"")
    async with viewer.get(films.url, headers={"Range": "bytes=0-1", "If-Range": '"v1"'}) as answer:
        assert (answer.status, await answer.read()) == (206, FILM[:2])


async def test_viewers_are_sent_to_a_bucket_that_they_reach(films: Films, viewer: aiohttp.ClientSession) -> None:
    films.found = SignedLink("https://bucket.example/1.mp4?X-Amz-Signature=abc")
    async with viewer.get(films.url, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, films.found.address)
        assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")


async def test_a_bucket_that_does_not_answer_is_told_before_anything_is_sent(
    films: Films, viewer: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    films.breaks_at = 0
    async with viewer.get(films.url) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert "a film could not be sent: the bucket's server does not answer" in caplog.text
    assert "abc" not in caplog.text


async def test_a_film_that_breaks_off_is_never_taken_for_whole(
    films: Films, viewer: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    films.breaks_at = 5_000
    with pytest.raises(aiohttp.ClientError):
        async with viewer.get(films.url) as answer:
            await answer.read()
    assert "Traceback" not in caplog.text
    assert "a film could not be passed on to its end" in caplog.text


async def test_the_film_up_to_a_clip_has_an_address_of_its_own(viewer: aiohttp.ClientSession) -> None:
    clips, joined, port = Films(), Films(), free_port()
    async with serving(build_web(nothing, receive, clips.find, find_film=joined.find), "127.0.0.1", port):
        for name, status in (("film2", 200), ("2", 200), ("film", 404), ("film0", 404), ("films2", 404)):
            async with viewer.get(f"http://127.0.0.1:{port}/films/1jd8x3k2m9f4qz/{name}/abc.mp4") as answer:
                assert answer.status == status, name
    assert (clips.methods, joined.methods) == (["GET"], ["GET"])
