"""Names are one process's at a time; a dead process has none."""

import asyncio
import sys
from pathlib import Path

from bot.locks import FileShardLocks
from tests.meta.source_tree import ROOT

HOLDER = """
import asyncio, sys
from pathlib import Path
from bot.locks import FileShardLocks

async def main():
    with FileShardLocks.open(Path(sys.argv[1])) as locks:
        assert await locks.try_hold("shard:0") and not await locks.try_hold("shard:1")
        print("mine", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_name_is_one_processs_until_it_is_released_or_killed(tmp_path: Path) -> None:
    names = ["shard:0", "shard:1", "shard:2"]
    with FileShardLocks.open(tmp_path) as locks:
        assert await locks.try_hold("shard:1")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", HOLDER, str(tmp_path), stdout=asyncio.subprocess.PIPE, cwd=ROOT
        )
        assert process.stdout is not None
        assert await process.stdout.readline() == b"mine\n"
        assert not await locks.try_hold("shard:0")
        assert await locks.held(names) == {"shard:0", "shard:1"}
        await locks.release("shard:0")
        assert not await locks.try_hold("shard:0")
        process.kill()
        await process.wait()
        assert await locks.held(names) == {"shard:1"}
        assert await locks.try_hold("shard:0")
        assert not locks.lost()


async def test_a_name_that_is_held_can_be_taken_again_and_is_free_after_one_release(tmp_path: Path) -> None:
    with FileShardLocks.open(tmp_path) as locks:
        assert await locks.try_hold("seat:0")
        assert await locks.try_hold("seat:0")
        assert await locks.held(["seat:0"]) == {"seat:0"}
        await locks.release("seat:0")
        await locks.release("seat:0")
        assert await locks.held(["seat:0"]) == frozenset()
