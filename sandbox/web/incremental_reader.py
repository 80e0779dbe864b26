"""Reading on where one left off in records that grow, and that forget their oldest entries."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")

Since = Callable[[int], Iterable[tuple[int, T]]]
"""Gives the entries from a position on, each with its position, as `BoundedLog.since` does."""


class IncrementalReader(Generic[T]):
    """Find what is new in a growing record, and what has come to its end since it was new.

    `over` tells whether an item changes no more. Those that do are looked at again, the newest `most` of them.
    """

    def __init__(self, since: Since[T], over: Callable[[T], bool], most: int) -> None:
        self._since = since
        self._over = over
        self._most = most
        self._seen = 0
        self._open: dict[int, T] = {}

    def read_changes(self) -> list[tuple[int, T]]:
        """Give the items that are new or have ended, with their numbers; of many new ones the newest `most`."""
        ended = {number: item for number, item in self._open.items() if self._over(item)}
        for number in ended:
            del self._open[number]
        return [*ended.items(), *self._new()]

    def _new(self) -> list[tuple[int, T]]:
        new = [*deque(self._since(self._seen), self._most)]
        if new:
            self._seen = new[-1][0] + 1
        self._open.update((number, item) for number, item in new if not self._over(item))
        for number in list(self._open)[: -self._most]:
            del self._open[number]
        return new
