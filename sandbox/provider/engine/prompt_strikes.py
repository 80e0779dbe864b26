"""How many illegal prompts the account has sent, which the vendor counts by the day."""

from __future__ import annotations

import time

DAY = 24 * 60 * 60


class Strikes:
    """The refused prompts of the last 24 hours."""

    def __init__(self) -> None:
        self._times: list[float] = []

    def add(self) -> None:
        self._times.append(time.time())

    @property
    def today(self) -> int:
        return sum(struck > time.time() - DAY for struck in self._times)
