"""What a check found out, as one line."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

CHECK_SECONDS = 10.0
"""How long one check may take in all; another one goes on meanwhile."""

MAX_TEXT = 400
"""Characters of a line's words; strangers have a say in some."""


class Verdict(StrEnum):
    """Say how bad it is: WARN only hurts, WAIT asks for something."""

    OK = "ok"
    WARN = "warn"
    WRONG = "wrong"
    WAIT = "wait"


@dataclass(frozen=True)
class Finding:
    """Hold a verdict on a setting or thing, and what to do about it."""

    verdict: Verdict
    subject: str
    text: str

    def __str__(self) -> str:
        return f"{self.verdict:<5}  {self.subject:<15}  {plain(self.text, MAX_TEXT)}"


def ok(subject: str, words: str) -> Finding:
    """Find that all is well."""
    return Finding(Verdict.OK, subject, words)


def warn(subject: str, words: str) -> Finding:
    """Find something that only hurts."""
    return Finding(Verdict.WARN, subject, words)


def wrong(subject: str, words: str) -> Finding:
    """Find something that does not work."""
    return Finding(Verdict.WRONG, subject, words)


def plain(words: str, most: int = 100) -> str:
    """Keep words of strangers to one short line that a terminal only prints."""
    line = "".join(sign if sign.isprintable() else " " for sign in words)
    line = " ".join(line.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def origin(url: str) -> str:
    """Give scheme, host and port of an address, and leave out what may be a secret."""
    parts = urlsplit(url)
    port = "" if parts.port is None else f":{parts.port}"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{port}"
