"""What becomes of a job by what its provider said to the submit: each class of answer, accepted or not."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.domain.job import Job, Kind, State
from bot.domain.params import JobParams, ProviderImageRef
from bot.errors import Accepted, ErrorKind, ProviderError
from bot.providers.types import Submitted
from bot.worker.submission import FIRST_SEARCH_MS, LONGEST_WAIT_MS
from tests.support.db_fixture import DbFixture
from tests.support.scripted_provider import Script
from tests.support.worker_harness import WorkerHarness

PASSING = {ErrorKind.RATE_LIMITED, ErrorKind.QUEUE_FULL, ErrorKind.UNREACHABLE}
OF_THE_PROVIDER = {ErrorKind.UNREACHABLE, ErrorKind.UPSTREAM, ErrorKind.OUTCOME_UNKNOWN, ErrorKind.BAD_RESPONSE}
OF_THE_ACCOUNT = {ErrorKind.AUTH, ErrorKind.INSUFFICIENT_BALANCE, ErrorKind.ACCOUNT_BLOCKED}


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


def says(harness: WorkerHarness, kind: ErrorKind, accepted: Accepted = "no", retry_after: float | None = None) -> None:
    """Let the provider answer every submit with an error."""
    harness.provider.submits = Script(ProviderError(kind, accepted, retry_after=retry_after))


async def settled(harness: WorkerHarness, job: Job) -> Job:
    """Wait for a job's submit to be answered."""
    return await harness.until(
        job,
        lambda found: (
            harness.provider.submits.calls > 0
            and found.lease is None
            and (found.state is not State.QUEUED or found.tries > 0)
            and found.state is not State.FAILING
        ),
    )


@pytest.mark.parametrize("kind", [kind for kind in ErrorKind if kind not in PASSING])
async def test_what_is_surely_refused_ends_and_costs_nothing(harness: WorkerHarness, kind: ErrorKind) -> None:
    says(harness, kind)
    async with harness.working():
        ended = await settled(harness, await harness.request_video())
    assert (ended.state, ended.error_code) == (State.FAILED, "job_failed")
    assert (harness.provider.submits.calls, await harness.used()) == (1, 0)
    # A film of a picture that was sent along has nothing at the provider that could be gone.
    told = ErrorKind.BAD_RESPONSE if kind is ErrorKind.NOT_FOUND else kind
    assert (ended.error_data or {})["reason"] == str(told)


@pytest.mark.parametrize("kind", sorted(PASSING))
async def test_what_passes_by_itself_waits_and_stays_paid_for(harness: WorkerHarness, kind: ErrorKind) -> None:
    says(harness, kind, retry_after=7)
    async with harness.working():
        waiting = await settled(harness, await harness.request_video())
    assert (waiting.state, waiting.tries, waiting.client_token) == (State.QUEUED, 1, None)
    assert waiting.due_ms == harness.clock.now + 7_000
    assert await harness.used() == 8


@pytest.mark.parametrize("accepted", ["maybe", "yes"])
@pytest.mark.parametrize("kind", [ErrorKind.OUTCOME_UNKNOWN, ErrorKind.UNREACHABLE, ErrorKind.MODERATED_PROMPT])
async def test_what_may_be_running_is_looked_for_and_not_sent_again(
    harness: WorkerHarness, kind: ErrorKind, accepted: Accepted
) -> None:
    says(harness, kind, accepted)
    async with harness.working():
        unconfirmed = await settled(harness, await harness.request_video())
    assert (unconfirmed.state, unconfirmed.remote_id) == (State.SUBMITTING, None)
    assert unconfirmed.due_ms == harness.clock.now + FIRST_SEARCH_MS
    assert (harness.provider.submits.calls, await harness.used()) == (1, 8)


async def test_what_is_turned_away_for_too_long_is_given_up(harness: WorkerHarness) -> None:
    says(harness, ErrorKind.QUEUE_FULL)
    async with harness.working():
        job = await harness.request_video()
        await settled(harness, job)
        harness.advance(LONGEST_WAIT_MS)
        ended = await harness.until_state(job, State.FAILED)
    assert (ended.error_data or {})["reason"] == "queue_full"
    assert await harness.used() == 0


async def test_a_shot_is_turned_away_for_as_long_however_long_the_one_before_it_took(harness: WorkerHarness) -> None:
    db = DbFixture(harness.db, harness.store, harness.clock.now)
    one, two = await db.queued_shots(2)
    db.now += LONGEST_WAIT_MS
    await db.finish_shot(one)
    harness.clock.now = db.now
    says(harness, ErrorKind.QUEUE_FULL)
    async with harness.working():
        assert (await settled(harness, two)).state is State.QUEUED
        harness.advance(LONGEST_WAIT_MS)
        ended = await harness.until_state(two, State.FAILED)
    assert (ended.error_data or {})["reason"] == "queue_full"


@pytest.mark.parametrize("kind", list(ErrorKind))
async def test_only_what_speaks_of_the_provider_counts_against_it(harness: WorkerHarness, kind: ErrorKind) -> None:
    await harness.store.provider_health.record_failure("ttapi", harness.clock.now)
    says(harness, kind)
    async with harness.working():
        await settled(harness, await harness.request_video())
    health = await harness.store.provider_health.get("ttapi")
    if kind in OF_THE_PROVIDER or kind is ErrorKind.NOT_FOUND:
        assert health.failures == 2
    else:
        assert health.failures == (1 if kind in OF_THE_ACCOUNT else 0)


async def test_a_submit_that_goes_well_clears_the_providers_failures(harness: WorkerHarness) -> None:
    await harness.store.provider_health.record_failure("ttapi", harness.clock.now)
    async with harness.working():
        await harness.until_state(await harness.request_video(), State.RUNNING)
    assert (await harness.store.provider_health.get("ttapi")).failures == 0


async def test_a_providers_own_picture_that_is_gone_is_told_as_such(harness: WorkerHarness) -> None:
    says(harness, ErrorKind.NOT_FOUND)
    params = JobParams("a boat", provider_image=ProviderImageRef("task", 1))
    async with harness.working():
        ended = await settled(harness, await harness.request(Kind.VIDEO, params))
    assert (ended.error_data or {})["reason"] == "no_such_source"


async def test_a_prompt_that_the_provider_moderates_is_a_strike(harness: WorkerHarness) -> None:
    says(harness, ErrorKind.MODERATED_PROMPT)
    async with harness.working():
        await settled(harness, await harness.request_video())
    rows = await harness.db.fetch("select count(*) as strikes from strike")
    assert rows[0]["strikes"] == 1


async def test_a_refusal_that_is_only_presumed_to_be_the_prompts_is_no_strike(harness: WorkerHarness) -> None:
    harness.provider.submits = Script(ProviderError(ErrorKind.MODERATED_PROMPT, "no", presumed=True))
    async with harness.working():
        ended = await settled(harness, await harness.request_video())
    assert (ended.error_data or {})["reason"] == "moderated_prompt"
    assert await harness.db.fetch("select 1 from strike") == []


async def test_each_submit_has_a_token_of_its_own(harness: WorkerHarness) -> None:
    harness.provider.submits = Script(ProviderError(ErrorKind.QUEUE_FULL, "no"), Submitted("remote 1"))
    async with harness.working():
        job = await harness.request_video()
        await settled(harness, job)
        await harness.advance_until_due(job)
        await harness.until_state(job, State.RUNNING)
    assert len(set(harness.provider.tokens)) == 2
