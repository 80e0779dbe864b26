"""How many illegal prompts the account has sent, which the vendor counts by the day."""

from __future__ import annotations

import time

DAY = 24 * 60 * 60


class PromptStrikes:
    """The refused prompts of the last 24 hours."""

    def __init__(self) -> None:
        self._times: list[float] = []

    def add(self) -> None:
        self._times = [*self._of_today(), time.time()]

    @property
    def today(self) -> int:
        return len(self._of_today())

    def _of_today(self) -> list[float]:
        return [at for at in self._times if at > time.time() - DAY]
