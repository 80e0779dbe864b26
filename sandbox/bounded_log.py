"""A log that forgets its oldest entries, so that what runs for days stays small."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, takewhile
from typing import Generic, TypeVar, cast, overload

T = TypeVar("T")


class BoundedLog(Sequence[T], Generic[T]):
    """Keep the newest entries, each at a position that stays its own when older ones are forgotten.

    It reads like a list of what is kept. `limit` is asked at every append, so that it may change. `is_open` tells
    which entries are still under way: those are kept beyond the limit, until they have ended. `max_bytes` bounds what
    the kept entries hold together, by the `size` in bytes that each of them has for good.
    """

    def __init__(
        self,
        limit: Callable[[], int],
        is_open: Callable[[T], bool] = lambda _: False,
        *,
        max_bytes: Callable[[], float] = lambda: math.inf,
        size: Callable[[T], int] = lambda _: 0,
    ) -> None:
        self._limit = limit
        self._is_open = is_open
        self._max_bytes = max_bytes
        self._size = size
        self._bytes = 0
        self._newest: deque[tuple[int, T]] = deque()
        self._still_open: list[tuple[int, T]] = []
        """Entries that are older than all of the newest, and wait for their end."""
        self._position = 0

    @property
    def position(self) -> int:
        """Count all entries that ever were; the next one gets this position, the very first had 0."""
        return self._position

    def append(self, entry: T) -> None:
        """Add an entry, and forget the oldest ones that pass the limit."""
        self._newest.append((self._position, entry))
        self._position += 1
        self._bytes += self._size(entry)
        self._forget()

    def clear(self) -> None:
        """Forget every entry; positions go on where they were."""
        self._newest.clear()
        self._still_open.clear()
        self._bytes = 0

    def since(self, position: int) -> list[tuple[int, T]]:
        """Give the entries from a position on that are still kept, oldest first, each with its position."""
        newest_first = chain(reversed(self._newest), reversed(self._still_open))
        return [*takewhile(lambda numbered: numbered[0] >= position, newest_first)][::-1]

    def __len__(self) -> int:
        return len(self._still_open) + len(self._newest)

    def __iter__(self) -> Iterator[T]:
        return (entry for _, entry in chain(self._still_open, self._newest))

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        indices = range(len(self))[index]
        return self._at(indices) if isinstance(indices, int) else [self._at(one) for one in indices]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list | BoundedLog) and list(self) == list(cast("Iterable[object]", other))

    __hash__ = None  # pyright: ignore[reportAssignmentType] - mutable, as a list is

    def __repr__(self) -> str:
        return f"BoundedLog({list(self)!r})"

    def _at(self, index: int) -> T:
        older = len(self._still_open)
        return (self._still_open[index] if index < older else self._newest[index - older])[1]

    def _forget(self) -> None:
        if not self._is_full():
            return
        self._still_open = [numbered for numbered in self._still_open if self._is_open(numbered[1])]
        while self._newest and self._is_full():
            numbered = self._newest.popleft()
            self._bytes -= self._size(numbered[1])
            if self._is_open(numbered[1]):
                self._still_open.append(numbered)

    def _is_full(self) -> bool:
        return len(self._newest) > self._limit() or self._bytes > self._max_bytes()
