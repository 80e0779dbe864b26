"""Nothing that opens a door gets into a log, whatever prints it."""

import asyncio
import json
import logging

import pytest

from bot.log import REPEAT_SECONDS, REPEATED, JsonFormatter, RepeatFilter, TextFormatter, name_in_lines

SECRET = "s3cr3t-p4rt"

LINES = (
    f"POST https://discord.com/api/v10/interactions/123/{SECRET}/callback",
    f"PATCH /webhooks/123/{SECRET}/messages/@original",
    f"called at https://bot.example/hooks/v1/01k3v9x2/{SECRET}",
    f"watched https://bot.example/films/01k3v9x2/1/{SECRET}.mp4 twice",
    f"fetching https://cdn.example/boat.png?ex={SECRET}&is={SECRET}&hm={SECRET}",
)


def record_of(line: str) -> logging.LogRecord:
    failure = (ValueError, ValueError(line), None)
    return logging.LogRecord("bot", logging.WARNING, __file__, 1, "it said %s", (line,), failure)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("formatter", [TextFormatter(), JsonFormatter()], ids=["text", "json"])
def test_no_secret_is_printed_in_a_line_or_its_traceback(formatter: logging.Formatter, line: str) -> None:
    printed = formatter.format(record_of(line))
    assert SECRET not in printed
    assert "it said" in printed
    assert "ValueError" in printed


def test_a_line_of_json_is_one_object() -> None:
    said = json.loads(JsonFormatter().format(record_of("two\nlines")))
    assert (said["level"], said["logger"], said["message"]) == ("WARNING", "bot", "it said two\nlines")
    assert "ValueError: two" in said["traceback"]


class Log:
    """Hold what a filter lets through, on a clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.lines: list[str] = []
        self._filter = RepeatFilter(lambda: self.now)

    def say(self, line: str, *values: object, logger: str = "bot.web") -> None:
        record = logging.LogRecord(logger, logging.ERROR, __file__, 1, line, values, None)
        if self._filter.filter(record):
            self.lines.append(record.getMessage())


def test_a_line_is_not_repeated_a_thousand_times() -> None:
    log = Log()
    for _ in range(1000):
        log.say("socket.accept() out of system resource", logger="asyncio")
    assert log.lines == ["socket.accept() out of system resource"] * REPEATED


def test_the_next_line_says_how_many_were_left_out() -> None:
    log = Log()
    for _ in range(REPEATED + 7):
        log.say("it broke")
    log.say("something else, %d times", 3)
    log.say("and another")
    assert log.lines[REPEATED:] == [
        "something else, 3 times (7 repeated lines were left out before this one)",
        "and another",
    ]


def test_a_line_is_written_again_after_a_while() -> None:
    log = Log()
    for _ in range(2):
        for _ in range(2 * REPEATED):
            log.say("it broke")
        log.now += REPEAT_SECONDS
    assert len(log.lines) == 2 * REPEATED


def test_our_own_lines_about_different_things_are_all_written() -> None:
    log = Log()
    for number in range(1000):
        log.say("job %s is made", number)
    assert len(log.lines) == 1000


def test_a_librarys_lines_that_differ_in_what_is_filled_in_are_the_same() -> None:
    log = Log()
    for number in range(1000):
        log.say("Error handling request from %s", f"192.0.2.{number}", logger="aiohttp.server")
        log.say(f"Task was destroyed: <Task-{number} at 0x{number:x}>", logger="asyncio")
    assert len(log.lines) == 2 * REPEATED


def test_what_is_remembered_does_not_grow_for_ever() -> None:
    repeats = RepeatFilter(lambda: 0.0)
    for number in range(5000):
        repeats.filter(logging.LogRecord("bot", logging.INFO, __file__, 1, "%d", (number,), None))
    assert len(repeats._counts) <= 1000  # pyright: ignore[reportPrivateUsage]  # nothing outside shows it


def line_of(**fields: object) -> dict[str, object]:
    """Format a line as JSON, and leave out what every line has."""
    said = json.loads(JsonFormatter().format(record_of("a line")))
    return {name: value for name, value in said.items() if name in fields}


async def test_lines_of_a_task_name_what_it_is_about_and_those_of_others_do_not() -> None:
    name_in_lines(process="b4d5e6f7")

    async def step() -> dict[str, object]:
        name_in_lines(job="01k3v9x2", member=2**60 + 1, guild=None)
        return await asyncio.create_task(asyncio.to_thread(line_of, process=1, job=1, member=1, guild=1))

    # Numbers as large as Discord's ids are rounded by most readers of JSON, so they are text.
    assert await asyncio.create_task(step()) == {"process": "b4d5e6f7", "job": "01k3v9x2", "member": str(2**60 + 1)}
    assert line_of(process=1, job=1, member=1, guild=1) == {"process": "b4d5e6f7"}


async def test_a_name_that_changes_is_written_as_it_is_now() -> None:
    name = "first"
    name_in_lines(process=lambda: name)
    assert line_of(process=1) == {"process": "first"}
    name = "second"
    assert line_of(process=1) == {"process": "second"}
