"""Bodies of calls, cut to what a person reads: secrets taken out, long texts shortened, no megabyte ever copied."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import islice
from typing import cast

from pydantic import JsonValue

from sandbox.sentences import t, tn
from sandbox.web.redaction import REDACTED, Redactor

TEXT = 400
"""How many characters of a text are shown."""

SPARE = 400
"""How many more are looked at, so that a secret at the cut is seen whole."""

ITEMS = 40
"""How many items of a list, or fields of an object, are shown."""

DEPTH = 12
"""How deep bodies are shown; a card with its rows of buttons is 8 deep."""

WHOLE = 12_000
"""About how many characters a whole body may take."""

UNREAD = 64 * 1024
"""Bytes of an answer that is not even read."""


class BodyPreview:
    """Cut JSON values to a sane size."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor

    def body(self, value: object) -> JsonValue:
        """Give a JSON value without its secrets, and not much longer than `WHOLE` characters."""
        return _Shortener(self._redactor).value(value, 0)

    def answer(self, raw: bytes | None) -> JsonValue:
        """Read a JSON answer and cut it likewise; None for none."""
        if not raw:
            return None
        if len(raw) > UNREAD:
            return tn("({count} byte)", "({count} bytes)", len(raw))
        try:
            return self.body(json.loads(raw))
        except ValueError:
            return self.text(raw.decode(errors="replace"))

    def text(self, text: str) -> str:
        """Give the beginning of a text without its secrets."""
        start = self._redactor.text(text[: TEXT + SPARE])
        if len(text) <= TEXT:
            return start
        return t("{start}… ({count} characters)", start=start[:TEXT], count=len(text))


class _Shortener:
    """Shorten one value; what it has spent counts for all of its parts."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._shorten = BodyPreview(redactor).text
        self._left = WHOLE

    def value(self, value: object, depth: int) -> JsonValue:
        self._left -= 8
        if isinstance(value, str):
            short = self._shorten(value)
            self._left -= len(short)
            return short
        if not isinstance(value, Mapping | list):
            return cast("JsonValue", value)
        if depth >= DEPTH or self._left <= 0:
            return "…"
        if isinstance(value, list):
            return self._list(cast("list[object]", value), depth)
        return self._fields(cast("Mapping[str, object]", value), depth)

    def _list(self, items: list[object], depth: int) -> list[JsonValue]:
        shown = [self.value(item, depth + 1) for item in items[:ITEMS]]
        return shown if len(items) <= ITEMS else [*shown, t("… and {count} more", count=len(items) - ITEMS)]

    def _fields(self, fields: Mapping[str, object], depth: int) -> dict[str, JsonValue]:
        shown: dict[str, JsonValue] = {}
        for name, value in islice(fields.items(), ITEMS):
            self._left -= len(name)
            hidden = isinstance(value, str) and self._redactor.hides(name)
            shown[self._shorten(name)] = REDACTED if hidden else self.value(value, depth + 1)
        if len(fields) > ITEMS:
            shown["…"] = t("and {count} more", count=len(fields) - ITEMS)
        return shown
