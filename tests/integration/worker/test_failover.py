"""What becomes of jobs that one provider does not take, where there is another: they go there, and not for ever."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, cast

import pytest

from bot.domain.job import Job, State
from bot.errors import ErrorKind, ProviderError
from bot.providers.types import Submitted
from tests.support.scripted_provider import Script, ScriptedProvider
from tests.support.worker_harness import WorkerHarness

HOUR_MS = 3_600_000


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    """Open a harness with a second provider that can do the same at the same price."""
    async with WorkerHarness.open(tmp_path) as harness:
        other = ScriptedProvider(harness.clips)
        other.name, other.title = "acedata", "AceData"
        harness.providers[other.name] = other
        yield harness


def refusal(kind: ErrorKind) -> ProviderError:
    return ProviderError(kind, "no")


def waits(job: Job) -> bool:
    return job.state is State.QUEUED and job.tries > 0


@pytest.mark.parametrize("kind", [ErrorKind.QUEUE_FULL, ErrorKind.AUTH, ErrorKind.UPSTREAM, ErrorKind.BAD_RESPONSE])
async def test_a_refused_job_goes_to_the_other_provider_and_is_paid_once(
    harness: WorkerHarness, kind: ErrorKind
) -> None:
    harness.provider.submits = Script(refusal(kind))
    async with harness.working():
        job = await harness.request_video()
        running = await harness.until_state(job, State.RUNNING)
    assert running.provider == "acedata"
    assert [provider.submits.calls for provider in harness.providers.values()] == [1, 1]
    assert await harness.used() == 8


async def test_a_job_is_not_sent_to_and_fro_for_ever(harness: WorkerHarness) -> None:
    for provider in harness.providers.values():
        provider.submits = Script[Submitted](refusal(ErrorKind.QUEUE_FULL))
    async with harness.working():
        job = await harness.request_video()
        for tries in range(2, 20):
            now = await harness.until(job, lambda job, tries=tries: job.tries == tries or job.state is State.FAILED)
            if now.state is State.FAILED:
                break
            assert now.due_ms is not None
            assert now.due_ms > harness.clock.now
            harness.advance(HOUR_MS)
        await harness.until_state(job, State.FAILED)
    assert [cast("dict[str, Any]", data)["reason"] for _, data in harness.publisher.told] == ["queue_full"]
    assert await harness.used() == 0


async def test_a_job_that_waits_for_a_provider_that_was_switched_off_goes_to_the_other(harness: WorkerHarness) -> None:
    harness.provider.submits = Script(refusal(ErrorKind.QUEUE_FULL))
    harness.providers["acedata"].submits = Script[Submitted](refusal(ErrorKind.QUEUE_FULL))
    async with harness.working():
        job = await harness.request_video()
        waiting = await harness.until(job, lambda job: waits(job) and job.due_ms is not None)
    for name in list(harness.providers):
        if name == waiting.provider:
            del harness.providers[name]
    (left,) = harness.providers.values()
    left.submits = Script(Submitted("remote 1"))
    async with harness.working():
        await harness.advance_until_due(job)
        await harness.until(job, lambda job: job.provider == left.name)
        await harness.advance_until_due(job)
        running = await harness.until_state(job, State.RUNNING)
    assert running.provider == left.name != waiting.provider
    assert await harness.used() == 8
