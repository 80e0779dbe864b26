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
from tests.support.worker_harness import MP4, PATIENCE, Bench

HOUR_MS = 3_600_000

RUNNING = Snapshot(RemoteState.RUNNING, 42)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    async with Bench.open(tmp_path) as bench:
        yield bench


def made(bench: Bench, clips: int = 4) -> Snapshot:
    return Snapshot(RemoteState.SUCCEEDED, 100, bench.clips[:clips], "remote 1", "40")


def error(kind: ErrorKind, accepted: str = "no", retry_after: float | None = None) -> ProviderError:
    assert accepted in ("no", "yes", "maybe")
    return ProviderError(kind, accepted, retry_after=retry_after)


async def test_a_request_goes_all_the_way(bench: Bench) -> None:
    async with bench.working():
        job = await bench.ask()
        await bench.until_state(job, State.RUNNING)
        await bench.turn_to_due(job)
        done = await bench.until_state(job, State.DONE)
    assert (bench.provider.submits.calls, bench.publisher.delivered) == (1, [job.id])
    assert done.provider_cost == "40"
    assert await bench.used() == 8
    for clip in await bench.store.clips.clips(job.id):
        assert clip.media_file is not None
        assert await bench.media.read(clip.media_file) == MP4


async def test_a_step_that_raises_is_put_back_with_growing_pauses(bench: Bench) -> None:
    bench.publisher.deliveries = Script(RuntimeError("a bug"), RuntimeError("again"), RuntimeError("and again"), True)
    pauses: list[int] = []
    async with bench.working():
        job = await bench.ask()
        await bench.until_state(job, State.RUNNING)
        await bench.turn_to_due(job)
        for tries in (1, 2, 3):
            back = await bench.until_given_back(job, tries)
            assert back.state is State.READY
            pauses.append((back.due_ms or 0) - bench.clock.now)
            await bench.turn_to_due(job)
        await bench.until_state(job, State.DONE)
    assert pauses == [2000, 4000, 8000]
    assert await bench.used() == 8


async def test_a_job_that_is_turned_away_waits_and_is_submitted_again(bench: Bench) -> None:
    bench.provider.submits = Script(error(ErrorKind.RATE_LIMITED, retry_after=30), Submitted("remote 1"))
    async with bench.working():
        job = await bench.ask()
        queued = await bench.until(job, lambda job: job.state is State.QUEUED and job.tries == 1)
        assert queued.due_ms == bench.clock.now + 30_000
        await bench.turn_for_nothing(29_999)
        assert bench.provider.submits.calls == 1
        bench.turn(1)
        await bench.until_state(job, State.RUNNING)
    assert bench.provider.submits.calls == 2
    assert len(set(bench.provider.tokens)) == 2
    assert await bench.used() == 8


def reasons(bench: Bench) -> list[Any]:
    """Give the reasons that members were told."""
    return [cast("dict[str, Any]", data)["reason"] for _, data in bench.publisher.told]


async def test_a_refusal_that_does_not_pass_gives_all_credits_back_at_once(bench: Bench) -> None:
    bench.provider.submits = Script(error(ErrorKind.MODERATED_PROMPT))
    async with bench.working():
        job = await bench.ask()
        await bench.until_state(job, State.FAILED)
    assert reasons(bench) == ["moderated_prompt"]
    assert bench.provider.submits.calls == 1
    assert await bench.used() == 0


async def test_a_job_is_not_turned_away_for_ever(bench: Bench) -> None:
    bench.provider.submits = Script(error(ErrorKind.QUEUE_FULL, retry_after=3600))
    async with bench.working():
        job = await bench.ask()
        for tries in range(1, 7):
            await bench.until(job, lambda job, tries=tries: job.state is State.QUEUED and job.tries == tries)
            await bench.turn_to_due(job)
        await bench.until_state(job, State.FAILED)
    assert reasons(bench) == ["queue_full"]
    assert await bench.used() == 0


async def test_an_ambiguous_submit_is_never_repeated_and_refunded_after_the_grace(bench: Bench) -> None:
    bench.provider.submits = Script(error(ErrorKind.OUTCOME_UNKNOWN, "maybe"))
    async with bench.working():
        job = await bench.ask()

        def waits(job: Job) -> bool:
            return job.state is State.SUBMITTING and job.lease is None and (job.due_ms or 0) > bench.clock.now

        while (await bench.until(job, lambda job: waits(job) or job.state is State.FAILED)).state is State.SUBMITTING:
            assert await bench.used() == 8
            await bench.turn_to_due(job)
        failed = await bench.get(job)
    assert (failed.finished_ms or 0) - (failed.submitted_ms or 0) >= UNCONFIRMED_GRACE_MS
    assert bench.provider.submits.calls == 1
    assert [code for code, _ in bench.publisher.told] == ["unknown_charge"]
    assert await bench.used() == 0


async def test_poll_errors_do_not_end_a_job(bench: Bench) -> None:
    troubles = [error(kind) for kind in (ErrorKind.UNREACHABLE, ErrorKind.UPSTREAM, ErrorKind.RATE_LIMITED)] * 3
    bench.provider.polls = Script(*troubles, RUNNING, made(bench))
    async with bench.working():
        job = await bench.ask()
        await bench.until_state(job, State.RUNNING)
        for tries in range(1, len(troubles) + 1):
            await bench.turn_to_due(job)
            await bench.until_given_back(job, tries)
        await bench.turn_to_due(job)
        assert (await bench.until_given_back(job, 0)).progress == 42
        await bench.turn_to_due(job)
        await bench.until_state(job, State.DONE)
    assert await bench.used() == 8


