"""What becomes of a job by what its provider said to the submit: each class of answer, accepted or not."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.domain.job import Job, Kind, State
from bot.domain.params import JobParams, ProviderImageRef
from bot.errors import Accepted, ErrorKind, ProviderError
from bot.providers.types import Submitted
from bot.worker.submission import FIRST_SEARCH_MS, LONGEST_WAIT_MS
from tests.support.scripted_provider import Script
from tests.support.worker_harness import Bench

PASSING = {ErrorKind.RATE_LIMITED, ErrorKind.QUEUE_FULL, ErrorKind.UNREACHABLE}
OF_THE_PROVIDER = {ErrorKind.UNREACHABLE, ErrorKind.UPSTREAM, ErrorKind.OUTCOME_UNKNOWN, ErrorKind.BAD_RESPONSE}
OF_THE_ACCOUNT = {ErrorKind.AUTH, ErrorKind.INSUFFICIENT_BALANCE, ErrorKind.ACCOUNT_BLOCKED}


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    async with Bench.open(tmp_path) as bench:
        yield bench


def says(bench: Bench, kind: ErrorKind, accepted: Accepted = "no", retry_after: float | None = None) -> None:
    """Let the provider answer every submit with an error."""
    bench.provider.submits = Script(ProviderError(kind, accepted, retry_after=retry_after))


async def settled(bench: Bench, job: Job) -> Job:
    """Wait for a job's submit to be answered."""
    return await bench.until(
        job,
        lambda found: (
            bench.provider.submits.calls > 0
            and found.lease is None
            and (found.state is not State.QUEUED or found.tries > 0)
            and found.state is not State.FAILING
        ),
    )


@pytest.mark.parametrize("kind", [kind for kind in ErrorKind if kind not in PASSING])
async def test_what_is_surely_refused_ends_and_costs_nothing(bench: Bench, kind: ErrorKind) -> None:
    says(bench, kind)
    async with bench.working():
        ended = await settled(bench, await bench.ask())
    assert (ended.state, ended.error_code) == (State.FAILED, "job_failed")
    assert (bench.provider.submits.calls, await bench.used()) == (1, 0)
    # A film of a picture that was sent along has nothing at the provider that could be gone.
    told = ErrorKind.BAD_RESPONSE if kind is ErrorKind.NOT_FOUND else kind
    assert (ended.error_data or {})["reason"] == str(told)


@pytest.mark.parametrize("kind", sorted(PASSING))
async def test_what_passes_by_itself_waits_and_stays_paid_for(bench: Bench, kind: ErrorKind) -> None:
    says(bench, kind, retry_after=7)
    async with bench.working():
        waiting = await settled(bench, await bench.ask())
    assert (waiting.state, waiting.tries, waiting.client_token) == (State.QUEUED, 1, None)
    assert waiting.due_ms == bench.clock.now + 7_000
    assert await bench.used() == 8


@pytest.mark.parametrize("accepted", ["maybe", "yes"])
@pytest.mark.parametrize("kind", [ErrorKind.OUTCOME_UNKNOWN, ErrorKind.UNREACHABLE, ErrorKind.MODERATED_PROMPT])
async def test_what_may_be_running_is_looked_for_and_not_sent_again(
    bench: Bench, kind: ErrorKind, accepted: Accepted
) -> None:
    says(bench, kind, accepted)
    async with bench.working():
        unconfirmed = await settled(bench, await bench.ask())
    assert (unconfirmed.state, unconfirmed.remote_id) == (State.SUBMITTING, None)
    assert unconfirmed.due_ms == bench.clock.now + FIRST_SEARCH_MS
    assert (bench.provider.submits.calls, await bench.used()) == (1, 8)


async def test_what_is_turned_away_for_too_long_is_given_up(bench: Bench) -> None:
    says(bench, ErrorKind.QUEUE_FULL)
    async with bench.working():
        job = await bench.ask()
        await settled(bench, job)
        bench.turn(LONGEST_WAIT_MS)
        ended = await bench.until_state(job, State.FAILED)
    assert (ended.error_data or {})["reason"] == "queue_full"
    assert await bench.used() == 0


@pytest.mark.parametrize("kind", list(ErrorKind))
async def test_only_what_speaks_of_the_provider_counts_against_it(bench: Bench, kind: ErrorKind) -> None:
    await bench.store.provider_health.record_failure("ttapi", bench.clock.now)
    says(bench, kind)
    async with bench.working():
        await settled(bench, await bench.ask())
    health = await bench.store.provider_health.get("ttapi")
    if kind in OF_THE_PROVIDER or kind is ErrorKind.NOT_FOUND:
        assert health.failures == 2
    else:
        assert health.failures == (1 if kind in OF_THE_ACCOUNT else 0)


async def test_a_submit_that_goes_well_clears_the_providers_failures(bench: Bench) -> None:
    await bench.store.provider_health.record_failure("ttapi", bench.clock.now)
    async with bench.working():
        await bench.until_state(await bench.ask(), State.RUNNING)
    assert (await bench.store.provider_health.get("ttapi")).failures == 0


async def test_a_providers_own_picture_that_is_gone_is_told_as_such(bench: Bench) -> None:
    says(bench, ErrorKind.NOT_FOUND)
    params = JobParams("a boat", provider_image=ProviderImageRef("task", 1))
    async with bench.working():
        ended = await settled(bench, await bench.ask_for(Kind.VIDEO, params))
    assert (ended.error_data or {})["reason"] == "no_such_source"


async def test_a_prompt_that_the_provider_moderates_is_a_strike(bench: Bench) -> None:
    says(bench, ErrorKind.MODERATED_PROMPT)
    async with bench.working():
        await settled(bench, await bench.ask())
    rows = await bench.db.fetch("select count(*) as strikes from strike")
    assert rows[0]["strikes"] == 1


async def test_each_submit_has_a_token_of_its_own(bench: Bench) -> None:
    bench.provider.submits = Script(ProviderError(ErrorKind.QUEUE_FULL, "no"), Submitted("remote 1"))
    async with bench.working():
        job = await bench.ask()
        await settled(bench, job)
        await bench.turn_to_due(job)
        await bench.until_state(job, State.RUNNING)
    assert len(set(bench.provider.tokens)) == 2
