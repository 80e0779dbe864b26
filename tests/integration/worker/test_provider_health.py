"""Trouble of a provider's own counts in the same way whatever it was asked for, and trouble with a job does not."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.db.provider_health import PAUSE_AFTER, BreakerState
from bot.domain.job import Job, Kind, State
from bot.domain.params import JobParams
from bot.errors import ErrorKind, ProviderError
from tests.support.scripted_provider import Script
from tests.support.worker_harness import Bench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    async with Bench.open(tmp_path) as bench:
        yield bench


async def ask(bench: Bench, kind: Kind) -> Job:
    """Ask for something that goes on from nothing at the provider."""
    pictures = {Kind.BLEND: (bench.image, bench.image), Kind.DESCRIBE: (bench.image,)}.get(kind, ())
    image = bench.image if kind is Kind.VIDEO else None
    return await bench.ask_for(kind, JobParams("a red kite", image=image, images=pictures))


async def made(bench: Bench) -> Job:
    """Write a picture down that the provider knows."""
    job = await bench.ask_for(Kind.IMAGINE, JobParams("a red kite"))
    async with bench.db.transaction() as tx:
        await tx.fetch("update job set state = 'done', remote_id = 'grid', due_ms = null where id = $1", job.id)
    return job


def refuse_all(bench: Bench, kind: ErrorKind) -> None:
    error = ProviderError(kind, "no")
    bench.provider.submits, bench.maker.submits = Script(error), Script(error)


@pytest.mark.parametrize("kind", [Kind.VIDEO, Kind.IMAGINE, Kind.BLEND, Kind.DESCRIBE])
@pytest.mark.parametrize("trouble", [ErrorKind.NOT_FOUND, ErrorKind.BAD_RESPONSE, ErrorKind.UPSTREAM])
async def test_a_provider_whose_address_is_wrong_or_that_fails_is_paused_whatever_it_was_asked_for(
    bench: Bench, kind: Kind, trouble: ErrorKind
) -> None:
    refuse_all(bench, trouble)
    async with bench.working():
        for _ in range(PAUSE_AFTER):
            failed = await bench.until_state(await ask(bench, kind), State.FAILED)
            assert failed.error_data is not None
            assert failed.error_data["reason"] in ("bad_response", "upstream")
    assert (await bench.store.provider_health.get("ttapi")).state(bench.clock.now) is BreakerState.OPEN
    assert await bench.used() == 0


@pytest.mark.parametrize("kind", [Kind.VIDEO, Kind.IMAGINE])
async def test_an_account_in_trouble_is_avoided_whatever_it_was_asked_for(bench: Bench, kind: Kind) -> None:
    refuse_all(bench, ErrorKind.INSUFFICIENT_BALANCE)
    async with bench.working():
        await bench.until_state(await ask(bench, kind), State.FAILED)
    condition = await bench.store.provider_health.get("ttapi")
    assert (condition.account_error, condition.accepts_jobs(bench.clock.now)) == ("insufficient_balance", False)


@pytest.mark.parametrize("kind", [Kind.VIDEO, Kind.IMAGINE])
async def test_a_refusal_that_speaks_of_the_job_ends_the_count_whatever_it_was_asked_for(
    bench: Bench, kind: Kind
) -> None:
    await bench.store.provider_health.record_failure("ttapi", bench.clock.now)
    refuse_all(bench, ErrorKind.INVALID_REQUEST)
    async with bench.working():
        await bench.until_state(await ask(bench, kind), State.FAILED)
    assert (await bench.store.provider_health.get("ttapi")).failures == 0


async def test_a_picture_that_is_not_found_tells_nothing_about_the_provider(bench: Bench) -> None:
    origin = await made(bench)
    await bench.store.provider_health.record_failure("ttapi", bench.clock.now)
    refuse_all(bench, ErrorKind.NOT_FOUND)
    async with bench.working():
        job = await bench.ask_for(Kind.ACTION, JobParams("", action="reroll"), parent_job_id=origin.id)
        failed = await bench.until_state(job, State.FAILED)
    assert failed.error_data is not None
    assert failed.error_data["reason"] == "not_found"
    assert (await bench.store.provider_health.get("ttapi")).failures == 1
