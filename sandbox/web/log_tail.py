"""The end of a log that grows, whichever bot writes it."""

from __future__ import annotations

from pathlib import Path

from sandbox.web.redaction import Redactor

READ_BYTES = 256 * 1024
"""How much is read at a time; of more than that only the end."""

LINE = 1000
"""How many characters of a line are shown."""

NEWEST_LINES = 500


class LogTail:
    """Read a log's new lines; it may be missing, and may be begun anew."""

    def __init__(self, path: Path, redactor: Redactor) -> None:
        self._path = path
        self._redactor = redactor
        self._at = 0
        self._rest = b""
        """The beginning of a line whose end is not written yet."""

    def read_changes(self) -> list[str]:
        """Give the whole lines since the last time, the newest 500 at most, without secrets."""
        try:
            fresh = self._read()
        except OSError:
            return []
        *lines, self._rest = (self._rest + fresh).split(b"\n")
        self._rest = self._rest[-READ_BYTES:]
        return [self._readable(line) for line in lines[-NEWEST_LINES:]]

    def _read(self) -> bytes:
        size = self._path.stat().st_size
        if size < self._at:
            self._at, self._rest = 0, b""
        if size - self._at > READ_BYTES:
            self._at, self._rest = size - READ_BYTES, b""
        if size == self._at:
            return b""
        with self._path.open("rb") as log:
            log.seek(self._at)
            fresh = log.read(size - self._at)
        self._at += len(fresh)
        return fresh

    def _readable(self, line: bytes) -> str:
        text = self._redactor.text(line[: LINE * 5].decode(errors="replace"))
        return text if len(text) <= LINE else f"{text[:LINE]}…"
