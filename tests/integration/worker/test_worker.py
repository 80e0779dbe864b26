"""What becomes of jobs whose steps go wrong: nothing is sent twice, nothing paid is lost, all else is given back."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, cast

import pytest

from bot.domain.job import Job, State
from bot.errors import ErrorKind, ProviderError
from bot.providers.types import RemoteState, Snapshot, Submitted
from bot.worker.steps import GIVE_UP_TRIES
from bot.worker.submission import UNCONFIRMED_GRACE_MS
from tests.support.scripted_provider import Gate, Script
from tests.support.worker_harness import MP4, TIMEOUT_SECONDS, WorkerHarness

HOUR_MS = 3_600_000

RUNNING = Snapshot(RemoteState.RUNNING, 42)


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


def made(harness: WorkerHarness, clips: int = 4) -> Snapshot:
    return Snapshot(RemoteState.SUCCEEDED, 100, harness.clips[:clips], "remote 1", "40")


def error(kind: ErrorKind, accepted: str = "no", retry_after: float | None = None) -> ProviderError:
    assert accepted in ("no", "yes", "maybe")
    return ProviderError(kind, accepted, retry_after=retry_after)


async def test_a_request_goes_all_the_way(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
        await harness.advance_until_due(job)
        done = await harness.until_state(job, State.DONE)
    assert (harness.provider.submits.calls, harness.publisher.delivered) == (1, [job.id])
    assert done.provider_cost == "40"
    assert await harness.used() == 8
    for clip in await harness.store.clips.clips(job.id):
        assert clip.media_file is not None
        assert await harness.media.read(clip.media_file) == MP4


async def test_a_step_that_raises_is_put_back_with_growing_pauses(harness: WorkerHarness) -> None:
    harness.publisher.deliveries = Script(RuntimeError("a bug"), RuntimeError("again"), RuntimeError("and again"), True)
    pauses: list[int] = []
    async with harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
        await harness.advance_until_due(job)
        for tries in (1, 2, 3):
            back = await harness.until_rescheduled(job, tries)
            assert back.state is State.READY
            pauses.append((back.due_ms or 0) - harness.clock.now)
            await harness.advance_until_due(job)
        await harness.until_state(job, State.DONE)
    assert pauses == [2000, 4000, 8000]
    assert await harness.used() == 8


async def test_a_job_that_is_turned_away_waits_and_is_submitted_again(harness: WorkerHarness) -> None:
    harness.provider.submits = Script(error(ErrorKind.RATE_LIMITED, retry_after=30), Submitted("remote 1"))
    async with harness.working():
        job = await harness.request_video()
        queued = await harness.until(job, lambda job: job.state is State.QUEUED and job.tries == 1)
        assert queued.due_ms == harness.clock.now + 30_000
        await harness.advance_idle(29_999)
        assert harness.provider.submits.calls == 1
        harness.advance(1)
        await harness.until_state(job, State.RUNNING)
    assert harness.provider.submits.calls == 2
    assert len(set(harness.provider.tokens)) == 2
    assert await harness.used() == 8


def reasons(harness: WorkerHarness) -> list[Any]:
    """Give the reasons that members were told."""
    return [cast("dict[str, Any]", data)["reason"] for _, data in harness.publisher.told]


async def test_a_refusal_that_does_not_pass_gives_all_credits_back_at_once(harness: WorkerHarness) -> None:
    harness.provider.submits = Script(error(ErrorKind.MODERATED_PROMPT))
    async with harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.FAILED)
    assert reasons(harness) == ["moderated_prompt"]
    assert harness.provider.submits.calls == 1
    assert await harness.used() == 0


async def test_a_job_is_not_turned_away_for_ever(harness: WorkerHarness) -> None:
    harness.provider.submits = Script(error(ErrorKind.QUEUE_FULL, retry_after=3600))
    async with harness.working():
        job = await harness.request_video()
        for tries in range(1, 7):
            await harness.until(job, lambda job, tries=tries: job.state is State.QUEUED and job.tries == tries)
            await harness.advance_until_due(job)
        await harness.until_state(job, State.FAILED)
    assert reasons(harness) == ["queue_full"]
    assert await harness.used() == 0


async def test_an_ambiguous_submit_is_never_repeated_and_refunded_after_the_grace(harness: WorkerHarness) -> None:
    harness.provider.submits = Script(error(ErrorKind.OUTCOME_UNKNOWN, "maybe"))
    async with harness.working():
        job = await harness.request_video()

        def waits(job: Job) -> bool:
            return job.state is State.SUBMITTING and job.lease is None and (job.due_ms or 0) > harness.clock.now

        while (await harness.until(job, lambda job: waits(job) or job.state is State.FAILED)).state is State.SUBMITTING:
            assert await harness.used() == 8
            await harness.advance_until_due(job)
        failed = await harness.get(job)
    assert (failed.finished_ms or 0) - (failed.submitted_ms or 0) >= UNCONFIRMED_GRACE_MS
    assert harness.provider.submits.calls == 1
    assert [code for code, _ in harness.publisher.told] == ["unknown_charge"]
    assert await harness.used() == 0


async def test_poll_errors_do_not_end_a_job(harness: WorkerHarness) -> None:
    troubles = [error(kind) for kind in (ErrorKind.UNREACHABLE, ErrorKind.UPSTREAM, ErrorKind.RATE_LIMITED)] * 3
    harness.provider.polls = Script(*troubles, RUNNING, made(harness))
    async with harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
        for tries in range(1, len(troubles) + 1):
            await harness.advance_until_due(job)
            await harness.until_rescheduled(job, tries)
        await harness.advance_until_due(job)
        assert (await harness.until_rescheduled(job, 0)).progress == 42
        await harness.advance_until_due(job)
        await harness.until_state(job, State.DONE)
    assert await harness.used() == 8


@pytest.mark.parametrize(
    "nothing",
    [
        error(ErrorKind.NOT_FOUND),
        Snapshot(RemoteState.RUNNING, 100, error=error(ErrorKind.RESULT_MISSING, "yes")),
    ],
    ids=["the job is unknown", "the result is missing"],
)
async def test_a_job_that_cannot_be_found_or_read_is_given_up_after_a_grace(
    harness: WorkerHarness, nothing: Snapshot | ProviderError
) -> None:
    harness.provider.polls = Script(nothing)
    async with harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
        for tries in range(1, GIVE_UP_TRIES):
            await harness.advance_until_due(job)
            assert (await harness.until_rescheduled(job, tries)).state is State.RUNNING
        await harness.advance_until_due(job)
        await harness.until_state(job, State.FAILED)
    assert await harness.used() == 0


async def test_a_result_that_stays_incomplete_is_delivered_as_far_as_it_goes(harness: WorkerHarness) -> None:
    missing = error(ErrorKind.RESULT_MISSING, "yes")
    harness.provider.polls = Script(Snapshot(RemoteState.RUNNING, 100, harness.clips[:3], "remote 1", "40", missing))
    async with harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
        for tries in range(1, GIVE_UP_TRIES):
            await harness.advance_until_due(job)
            await harness.until_rescheduled(job, tries)
        await harness.advance_until_due(job)
        await harness.until_state(job, State.DONE)
    assert len(await harness.store.clips.clips(job.id)) == 3
    assert await harness.used() == 6


async def test_a_job_that_runs_past_its_deadline_is_ended_and_refunded(harness: WorkerHarness) -> None:
    harness.provider.polls = Script(RUNNING)
    async with harness.working():
        job = await harness.request_video()
        running = await harness.until_state(job, State.RUNNING)
        assert running.deadline_ms is not None
        harness.advance(running.deadline_ms - harness.clock.now)
        await harness.until(job, lambda job: job.progress == 42 and job.lease is None)
        await harness.advance_until_due(job)
        await harness.until_state(job, State.FAILED)
    assert reasons(harness) == ["job_timeout"]
    assert await harness.used() == 0


@pytest.mark.parametrize("trouble", [error(ErrorKind.UNREACHABLE), RuntimeError("a bug")], ids=["network", "bug"])
async def test_a_result_that_was_made_while_we_were_away_survives_one_trouble(
    harness: WorkerHarness, trouble: Exception
) -> None:
    harness.provider.polls = Script(trouble, made(harness))
    async with harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
    harness.clock.now += HOUR_MS
    async with harness.working():
        await harness.until_rescheduled(job, 1)
        await harness.advance_until_due(job)
        await harness.until_state(job, State.DONE)
    assert await harness.used() == 8


@pytest.mark.parametrize("trouble", [error(ErrorKind.UNREACHABLE), RuntimeError("a bug")], ids=["network", "bug"])
async def test_a_job_that_cannot_be_asked_for_long_after_its_deadline_is_given_up(
    harness: WorkerHarness, trouble: Exception
) -> None:
    harness.provider.polls = Script(trouble)
    async with harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
        harness.advance(HOUR_MS)
        for tries in range(1, GIVE_UP_TRIES):
            await harness.until_rescheduled(job, tries)
            await harness.advance_until_due(job)
        await harness.until_state(job, State.FAILED)
    assert await harness.used() == 0


async def test_a_bug_met_again_and_again_does_not_end_a_paid_job_before_its_deadline(harness: WorkerHarness) -> None:
    bugs = [RuntimeError("a bug")] * (GIVE_UP_TRIES + 2)
    harness.provider.polls = Script(*bugs, made(harness))
    async with harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
        for tries in range(1, len(bugs) + 1):
            await harness.advance_until_due(job)
            await harness.until_rescheduled(job, tries)
        await harness.advance_until_due(job)
        await harness.until_state(job, State.DONE)
    assert await harness.used() == 8


async def test_a_woken_job_is_asked_for_at_once(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
        assert harness.provider.polls.calls == 0
        await harness.store.jobs.wake(job.id, harness.clock.now)
        harness.wake()
        await harness.until_state(job, State.DONE)


async def test_a_late_answer_is_taken_even_after_the_refund(harness: WorkerHarness) -> None:
    gate = Gate(Submitted("remote 1"))
    harness.provider.submits = Script(gate)
    async with harness.working():
        job = await harness.request_video()
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await gate.reached.wait()
        # The process was so slow that its lease ended, and the job was claimed again, and given up.
        harness.advance(UNCONFIRMED_GRACE_MS + HOUR_MS)
        await harness.until_state(job, State.FAILED)
        assert await harness.used() == 0
        gate.open()
        await harness.until_state(job, State.RUNNING)
        await harness.advance_until_due(job)
        await harness.until_state(job, State.DONE)
    assert harness.provider.submits.calls == 1
    assert await harness.used() == 0
    assert harness.publisher.delivered == [job.id]
