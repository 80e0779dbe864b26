"""The short form: every moment once under a clear sky, a storm, an empty purse, two at once; `make chaos` is longer."""

import asyncio
from pathlib import Path

from tests.chaos.checks.report import Report, judge
from tests.chaos.kill_points.kill_points import MOMENTS
from tests.chaos.runner import ChaosRunner, set_lives

SEED = 20_261_120

STORMS = 3

PATIENCE = 60.0
"""Seconds for each moment: under a clear sky every one comes, however busy the machine is."""


async def settled(runner: ChaosRunner) -> Report:
    """Let everything come to its end, and look at the promises."""
    verdict = judge(runner, await runner.settle())
    assert verdict.problems == []
    assert verdict.counts["duplicates"] == verdict.counts["lost"] == 0
    return verdict


async def test_killed_at_each_moment_nothing_is_lost_or_paid_twice(tmp_path: Path) -> None:
    async with set_lives(tmp_path, SEED, members=8, DEFAULT_CREDITS="120") as runner:
        await runner.begin()
        for moment in MOMENTS:
            await runner.die_at(moment, acts_per_second=0.5, clear=True, patience=PATIENCE)
        verdict = await settled(runner)
        assert runner.toll.missed == {}
        assert runner.toll.kills == len(MOMENTS)
    assert verdict.counts["removed"] > verdict.counts["forgotten"] > 0


async def test_killed_by_chance_in_a_storm_nothing_is_lost_or_paid_twice(tmp_path: Path) -> None:
    async with set_lives(tmp_path, SEED, members=8, DEFAULT_CREDITS="60") as runner:
        await runner.begin()
        await runner.die_while_starting()
        for _ in range(STORMS):
            await runner.die_by_chance()
        verdict = await settled(runner)
        assert runner.toll.kills == STORMS + 1
    assert verdict.counts["delivered"] > 0


async def test_everybody_asks_while_the_servers_purse_runs_out_and_it_never_pays_more_than_it_has(
    tmp_path: Path,
) -> None:
    async with set_lives(tmp_path, SEED, members=8, DEFAULT_CREDITS="60", SERVER_CREDITS="30") as runner:
        await runner.begin()
        async with asyncio.timeout(PATIENCE):
            while not runner.database.read("select 1 from job where error_code = 'server_out_of_credits'"):
                await runner.die_by_chance(acts_per_second=20, clear=True)
        verdict = await settled(runner)
        [server] = runner.database.read("select * from account where user_id = 0")
        assert server["cap"] == 30
        assert 0 < server["used"] <= 30
    assert verdict.counts["failed: server_out_of_credits"] > 0


async def test_when_one_of_two_is_killed_the_other_ends_the_work_of_both(tmp_path: Path) -> None:
    async with set_lives(tmp_path, SEED, members=8, DEFAULT_CREDITS="60") as runner:
        await runner.one_of_two_outlives()
        await runner.one_of_two_dies()
        verdict = await settled(runner)
        assert runner.toll.kills == 3
    assert verdict.counts["delivered"] > 0
