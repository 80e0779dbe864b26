"""Trouble of a provider's own counts in the same way whatever it was asked for, and trouble with a job does not."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.db.provider_health import PAUSE_AFTER, BreakerState
from bot.domain.job import Job, Kind, State
from bot.domain.params import JobParams
from bot.errors import ErrorKind, ProviderError
from tests.support.scripted_provider import Script
from tests.support.worker_harness import WorkerHarness


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


async def ask(harness: WorkerHarness, kind: Kind) -> Job:
    """Ask for something that goes on from nothing at the provider."""
    pictures = {Kind.BLEND: (harness.image, harness.image), Kind.DESCRIBE: (harness.image,)}.get(kind, ())
    image = harness.image if kind is Kind.VIDEO else None
    return await harness.request(kind, JobParams("a red kite", image=image, images=pictures))


async def made(harness: WorkerHarness) -> Job:
    """Write a picture down that the provider knows."""
    job = await harness.request(Kind.IMAGINE, JobParams("a red kite"))
    async with harness.db.transaction() as tx:
        await tx.fetch("update job set state = 'done', remote_id = 'grid', due_ms = null where id = $1", job.id)
    return job


def refuse_all(harness: WorkerHarness, kind: ErrorKind) -> None:
    error = ProviderError(kind, "no")
    harness.provider.submits, harness.image_provider.submits = Script(error), Script(error)


@pytest.mark.parametrize("kind", [Kind.VIDEO, Kind.IMAGINE, Kind.BLEND, Kind.DESCRIBE])
@pytest.mark.parametrize("trouble", [ErrorKind.NOT_FOUND, ErrorKind.BAD_RESPONSE, ErrorKind.UPSTREAM])
async def test_a_provider_whose_address_is_wrong_or_that_fails_is_paused_whatever_it_was_asked_for(
    harness: WorkerHarness, kind: Kind, trouble: ErrorKind
) -> None:
    refuse_all(harness, trouble)
    async with harness.working():
        for _ in range(PAUSE_AFTER):
            failed = await harness.until_state(await ask(harness, kind), State.FAILED)
            assert failed.error_data is not None
            assert failed.error_data["reason"] in ("bad_response", "upstream")
    assert (await harness.store.provider_health.get("ttapi")).state(harness.clock.now) is BreakerState.OPEN
    assert await harness.used() == 0


@pytest.mark.parametrize("kind", [Kind.VIDEO, Kind.IMAGINE])
async def test_an_account_in_trouble_is_avoided_whatever_it_was_asked_for(harness: WorkerHarness, kind: Kind) -> None:
    refuse_all(harness, ErrorKind.INSUFFICIENT_BALANCE)
    async with harness.working():
        await harness.until_state(await ask(harness, kind), State.FAILED)
    condition = await harness.store.provider_health.get("ttapi")
    assert (condition.account_error, condition.accepts_jobs(harness.clock.now)) == ("insufficient_balance", False)


@pytest.mark.parametrize("kind", [Kind.VIDEO, Kind.IMAGINE])
async def test_a_refusal_that_speaks_of_the_job_ends_the_count_whatever_it_was_asked_for(
    harness: WorkerHarness, kind: Kind
) -> None:
    await harness.store.provider_health.record_failure("ttapi", harness.clock.now)
    refuse_all(harness, ErrorKind.INVALID_REQUEST)
    async with harness.working():
        await harness.until_state(await ask(harness, kind), State.FAILED)
    assert (await harness.store.provider_health.get("ttapi")).failures == 0


async def test_a_picture_that_is_not_found_tells_nothing_about_the_provider(harness: WorkerHarness) -> None:
    origin = await made(harness)
    await harness.store.provider_health.record_failure("ttapi", harness.clock.now)
    refuse_all(harness, ErrorKind.NOT_FOUND)
    async with harness.working():
        job = await harness.request(Kind.ACTION, JobParams("", action="reroll"), parent_job_id=origin.id)
        failed = await harness.until_state(job, State.FAILED)
    assert failed.error_data is not None
    assert failed.error_data["reason"] == "not_found"
    assert (await harness.store.provider_health.get("ttapi")).failures == 1
