"""Somebody sets the machine's wall clock: jobs go on as if nobody had, and people are told by the clock on the wall."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.db.provider_health import BreakerState
from bot.domain.credits import PriceList
from bot.domain.job import State
from bot.domain.job_lists import JobQuery
from bot.domain.periods import Period
from bot.providers.types import RemoteState, Snapshot
from bot.services.clip_links import ClipLinks
from bot.services.job_lists import JobLists
from bot.services.quotas import QuotaService
from bot.ui.card_data import CardBuilder
from tests.support.scripted_provider import Script
from tests.support.worker_harness import NOON, POLL_MS, Clock, WorkerHarness

HOUR_MS = 3_600_000
SHIFTS = pytest.mark.parametrize("shift_ms", [-6 * HOUR_MS, 6 * HOUR_MS], ids=["put back", "put forward"])


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


@SHIFTS
async def test_a_running_job_is_asked_for_and_delivered_in_its_time(harness: WorkerHarness, shift_ms: int) -> None:
    finished = harness.provider.polls
    harness.provider.polls = Script(Snapshot(RemoteState.RUNNING, 42))
    async with harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
        harness.clock.wall_shift_ms = shift_ms
        harness.advance(POLL_MS)
        asked = await harness.until(job, lambda job: job.progress == 42 and job.lease is None)
        assert asked.state is State.RUNNING  # its deadline is not over either
        harness.provider.polls = finished
        harness.advance(POLL_MS)
        await harness.until_state(job, State.DONE)


@SHIFTS
async def test_a_period_is_the_one_that_the_wall_clock_shows(harness: WorkerHarness, shift_ms: int) -> None:
    harness.clock.wall_shift_ms = 4 * shift_ms
    async with harness.working():
        job = await harness.until_state(await harness.request_video(), State.RUNNING)
    wall = NOON + 4 * shift_ms
    assert job.period == Period.DAY.key(wall)
    balance = await QuotaService(harness.store, harness.clock, harness.wake).balance(1, 11, ())
    assert (balance.used, balance.renews_ms) == (8, Period.DAY.renews_ms(wall))


async def test_after_a_restart_with_a_clock_put_back_no_job_waits_for_the_old_time(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
        await harness.store.provider_health.pause("ttapi", harness.clock() + HOUR_MS)
    harness.clock = Clock(now=NOON - 6 * HOUR_MS)
    assert (await harness.store.provider_health.get("ttapi")).state(harness.clock()) is BreakerState.CLOSED
    async with harness.working():
        await harness.until_state(job, State.DONE)


@SHIFTS
async def test_people_are_told_times_as_their_own_clocks_show_them(harness: WorkerHarness, shift_ms: int) -> None:
    job = await harness.request_video()
    await harness.store.provider_health.pause("ttapi", harness.clock() + 60_000)
    harness.clock.wall_shift_ms = shift_ms
    [listed] = (await JobLists(harness.store, harness.media, harness.clock).page(1, JobQuery(11))).jobs
    assert listed.created_ms == NOON + shift_ms
    builder = CardBuilder(
        harness.store,
        {},
        ClipLinks(harness.store, harness.media, None),
        prices=PriceList(),
        max_running=2,
        max_running_per_user=2,
        clock=harness.clock,
    )
    facts = await harness.store.card_facts.read(job.id)
    assert facts is not None
    card = await builder.build(job, facts)
    assert card.paused_until_ms == NOON + shift_ms + 60_000
    assert card.job.created_ms == NOON + shift_ms