@pytest.mark.parametrize(
    "nothing",
    [
        error(ErrorKind.NOT_FOUND),
        Snapshot(RemoteState.RUNNING, 100, error=error(ErrorKind.RESULT_MISSING, "yes")),
    ],
    ids=["the job is unknown", "the result is missing"],
)
async def test_a_job_that_cannot_be_found_or_read_is_given_up_after_a_grace(
    bench: Bench, nothing: Snapshot | ProviderError
) -> None:
    bench.provider.polls = Script(nothing)
    async with bench.working():
        job = await bench.ask()
        await bench.until_state(job, State.RUNNING)
        for tries in range(1, GIVE_UP_TRIES):
            await bench.turn_to_due(job)
            assert (await bench.until_given_back(job, tries)).state is State.RUNNING
        await bench.turn_to_due(job)
        await bench.until_state(job, State.FAILED)
    assert await bench.used() == 0


async def test_a_result_that_stays_incomplete_is_delivered_as_far_as_it_goes(bench: Bench) -> None:
    missing = error(ErrorKind.RESULT_MISSING, "yes")
    bench.provider.polls = Script(Snapshot(RemoteState.RUNNING, 100, bench.clips[:3], "remote 1", "40", missing))
    async with bench.working():
        job = await bench.ask()
        await bench.until_state(job, State.RUNNING)
        for tries in range(1, GIVE_UP_TRIES):
            await bench.turn_to_due(job)
            await bench.until_given_back(job, tries)
        await bench.turn_to_due(job)
        await bench.until_state(job, State.DONE)
    assert len(await bench.store.clips.clips(job.id)) == 3
    assert await bench.used() == 6


async def test_a_job_that_runs_past_its_deadline_is_ended_and_refunded(bench: Bench) -> None:
    bench.provider.polls = Script(RUNNING)
    async with bench.working():
        job = await bench.ask()
        running = await bench.until_state(job, State.RUNNING)
        assert running.deadline_ms is not None
        bench.turn(running.deadline_ms - bench.clock.now)
        await bench.until(job, lambda job: job.progress == 42 and job.lease is None)
        await bench.turn_to_due(job)
        await bench.until_state(job, State.FAILED)
    assert reasons(bench) == ["job_timeout"]
    assert await bench.used() == 0


@pytest.mark.parametrize("trouble", [error(ErrorKind.UNREACHABLE), RuntimeError("a bug")], ids=["network", "bug"])
async def test_a_result_that_was_made_while_we_were_away_survives_one_trouble(bench: Bench, trouble: Exception) -> None:
    bench.provider.polls = Script(trouble, made(bench))
    async with bench.working():
        job = await bench.ask()
        await bench.until_state(job, State.RUNNING)
    bench.clock.now += HOUR_MS
    async with bench.working():
        await bench.until_given_back(job, 1)
        await bench.turn_to_due(job)
        await bench.until_state(job, State.DONE)
    assert await bench.used() == 8


@pytest.mark.parametrize("trouble", [error(ErrorKind.UNREACHABLE), RuntimeError("a bug")], ids=["network", "bug"])
async def test_a_job_that_cannot_be_asked_for_long_after_its_deadline_is_given_up(
    bench: Bench, trouble: Exception
) -> None:
    bench.provider.polls = Script(trouble)
    async with bench.working():
        job = await bench.ask()
        await bench.until_state(job, State.RUNNING)
        bench.turn(HOUR_MS)
        for tries in range(1, GIVE_UP_TRIES):
            await bench.until_given_back(job, tries)
            await bench.turn_to_due(job)
        await bench.until_state(job, State.FAILED)
    assert await bench.used() == 0


async def test_a_bug_met_again_and_again_does_not_end_a_paid_job_before_its_deadline(bench: Bench) -> None:
    bugs = [RuntimeError("a bug")] * (GIVE_UP_TRIES + 2)
    bench.provider.polls = Script(*bugs, made(bench))
    async with bench.working():
        job = await bench.ask()
        await bench.until_state(job, State.RUNNING)
        for tries in range(1, len(bugs) + 1):
            await bench.turn_to_due(job)
            await bench.until_given_back(job, tries)
        await bench.turn_to_due(job)
        await bench.until_state(job, State.DONE)
    assert await bench.used() == 8


async def test_a_woken_job_is_asked_for_at_once(bench: Bench) -> None:
    async with bench.working():
        job = await bench.ask()
        await bench.until_state(job, State.RUNNING)
        assert bench.provider.polls.calls == 0
        await bench.store.jobs.wake(job.id, bench.clock.now)
        bench.wake()
        await bench.until_state(job, State.DONE)


async def test_a_late_answer_is_taken_even_after_the_refund(bench: Bench) -> None:
    gate = Gate(Submitted("remote 1"))
    bench.provider.submits = Script(gate)
    async with bench.working():
        job = await bench.ask()
        async with asyncio.timeout(PATIENCE):
            await gate.reached.wait()
        # The process was so slow that its lease ended, and the job was claimed again, and given up.
        bench.turn(UNCONFIRMED_GRACE_MS + HOUR_MS)
        await bench.until_state(job, State.FAILED)
        assert await bench.used() == 0
        gate.open()
        await bench.until_state(job, State.RUNNING)
        await bench.turn_to_due(job)
        await bench.until_state(job, State.DONE)
    assert bench.provider.submits.calls == 1
    assert await bench.used() == 0
    assert bench.publisher.delivered == [job.id]
