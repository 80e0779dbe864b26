"""Pictures are decoded in a thread of their own: however many there are, files can be read and hosts looked up."""

import asyncio
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.media import FileStore, on_behalf_of, run_in_image_thread
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
    media = FileStore(tmp_path)
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


async def test_members_take_turns_however_many_pictures_one_of_them_has() -> None:
    order: list[str] = []

    def decode(member: int, name: str) -> asyncio.Task[None]:
        with on_behalf_of(member):
            return asyncio.create_task(run_in_image_thread(order.append, name))

    with held() as let_go:
        busy = asyncio.create_task(run_in_image_thread(let_go.wait, SECONDS))
        await asyncio.sleep(0)
        waiting = [decode(1, f"a{number}") for number in range(4)]
        await asyncio.sleep(0)
        waiting += [decode(2, "b0"), decode(2, "b1"), decode(3, "c0")]
        await asyncio.sleep(0)
    await asyncio.gather(busy, *waiting)
    assert order == ["a0", "b0", "c0", "a1", "b1", "a2", "a3"]


async def test_a_member_whose_picture_was_cancelled_is_not_passed_over() -> None:
    order: list[str] = []
    with held() as let_go:
        busy = asyncio.create_task(run_in_image_thread(let_go.wait, SECONDS))
        await asyncio.sleep(0)
        with on_behalf_of(1):
            given_up = asyncio.create_task(run_in_image_thread(order.append, "a0"))
            kept = asyncio.create_task(run_in_image_thread(order.append, "a1"))
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.sleep(0)
    await asyncio.gather(busy, kept)
    assert order == ["a1"]
