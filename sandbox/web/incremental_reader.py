"""Reading on where one left off in records that only grow."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")


class IncrementalReader(Generic[T]):
    """Find what is new in a growing record, and what has come to its end since it was new.

    `over` tells whether an item changes no more. Those that do are looked at again, the newest `most` of them.
    """

    def __init__(self, items: Callable[[], Collection[T]], over: Callable[[T], bool], most: int) -> None:
        self._items = items
        self._over = over
        self._most = most
        self._seen = 0
        self._open: dict[int, T] = {}

    def news(self) -> list[tuple[int, T]]:
        """Give the items that are new or have ended, with their numbers; of many new ones the newest `most`."""
        ended = {number: item for number, item in self._open.items() if self._over(item)}
        for number in ended:
            del self._open[number]
        return [*ended.items(), *self._new()]

    def _new(self) -> list[tuple[int, T]]:
        items = self._items()
        first = max(self._seen, len(items) - self._most)
        new = list(enumerate(islice(items, first, None), first)) if len(items) > self._seen else []
        self._seen = len(items)
        self._open.update((number, item) for number, item in new if not self._over(item))
        for number in list(self._open)[: -self._most]:
            del self._open[number]
        return new
