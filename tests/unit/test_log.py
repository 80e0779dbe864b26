"""Nothing that opens a door gets into a log, whatever prints it."""

import json
import logging

import pytest

from bot.log import JsonFormatter, TextFormatter

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
