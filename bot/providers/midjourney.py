"""How Midjourney itself says why it made nothing; those who resell it hand the words on (providers.md, section 1.8)."""

import re

from bot.errors import ErrorKind
from bot.providers import json_fields

FAILURES = (
    ("job timeout", ErrorKind.JOB_TIMEOUT),
    ("banned prompt", ErrorKind.MODERATED_PROMPT),
    ("image denied", ErrorKind.MODERATED_IMAGE),
    ("invalid link", ErrorKind.BAD_IMAGE_LINK),
    ("invalid parameter", ErrorKind.INVALID_REQUEST),
)
"""Its words in lower case; they stand at the beginning of a message, often after a square bracket."""


MAX_TEXTS = 4


LONGEST_TEXT = 4000
"""Characters of one text that are kept: what a field of a form at Discord holds."""


LONGEST = 50_000
"""Characters that are read in all."""


# A digit in a key cap is a number wherever it stands, a plain one only where a line begins: "1.", "(2)", "**3:**".
_KEY_CAP = r"[1-9]\ufe0f?\u20e3"


_PLAIN = r"^[ \t]*[(\[*_#]*[1-9](?:[.:](?![0-9])|[)\]、．）])"


_NUMBER = re.compile(rf"(?:{_KEY_CAP}|{_PLAIN})[)\]*_.:]*", re.MULTILINE)


# Midjourney may link the artists that it names to a web search.
_MARKDOWN_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\(https?://[^()\s]{1,500}\)")


def numbered(described: object) -> tuple[str, ...]:
    """Read the texts of a string that numbers at least two; empty for any other."""
    parts = _NUMBER.split(described[:LONGEST])[1:] if isinstance(described, str) else []
    return _clean(parts) if len(parts) > 1 else ()


def read_texts(described: object) -> tuple[str, ...]:
    """Read up to four texts without their numbers: a list's, or those of a string's numbers, paragraphs or lines."""
    entries = json_fields.entries(described) or [described]
    strings = [entry[:LONGEST].strip() for entry in entries[: 4 * MAX_TEXTS] if isinstance(entry, str)]
    if len(strings) != 1:
        return _clean([_without_number(one) for one in strings])
    return numbered(strings[0]) or _clean([_without_number(one) for one in _pieces(strings[0])])


def _is_link(line: str) -> bool:
    return " " not in line and json_fields.link(line) is not None


def _pieces(text: str) -> list[str]:
    paragraphs = re.split(r"\n[ \t]*\n", text)
    return paragraphs if len(paragraphs) > 1 else text.splitlines()


def _without_number(text: str) -> str:
    found = _NUMBER.match(text)
    return text[found.end() :] if found else text


def _clean(parts: list[str]) -> tuple[str, ...]:
    """Make one line of each text, without markdown links; what is a link and nothing else is no text."""
    lines = (json_fields.text(_MARKDOWN_LINK.sub(r"\1", part).lstrip(" \t\n-–—"), LONGEST_TEXT) for part in parts)
    return tuple(line for line in lines if line and not _is_link(line))[:MAX_TEXTS]
