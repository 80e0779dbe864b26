"""Small writes share a transaction: those of a while, or as many as are enough."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.db.gathered import Gathered

LONG_SECONDS = 60.0
"""Longer than any test waits."""


async def test_those_that_come_within_a_while_are_written_together_and_answered_in_their_order() -> None:
    written: list[Sequence[int]] = []

    async def write(given: Sequence[int]) -> Sequence[int]:
        written.append(given)
        return [-one for one in given]

    gathered = Gathered(write, 0.01, enough=10)
    assert await asyncio.gather(*(gathered(number) for number in range(3))) == [0, -1, -2]
    assert written == [[0, 1, 2]]


async def test_as_soon_as_there_are_enough_nobody_waits_any_longer() -> None:
    written: list[Sequence[int]] = []

    async def write(given: Sequence[int]) -> Sequence[int]:
        written.append(given)
        return given

    gathered = Gathered(write, LONG_SECONDS, enough=2)
    async with asyncio.timeout(10):
        assert await asyncio.gather(gathered(1), gathered(2)) == [1, 2]
        assert await asyncio.gather(gathered(3), gathered(4)) == [3, 4]
    assert written == [[1, 2], [3, 4]]


async def test_what_the_writing_raises_is_raised_to_all_who_wait() -> None:
    async def write(given: Sequence[int]) -> Sequence[int]:
        raise ValueError(f"{len(given)} were not written")

    gathered = Gathered(write, 0.01, enough=10)
    for failure in await asyncio.gather(gathered(1), gathered(2), return_exceptions=True):
        assert isinstance(failure, ValueError)
    with pytest.raises(ValueError, match="1 were not written"):
        await gathered(3)
