"""What nobody has paid for cannot fill the disk: beyond a limit it is refused, and the log says so before."""

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.errors import MediaFull
from bot.media import FileStore
from bot.media.media_usage import MEASURED_SECONDS, MediaUsage, folder_bytes


class Seconds:
    """Stand still until it is turned."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def measuring(folder: Path) -> Callable[[], Awaitable[int]]:
    async def measure() -> int:
        return folder_bytes(folder)

    return measure


async def test_a_folder_takes_as_much_as_it_may_and_no_more(tmp_path: Path) -> None:
    store = FileStore(tmp_path, most_bytes=100)
    await store.keep("job/start.png", bytes(99))
    await store.require_room()
    await store.keep("job/end.png", bytes(1))
    with pytest.raises(MediaFull):
        await store.require_room()


async def test_what_is_paid_for_is_kept_beyond_the_limit(tmp_path: Path) -> None:
    store = FileStore(tmp_path, most_bytes=100)
    await store.keep("job/1.mp4", bytes(300))
    assert len(await store.read("job/1.mp4")) == 300


async def test_without_a_limit_there_is_always_room(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    await store.keep("job/start.png", bytes(1000))
    await store.require_room()
    assert await store.has("job/start.png")


async def test_what_others_write_is_seen_with_the_next_measure(tmp_path: Path) -> None:
    seconds = Seconds()
    usage = MediaUsage("MEDIA_DIR", 100, measuring(tmp_path), seconds)
    await usage.require_room()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "1.mp4").write_bytes(bytes(100))
    seconds.now = MEASURED_SECONDS
    await usage.require_room()
    seconds.now += 1
    with pytest.raises(MediaFull):
        await usage.require_room()
    (tmp_path / "deep" / "1.mp4").unlink()
    seconds.now += MEASURED_SECONDS + 1
    await usage.require_room()


async def test_a_folder_that_is_nearly_full_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    usage = MediaUsage("MEDIA_DIR", 1000, measuring(tmp_path))
    caplog.set_level(logging.WARNING)
    for size, warnings in ((899, 0), (900, 1), (901, 1), (10, 1), (950, 2)):
        (tmp_path / "1.mp4").write_bytes(bytes(size))
        await usage.measure()
        assert len(caplog.records) == warnings
    assert "MEDIA_DIR holds" in caplog.text


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert folder_bytes(tmp_path / "missing") == 0
