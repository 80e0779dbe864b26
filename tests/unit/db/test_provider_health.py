"""How well providers answer: pauses grow, count what belongs together once, and end by themselves."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.db.provider_health import FIRST_PAUSE_MS, LONGEST_PAUSE_MS, PAUSE_AFTER, BreakerState
from tests.support.db_fixture import MIRA, OTTO, Stage, open_stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncGenerator[Stage]:
    """Open a store."""
    async with open_stage(tmp_path / "a.db") as stage:
        yield stage


async def test_a_provider_is_paused_after_three_failures_in_a_row(stage: Stage) -> None:
    health = stage.store.provider_health
    for _ in range(PAUSE_AFTER - 1):
        assert (await health.record_failure("ttapi", stage.now)).state(stage.now) is not BreakerState.OPEN
    condition = await health.record_failure("ttapi", stage.now)
    assert condition.state(stage.now) is BreakerState.OPEN
    assert condition.state(stage.now + FIRST_PAUSE_MS) is not BreakerState.OPEN
    assert await health.get("ttapi") == condition


async def test_what_failed_together_counts_as_one_pause(stage: Stage) -> None:
    condition = [await stage.store.provider_health.record_failure("ttapi", stage.now) for _ in range(10)][-1]
    assert condition.failures == PAUSE_AFTER
    assert condition.paused_until_ms == stage.now + FIRST_PAUSE_MS


async def test_pauses_grow_up_to_a_bound(stage: Stage) -> None:
    pauses: list[int] = []
    for _ in range(20):
        condition = await stage.store.provider_health.record_failure("ttapi", stage.now)
        if condition.state(stage.now) is BreakerState.OPEN:
            pauses.append(condition.paused_until_ms - stage.now)
            stage.now = condition.paused_until_ms
    assert pauses == sorted(pauses)
    assert pauses[0] == FIRST_PAUSE_MS
    assert pauses[-1] == LONGEST_PAUSE_MS


async def test_an_answer_ends_the_count_but_not_a_pause_that_was_asked_for(stage: Stage) -> None:
    health = stage.store.provider_health
    await health.record_failure("ttapi", stage.now)
    await health.record_failure("ttapi", stage.now)
    await health.pause("ttapi", stage.now + 3_600_000)
    await health.record_success("ttapi")
    condition = await health.get("ttapi")
    assert condition.failures == 0
    assert condition.paused_until_ms == stage.now + 3_600_000


async def test_a_failure_never_shortens_a_pause_that_was_asked_for(stage: Stage) -> None:
    health = stage.store.provider_health
    await health.pause("ttapi", stage.now + 3_600_000)
    for _ in range(5):
        await health.record_failure("ttapi", stage.now)
    assert (await health.get("ttapi")).paused_until_ms == stage.now + 3_600_000


async def test_an_ailing_provider_is_tried_with_one_job_until_that_is_answered(stage: Stage) -> None:
    first, second = await stage.queued(user=MIRA), await stage.queued(user=OTTO)
    assert len(await stage.admit(first, second, alone=True)) == 1
    assert await stage.admit(first, second, alone=True) == []
