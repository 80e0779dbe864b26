"""Read fields of JSON that may hold anything at all."""

import json
import math
import re
from typing import Any, cast
from urllib.parse import quote

Json = dict[str, Any]

MAX_LINK = 2048
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
_LINK = re.compile(r"https?://[\x21-\x7e]+")
_PARTS = re.compile(r"(https?://)([^/?#]+)(.*)", re.IGNORECASE)
_LARGEST_ID = 10**30
_ANY_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


def parse(body: bytes) -> Json | None:
    """Read a JSON object; None for anything else: other values, HTML, bad encodings, nesting past all reason."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return section(value)


def section(value: object) -> Json | None:
    """Read an object."""
    return cast("Json", value) if isinstance(value, dict) else None


def entries(value: object) -> list[object]:
    """Read a list; empty for anything else."""
    return cast("list[object]", value) if isinstance(value, list) else []


def text(value: object, limit: int) -> str:
    """Read a string as one printable line of at most `limit` characters; empty for anything else."""
    if not isinstance(value, str):
        return ""
    line = " ".join(value[: 4 * limit].split())
    return (line if line.isprintable() else "".join(map(_printable, line)))[:limit]


def _printable(letter: str) -> str:
    return letter if letter.isprintable() else "?"


def words(value: object, limit: int = 500) -> str:
    """Read a vendor's message for the log; links are left out, for one of them may be a callback's secret path."""
    return _ANY_LINK.sub("<link>", text(value, 4 * limit))[:limit]


def name(value: object) -> str | None:
    """Read an identifier: a string of 1 to 128 letters, digits and `._:-`."""
    return value if isinstance(value, str) and _NAME.fullmatch(value) else None


def identifier(value: object) -> str | None:
    """Read an identifier that some write as a whole number."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _LARGEST_ID:
        return str(value)
    return name(value)


def unpacked(value: object) -> object:
    """Read a list or an object that some put into a string, as JSON; anything else stays as it is."""
    if not isinstance(value, str) or not value.lstrip().startswith(("[", "{")):
        return value
    try:
        return cast("object", json.loads(value))
    except (ValueError, RecursionError):
        return value


def number(value: object) -> float | None:
    """Read a finite number, also one written as a string, with or without a per cent sign."""
    if isinstance(value, str):
        digits = value[:64].strip().removesuffix("%").rstrip()
        return float(digits) if _NUMBER.fullmatch(digits) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def percent(value: object) -> int | None:
    """Read a progress, clamped to 0 to 100."""
    found = number(value)
    return None if found is None else int(min(max(found, 0), 100))


def link(value: object) -> str | None:
    """Read an http or https link, at most `MAX_LINK` characters, and give it in printable ASCII.

    Spaces around it are left out; what is not ASCII, and spaces inside, are written as a browser would.
    """
    if not isinstance(value, str) or len(value) > MAX_LINK:
        return None
    found = _PARTS.fullmatch(value.strip())
    if found is None:
        return None
    scheme, host, rest = found.groups()
    try:
        written = f"{scheme.lower()}{_ascii_host(host)}{_escaped(rest)}"
    except UnicodeError:
        return None
    return written if len(written) <= MAX_LINK and _LINK.fullmatch(written) else None


def _ascii_host(host: str) -> str:
    """Write a host as names are looked up; an ASCII one stays as it is."""
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _escaped(rest: str) -> str:
    return "".join(quote(letter) if letter == " " or not letter.isascii() else letter for letter in rest)
