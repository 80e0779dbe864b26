"""Logging: text or JSON on standard error; secrets that stand in addresses are blotted out on the way."""

import json
import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar

_SECRETS = (
    # Interaction tokens and webhook tokens stand in the paths that discord.py prints.
    (re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?\"']+"), r"\1…"),
    # Callback paths are the capability itself.
    (re.compile(r"(/hooks/)[^\s?\"']+"), r"\1…"),
    # And so are the links to films.
    (re.compile(r"(/films/\w+/\d/)[^\s?\"']+"), r"\1…"),
    # Signed attachment links.
    (re.compile(r"([?&](?:hm|ex|is)=)[^&\s\"']+"), r"\1…"),
)


def redact(line: str) -> str:
    """Blot out tokens, callback paths and signatures."""
    for pattern, instead in _SECRETS:
        line = pattern.sub(instead, line)
    return line


Thing = str | int | Callable[[], str]

_named: ContextVar[dict[str, Thing]] = ContextVar("named")


def name_in_lines(**things: Thing | None) -> None:
    """Let each JSON line of this task, and of those that it begins, name these things beside what it named before.

    What changes its name is given as what tells it. Ids are written as text: most readers of JSON round numbers as
    large as Discord's.
    """
    _named.set(_named.get({}) | {name: thing for name, thing in things.items() if thing is not None})


class TextFormatter(logging.Formatter):
    """Write one readable line a record."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Format and redact a record, its traceback included."""
        return redact(super().format(record))


class JsonFormatter(logging.Formatter):
    """Write one JSON object a line; it names the process, the member, the guild and the job that it is about."""

    def format(self, record: logging.LogRecord) -> str:
        """Format and redact a record, its traceback included."""
        fields = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            **{name: thing() if callable(thing) else str(thing) for name, thing in _named.get({}).items()},
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return redact(json.dumps(fields, ensure_ascii=False))


REPEATED = 10
"""How often the same line is written in a row of seconds; it is counted from then on."""

REPEAT_SECONDS = 60.0
"""The length of that row."""

_NUMBER = re.compile(r"0x[0-9a-f]+|\d+")

MOST_REMEMBERED = 1_000
"""Lines that are compared; where there are more, counting begins anew."""


class RepeatFilter(logging.Filter):
    """Write what is logged again and again only so often, and then how often it was left out.

    Our own lines are the same when they say the same; those of libraries when only their numbers and what is filled in
    differ, for an attacker's address may stand in each.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._since = clock()
        self._counts: dict[tuple[object, ...], int] = {}
        self._left_out = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is written; the first one after some were left out says how many."""
        now = self._clock()
        if now - self._since >= REPEAT_SECONDS or len(self._counts) >= MOST_REMEMBERED:
            self._since = now
            self._counts.clear()
        key = self._key(record)
        count = self._counts[key] = self._counts.get(key, 0) + 1
        if count > REPEATED:
            self._left_out += 1
            return False
        if self._left_out:
            record.msg = f"{record.getMessage()} ({self._left_out} repeated lines were left out before this one)"
            record.args = None
            self._left_out = 0
        return True

    def _key(self, record: logging.LogRecord) -> tuple[object, ...]:
        own = record.name.partition(".")[0] in ("bot", "cogs")
        said = record.getMessage() if own else _NUMBER.sub("0", str(record.msg))
        return record.name, record.levelno, said, record.exc_info and record.exc_info[0]


def set_up_logging(level: str, style: str) -> None:
    """Send all records to standard error in the given style, text or json."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if style == "json" else TextFormatter())
    handler.addFilter(RepeatFilter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # httpx tells every request at INFO; our own lines say what matters.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # At DEBUG these print whole payloads and statements, with tokens in them.
    for name in ("aiosqlite", "discord.gateway", "discord.http", "discord.webhook", "discord.client"):
        logging.getLogger(name).setLevel("INFO" if level == "DEBUG" else level)
