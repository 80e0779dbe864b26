"""How well providers answer: pauses grow, count what belongs together once, and end by themselves."""

from collections.abc import AsyncGenerator

import pytest_asyncio

from bot.db.provider_health import FIRST_PAUSE_MS, LONGEST_PAUSE_MS, PAUSE_AFTER, BreakerState
from tests.support.db_engines import Engine
from tests.support.db_fixture import HOUR_MS, MIRA, OTTO, DbFixture


@pytest_asyncio.fixture(loop_scope="session")
async def db(engine: Engine) -> AsyncGenerator[DbFixture]:
    """Open a store."""
    async with engine.open_store() as db:
        yield db


async def test_a_provider_is_paused_after_three_failures_in_a_row(db: DbFixture) -> None:
    health = db.store.provider_health
    for _ in range(PAUSE_AFTER - 1):
        assert (await health.record_failure("ttapi", db.now)).state(db.now) is not BreakerState.OPEN
    condition = await health.record_failure("ttapi", db.now)
    assert condition.state(db.now) is BreakerState.OPEN
    assert condition.state(db.now + FIRST_PAUSE_MS) is not BreakerState.OPEN
    assert await health.get("ttapi") == condition


async def test_what_failed_together_counts_as_one_pause(db: DbFixture) -> None:
    condition = [await db.store.provider_health.record_failure("ttapi", db.now) for _ in range(10)][-1]
    assert condition.failures == PAUSE_AFTER
    assert condition.paused_until_ms == db.now + FIRST_PAUSE_MS


async def test_pauses_grow_up_to_a_bound(db: DbFixture) -> None:
    pauses: list[int] = []
    for _ in range(20):
        condition = await db.store.provider_health.record_failure("ttapi", db.now)
        if condition.state(db.now) is BreakerState.OPEN:
            pauses.append(condition.paused_until_ms - db.now)
            db.now = condition.paused_until_ms
    assert pauses == sorted(pauses)
    assert pauses[0] == FIRST_PAUSE_MS
    assert pauses[-1] == LONGEST_PAUSE_MS


async def test_an_answer_ends_the_count_but_not_a_pause_that_was_asked_for(db: DbFixture) -> None:
    health = db.store.provider_health
    await health.record_failure("ttapi", db.now)
    await health.record_failure("ttapi", db.now)
    await health.pause("ttapi", db.now + 3_600_000)
    await health.record_success("ttapi")
    condition = await health.get("ttapi")
    assert condition.failures == 0
    assert condition.paused_until_ms == db.now + 3_600_000


async def test_a_failure_never_shortens_a_pause_that_was_asked_for(db: DbFixture) -> None:
    health = db.store.provider_health
    await health.pause("ttapi", db.now + 3_600_000)
    for _ in range(5):
        await health.record_failure("ttapi", db.now)
    assert (await health.get("ttapi")).paused_until_ms == db.now + 3_600_000


async def test_an_ailing_provider_is_tried_with_one_job_until_that_is_answered(db: DbFixture) -> None:
    first, second = await db.queued(user=MIRA), await db.queued(user=OTTO)
    assert len(await db.admit(first, second, alone=True)) == 1
    assert await db.admit(first, second, alone=True) == []


async def test_a_pause_that_a_wrong_clock_has_written_is_over(db: DbFixture) -> None:
    health = db.store.provider_health
    for _ in range(PAUSE_AFTER):
        await health.record_failure("ttapi", db.now)
    await health.block_account("ttapi", "auth", db.now + 600_000)
    db.now -= 6 * HOUR_MS
    assert (await health.get("ttapi")).accepts_jobs(db.now)
    assert (await health.get("ttapi")).state(db.now) is BreakerState.HALF_OPEN
    again = await health.record_failure("ttapi", db.now)
    assert again.state(db.now) is BreakerState.OPEN
    assert again.paused_until_ms <= db.now + LONGEST_PAUSE_MS


async def test_a_pause_that_is_asked_for_replaces_one_that_a_wrong_clock_has_written(db: DbFixture) -> None:
    health = db.store.provider_health
    await health.pause("ttapi", db.now + 6 * HOUR_MS)
    await health.pause("ttapi", db.now + 60_000)
    assert (await health.get("ttapi")).paused_until_ms == db.now + 60_000


async def test_a_pause_of_a_wrong_clock_does_not_come_back_when_its_time_is_near(db: DbFixture) -> None:
    health = db.store.provider_health
    await health.pause("ttapi", db.now + 6 * HOUR_MS)
    await health.block_account("ttapi", "auth", db.now + 6 * HOUR_MS)
    await health.pause("acedata", db.now + HOUR_MS)
    await health.forget_far(db.now)
    assert (await health.get("ttapi")).accepts_jobs(db.now + 5 * HOUR_MS)
    assert not (await health.get("acedata")).accepts_jobs(db.now)
