"""The end of the bot's log, whichever bot writes it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest_asyncio

from sandbox.harness import Sandbox
from sandbox.web.log_tail import LINE, NEWEST_LINES, READ_BYTES, LogTail
from sandbox.web.redaction import Redactor
from tests.support.fork_server import start_sandbox


@pytest_asyncio.fixture
async def sandbox(tmp_path: Path) -> AsyncGenerator[Sandbox]:
    async with start_sandbox(tmp_path) as sandbox:
        yield sandbox


def write(sandbox: Sandbox, text: str) -> None:
    with sandbox.log.open("a") as log:
        log.write(text)


async def test_whole_lines_come_once_and_half_lines_when_they_are_whole(sandbox: Sandbox) -> None:
    tail = LogTail(sandbox.log, Redactor(sandbox))
    assert tail.read_changes() == []
    write(sandbox, "one\ntwo\nthr")
    assert tail.read_changes() == ["one", "two"]
    assert tail.read_changes() == []
    write(sandbox, "ee\n")
    assert tail.read_changes() == ["three"]


async def test_a_log_that_is_begun_anew_is_read_from_its_beginning(sandbox: Sandbox) -> None:
    tail = LogTail(sandbox.log, Redactor(sandbox))
    write(sandbox, "a long line of the first log\nhalf")
    assert len(tail.read_changes()) == 1
    sandbox.log.write_text("new\n")
    assert tail.read_changes() == ["new"]
    sandbox.log.unlink()
    assert tail.read_changes() == []


async def test_of_a_huge_log_the_end_is_read_and_long_lines_are_cut(sandbox: Sandbox) -> None:
    write(sandbox, "old\n" * READ_BYTES)
    write(sandbox, f"{'x' * 5000}\n{sandbox.discord.token}\n")
    lines = LogTail(sandbox.log, Redactor(sandbox)).read_changes()
    assert len(lines) == NEWEST_LINES
    assert lines[-2:] == [f"{'x' * LINE}…", "…"]


async def test_a_line_without_an_end_costs_no_more_and_more_memory(sandbox: Sandbox) -> None:
    tail = LogTail(sandbox.log, Redactor(sandbox))
    for _ in range(4):
        write(sandbox, "x" * READ_BYTES)
        assert tail.read_changes() == []
    write(sandbox, "\nend\n")
    assert tail.read_changes()[-1] == "end"
