"""Logging: text or JSON on standard error; secrets that stand in addresses are blotted out on the way."""

import json
import logging
import re

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


class TextFormatter(logging.Formatter):
    """Write one readable line a record."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Format and redact a record, its traceback included."""
        return redact(super().format(record))


class JsonFormatter(logging.Formatter):
    """Write one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Format and redact a record, its traceback included."""
        fields = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return redact(json.dumps(fields, ensure_ascii=False))


def set_up_logging(level: str, style: str) -> None:
    """Send all records to standard error in the given style, text or json."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if style == "json" else TextFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # httpx tells every request at INFO; our own lines say what matters.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # At DEBUG these print whole payloads and statements, with tokens in them.
    for name in ("aiosqlite", "discord.gateway", "discord.http", "discord.webhook", "discord.client"):
        logging.getLogger(name).setLevel("INFO" if level == "DEBUG" else level)
