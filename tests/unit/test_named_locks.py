"""Turns are kept between tasks and between processes, and a dead process has none."""

import asyncio
import sys
from pathlib import Path

from bot.locks import FileNamedLocks
from tests.meta.source_tree import ROOT

HOLDER = """
import asyncio, sys
from pathlib import Path
from bot.locks import FileNamedLocks

async def main():
    with FileNamedLocks.open(Path(sys.argv[1])) as turns:
        async with turns.acquire("card"):
            print("mine", flush=True)
            await asyncio.Event().wait()

asyncio.run(main())
"""


async def holder(folder: Path) -> asyncio.subprocess.Process:
    """Start a process that takes the turn and keeps it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, str(folder), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"mine\n"
    return process


async def test_tasks_of_one_process_take_turns(tmp_path: Path) -> None:
    inside = most = 0

    async def edit(turns: FileNamedLocks) -> None:
        nonlocal inside, most
        async with turns.acquire("card"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    with FileNamedLocks.open(tmp_path) as turns:
        await asyncio.gather(*(edit(turns) for _ in range(20)))
    assert (inside, most) == (0, 1)


async def test_other_names_do_not_wait(tmp_path: Path) -> None:
    with FileNamedLocks.open(tmp_path) as turns:
        async with asyncio.timeout(10), turns.acquire("card"), turns.acquire("another"):
            assert turns is not None


async def test_another_process_waits_and_a_killed_one_waits_for_nobody(tmp_path: Path) -> None:
    process = await holder(tmp_path)
    with FileNamedLocks.open(tmp_path) as turns:

        async def mine() -> bool:
            async with turns.acquire("card"):
                return True

        waiting = asyncio.create_task(mine())
        await asyncio.sleep(0.3)
        assert not waiting.done()
        process.kill()
        await process.wait()
        async with asyncio.timeout(10):
            assert await waiting


async def test_a_cancelled_wait_leaves_the_turn_to_others(tmp_path: Path) -> None:
    with FileNamedLocks.open(tmp_path) as turns:

        async def wait() -> None:
            async with turns.acquire("card"):
                raise AssertionError("it was not its turn")

        async with turns.acquire("card"):
            waiting = asyncio.create_task(wait())
            await asyncio.sleep(0.01)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(10), turns.acquire("card"):
            assert waiting.cancelled()
