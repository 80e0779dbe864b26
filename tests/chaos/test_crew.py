"""The short form with three bots on one PostgreSQL; `python -m tests.chaos --postgres` is longer."""

from pathlib import Path

from tests.chaos.checks.report import judge
from tests.chaos.crew import set_crew

SEED = 20_261_130

DEATHS = 4


async def test_when_one_of_three_dies_each_time_nothing_is_lost_or_paid_twice(tmp_path: Path) -> None:
    async with set_crew(tmp_path, SEED, members=8, DEFAULT_CREDITS="60") as runner:
        await runner.begin()
        for _ in range(DEATHS):
            await runner.die_by_chance()
        await runner.die_while_starting()
        verdict = judge(runner, await runner.settle())
        assert verdict.problems == []
        assert verdict.counts["duplicates"] == verdict.counts["lost"] == 0
        assert runner.toll.kills == DEATHS + 2
    assert verdict.counts["delivered"] > 0
