"""The short form: every moment once under a clear sky, then a storm; `make chaos` is the long form."""

from pathlib import Path

from tests.chaos.__main__ import wrong_balances
from tests.chaos.life import Lives, set_lives
from tests.chaos.moments import MOMENTS
from tests.chaos.verdict import Verdict, judge

SEED = 20_261_120

STORMS = 3


async def settled(lives: Lives) -> Verdict:
    """Let everything come to its end, and look at the promises."""
    told = await lives.settle()
    verdict = judge(lives.stage, lives.crowd, lives.records, lives.toll.times)
    assert [*verdict.problems, *wrong_balances(lives, told)] == []
    return verdict


async def test_killed_at_each_moment_nothing_is_lost_or_paid_twice(tmp_path: Path) -> None:
    async with set_lives(tmp_path, SEED, members=8, DEFAULT_CREDITS="60") as lives:
        await lives.begin()
        for moment in MOMENTS:
            await lives.die_at(moment, acts_per_second=0.5, clear=True)
        verdict = await settled(lives)
        assert lives.toll.missed == {}
        assert lives.toll.kills == len(MOMENTS)
    assert verdict.counts["duplicates"] == verdict.counts["lost"] == 0


async def test_killed_by_chance_in_a_storm_nothing_is_lost_or_paid_twice(tmp_path: Path) -> None:
    async with set_lives(tmp_path, SEED, members=8, DEFAULT_CREDITS="60") as lives:
        await lives.begin()
        await lives.die_while_starting()
        for _ in range(STORMS):
            await lives.die_by_chance()
        verdict = await settled(lives)
        assert lives.toll.kills == STORMS + 1
    assert verdict.counts["duplicates"] == verdict.counts["lost"] == 0
    assert verdict.counts["delivered"] > 0
