"""The SQLite adapter's threads: an open connection would hang the interpreter's exit, so none outlives its block."""

import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.db.sqlite import open_sqlite
from tests.meta.source_tree import ROOT

pytestmark = pytest.mark.slow  # a process ends in each

TIMEOUT_SECONDS = 30
"""Seconds after which a program surely hangs; none here should take one."""

WAYS_OUT = {
    "the file is no database": """
        path.write_bytes(b"no database at all, but long enough for a header" * 100)
        async with open_sqlite(path):
            pass
        """,
    "the path is a folder": """
        path.mkdir()
        async with open_sqlite(path):
            pass
        """,
    "the block raises": """
        async with open_sqlite(path) as db:
            await db.fetch("select 1")
            raise LookupError
        """,
    "a transaction is under way": """
        async with open_sqlite(path) as db, db.transaction() as tx:
            await tx.fetch("create table item (name text)")
            raise LookupError
        """,
    "the second connection fails": """
        aiosqlite.connect = fail_the_second_time(aiosqlite.connect)
        async with open_sqlite(path):
            pass
        """,
    "opening is cancelled": """
        async with open_sqlite(path):
            pass
        for awaits in range(12):
            opening = asyncio.create_task(use(path))
            for _ in range(awaits):
                await asyncio.sleep(0)
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
        raise LookupError
        """,
}

PROGRAM = """
import asyncio
from bot.errors import DatabaseError
import sys
from pathlib import Path

import aiosqlite

from bot.db.sqlite import open_sqlite


def fail_the_second_time(connect):
    calls = []

    def instead(*args, **options):
        calls.append(args)
        return connect("/proc/no/such/file" if len(calls) == 2 else args[0], **options)

    return instead


async def use(path):
    async with open_sqlite(path) as db:
        await db.fetch("select 1")


async def main(path):
{body}


try:
    asyncio.run(main(Path(sys.argv[1])))
except (OSError, DatabaseError, LookupError) as error:
    print("left by", type(error).__name__)
"""


@pytest.mark.parametrize("body", WAYS_OUT.values(), ids=WAYS_OUT.keys())
def test_no_way_out_of_opening_leaves_a_thread_that_hangs_the_exit(tmp_path: Path, body: str) -> None:
    program = PROGRAM.format(body=textwrap.indent(textwrap.dedent(body), "    "))
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "test.db")],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
        cwd=ROOT,
    )
    assert ended.stdout.startswith("left by"), ended.stderr
    assert ended.returncode == 0


async def test_both_threads_end_with_the_block(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    async with open_sqlite(tmp_path / "test.db") as db:
        await db.fetch("select 1")
        assert len(new_threads(before)) == 2
    for thread in new_threads(before):
        thread.join(TIMEOUT_SECONDS)
    assert not new_threads(before)


def new_threads(before: Iterable[threading.Thread]) -> set[threading.Thread]:
    return set(threading.enumerate()) - set(before)
