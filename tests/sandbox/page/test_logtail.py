"""The end of the bot's log, whichever bot writes it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest_asyncio

from sandbox.harness import Stage, set_stage
from sandbox.web.log_tail import LINE, NEWEST_LINES, READ_BYTES, LogTail
from sandbox.web.redaction import Blotter


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncGenerator[Stage]:
    async with set_stage(tmp_path) as stage:
        yield stage


def write(stage: Stage, text: str) -> None:
    with stage.log.open("a") as log:
        log.write(text)


async def test_whole_lines_come_once_and_half_lines_when_they_are_whole(stage: Stage) -> None:
    tail = LogTail(stage.log, Blotter(stage))
    assert tail.news() == []
    write(stage, "one\ntwo\nthr")
    assert tail.news() == ["one", "two"]
    assert tail.news() == []
    write(stage, "ee\n")
    assert tail.news() == ["three"]


async def test_a_log_that_is_begun_anew_is_read_from_its_beginning(stage: Stage) -> None:
    tail = LogTail(stage.log, Blotter(stage))
    write(stage, "a long line of the first log\nhalf")
    assert len(tail.news()) == 1
    stage.log.write_text("new\n")
    assert tail.news() == ["new"]
    stage.log.unlink()
    assert tail.news() == []


async def test_of_a_huge_log_the_end_is_read_and_long_lines_are_cut(stage: Stage) -> None:
    write(stage, "old\n" * READ_BYTES)
    write(stage, f"{'x' * 5000}\n{stage.discord.token}\n")
    lines = LogTail(stage.log, Blotter(stage)).news()
    assert len(lines) == NEWEST_LINES
    assert lines[-2:] == [f"{'x' * LINE}…", "…"]


async def test_a_line_without_an_end_costs_no_more_and_more_memory(stage: Stage) -> None:
    tail = LogTail(stage.log, Blotter(stage))
    for _ in range(4):
        write(stage, "x" * READ_BYTES)
        assert tail.news() == []
    write(stage, "\nend\n")
    assert tail.news()[-1] == "end"
