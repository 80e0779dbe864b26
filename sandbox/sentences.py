"""Sentences that people read on the page: English in the code, which each reader's catalogue may put otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Self


class Sentence(str):
    """Be a sentence in English, and remember what it was made of, so that a reader's language can be spoken later.

    `{name}` in it stands for a value, which may be a sentence too. What has a plural is said by `tn`.
    """

    __slots__ = ("forms", "number", "values")

    forms: tuple[str, ...]
    values: Mapping[str, object]
    number: int | None

    def __new__(cls, forms: tuple[str, ...], values: Mapping[str, object], number: int | None = None) -> Self:
        """Say it in English: the second of two forms where the number is not 1."""
        english = forms[0] if number in (None, 1) else forms[-1]
        made = super().__new__(cls, fill_in(english, values))
        made.forms, made.values, made.number = forms, values, number
        return made

    def filled(self, **values: object) -> Self:
        """Give the same sentence with further values."""
        return type(self)(self.forms, {**self.values, **values}, self.number)


def t(source: str, /, **values: object) -> Sentence:
    """Say a sentence; `{name}` in it stands for a value."""
    return Sentence((source,), values)


def tn(one: str, other: str, count: int, /, **values: object) -> Sentence:
    """Say a sentence about a number of things, which is `{count}` in it."""
    return Sentence((one, other), {"count": count, **values}, count)


def fill_in(source: str, values: Mapping[str, object], write: Callable[[object], str] | None = None) -> str:
    """Put values into their places, written by `write`; a place without a value stays."""

    def value_of(place: re.Match[str]) -> str:
        value = values.get(place[1], place)
        return place[0] if value is place else (write or _in_english)(value)

    return re.sub(r"\{(\w+)\}", value_of, source)


def _in_english(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def sentence_of(error: Exception) -> str:
    """Give what an error says as the sentence that it was raised with."""
    return error.args[0] if error.args and isinstance(error.args[0], str) else str(error)
