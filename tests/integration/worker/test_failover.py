"""What becomes of jobs that one provider does not take, where there is another: they go there, and not for ever."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, cast

import pytest

from bot.domain.job import Job, State
from bot.errors import ErrorKind, ProviderError
from bot.providers.types import Submitted
from tests.support.scripted_provider import Script, ScriptedProvider
from tests.support.worker_harness import Bench

HOUR_MS = 3_600_000


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    """Open a bench with a second provider that can do the same at the same price."""
    async with Bench.open(tmp_path) as bench:
        other = ScriptedProvider(bench.clips)
        other.name, other.title = "acedata", "AceData"
        bench.providers[other.name] = other
        yield bench


def refusal(kind: ErrorKind) -> ProviderError:
    return ProviderError(kind, "no")


def waits(job: Job) -> bool:
    return job.state is State.QUEUED and job.tries > 0


@pytest.mark.parametrize("kind", [ErrorKind.QUEUE_FULL, ErrorKind.AUTH, ErrorKind.UPSTREAM, ErrorKind.BAD_RESPONSE])
async def test_a_refused_job_goes_to_the_other_provider_and_is_paid_once(bench: Bench, kind: ErrorKind) -> None:
    bench.provider.submits = Script(refusal(kind))
    async with bench.working():
        job = await bench.ask()
        running = await bench.until_state(job, State.RUNNING)
    assert running.provider == "acedata"
    assert [provider.submits.calls for provider in bench.providers.values()] == [1, 1]
    assert await bench.used() == 8


async def test_a_job_is_not_sent_to_and_fro_for_ever(bench: Bench) -> None:
    for provider in bench.providers.values():
        provider.submits = Script[Submitted](refusal(ErrorKind.QUEUE_FULL))
    async with bench.working():
        job = await bench.ask()
        for tries in range(2, 20):
            now = await bench.until(job, lambda job, tries=tries: job.tries == tries or job.state is State.FAILED)
            if now.state is State.FAILED:
                break
            assert now.due_ms is not None
            assert now.due_ms > bench.clock.now
            bench.turn(HOUR_MS)
        await bench.until_state(job, State.FAILED)
    assert [cast("dict[str, Any]", data)["reason"] for _, data in bench.publisher.told] == ["queue_full"]
    assert await bench.used() == 0


async def test_a_job_that_waits_for_a_provider_that_was_switched_off_goes_to_the_other(bench: Bench) -> None:
    bench.provider.submits = Script(refusal(ErrorKind.QUEUE_FULL))
    bench.providers["acedata"].submits = Script[Submitted](refusal(ErrorKind.QUEUE_FULL))
    async with bench.working():
        job = await bench.ask()
        waiting = await bench.until(job, lambda job: waits(job) and job.due_ms is not None)
    for name in list(bench.providers):
        if name == waiting.provider:
            del bench.providers[name]
    (left,) = bench.providers.values()
    left.submits = Script(Submitted("remote 1"))
    async with bench.working():
        await bench.turn_to_due(job)
        await bench.until(job, lambda job: job.provider == left.name)
        await bench.turn_to_due(job)
        running = await bench.until_state(job, State.RUNNING)
    assert running.provider == left.name != waiting.provider
    assert await bench.used() == 8
