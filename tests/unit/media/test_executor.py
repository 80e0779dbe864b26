"""Pictures are decoded in a thread of their own: however many there are, files can be read and hosts looked up."""

import asyncio
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.media import MediaStore, run_in_image_thread
from tests.support.worker_harness import WorkerHarness

SECONDS = 10
MANY = 40
"""More pictures than an event loop has threads."""


@contextmanager
def held() -> Generator[threading.Event]:
    """Give what keeps the pictures' thread busy until the end of the block."""
    let_go = threading.Event()
    try:
        yield let_go
    finally:
        let_go.set()


async def test_many_pictures_that_wait_for_their_turn_keep_nobody_from_files(tmp_path: Path) -> None:
    media = MediaStore(tmp_path)
    await media.keep("a file", b"its words")
    async with WorkerHarness.open(tmp_path / "worker") as harness:
        with held() as let_go:
            busy = asyncio.create_task(run_in_image_thread(let_go.wait, SECONDS))
            await asyncio.sleep(0)
            checks = [asyncio.create_task(harness.downloader.image(harness.image.url)) for _ in range(MANY)]
            done, _ = await asyncio.wait(checks, timeout=1)
            assert done == set()
            async with asyncio.timeout(SECONDS):
                assert await media.read("a file") == b"its words"
        await busy
        async with asyncio.timeout(SECONDS):
            assert {check.width for check in await asyncio.gather(*checks)} == {64}


async def test_one_picture_is_decoded_at_a_time_and_always_by_the_same_thread() -> None:
    inside = threading.Lock()
    names: set[str] = set()

    def decode() -> bool:
        names.add(threading.current_thread().name)
        alone = inside.acquire(blocking=False)
        time.sleep(0.001)
        if alone:
            inside.release()
        return alone

    assert all(await asyncio.gather(*(run_in_image_thread(decode) for _ in range(MANY))))
    assert names == {"pictures_0"}


async def test_what_waits_for_its_turn_can_be_cancelled_and_is_never_begun() -> None:
    begun: list[int] = []
    with held() as let_go:
        busy = asyncio.create_task(run_in_image_thread(let_go.wait, SECONDS))
        waiting = asyncio.create_task(run_in_image_thread(begun.append, 1))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    await busy
    await run_in_image_thread(begun.append, 2)
    assert begun == [2]


async def test_what_goes_wrong_is_raised_to_whoever_asked() -> None:
    def fail() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await run_in_image_thread(fail)
