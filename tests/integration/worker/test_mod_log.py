"""The mod log hears of what jobs meet: each once, from one of all processes, and a plain film asks nothing more."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.job import Kind, State
from bot.domain.log_turns import OWNER_GATHER_MS, PACE_MS
from bot.domain.mod_log import GATHER_MS, EventKind
from bot.domain.params import JobParams
from bot.errors import ErrorKind, ProviderError
from tests.integration.worker.test_job_cost import make_film
from tests.support.counted_database import Statements
from tests.support.scripted_provider import Script
from tests.support.worker_harness import TIMEOUT_SECONDS, WorkerHarness


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


async def name_log(harness: WorkerHarness) -> None:
    async with harness.db.transaction() as tx:
        await tx.fetch("insert into guild (guild_id, mod_log_channel_id, updated_ms) values (1, 70, 0)")


async def until_logged(harness: WorkerHarness, times: int = 1) -> None:
    """Let as much time pass as a log takes, and wait until it was written so many times."""
    harness.advance(GATHER_MS + PACE_MS)
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while len(harness.publisher.logged) < times:  # noqa: ASYNC110  # nobody tells when a log was written
            await asyncio.sleep(0.005)


async def happen(harness: WorkerHarness, job: str) -> None:
    data = {"by": 10, "jobs": [job], "member": 11, "reason": None}
    await harness.store.mod_log.add(1, EventKind.REMOVED, data, harness.clock.now)


def logged(harness: WorkerHarness) -> list[tuple[EventKind, dict[str, Any]]]:
    return [(event.kind, dict(event.data)) for batch in harness.publisher.logged for event in batch.events]


def refuse_all(harness: WorkerHarness, kind: ErrorKind, accepted: Any = "no") -> None:
    harness.provider.submits = Script(ProviderError(kind, accepted))


async def ask(harness: WorkerHarness, state: State = State.FAILED) -> str:
    job = await harness.request(Kind.VIDEO, JobParams("a red kite", image=harness.image))
    await harness.until_state(job, state)
    return job.id


async def test_an_empty_account_is_told_to_the_owner_at_once_and_once(harness: WorkerHarness) -> None:
    refuse_all(harness, ErrorKind.INSUFFICIENT_BALANCE)
    async with harness.working():
        for _ in range(3):
            await ask(harness)
        await until_logged(harness)
        [batch] = harness.publisher.logged
        assert (batch.channel_id, batch.is_urgent) == (None, True)
        await ask(harness)
        await happen(harness, "job1")
        harness.advance(OWNER_GATHER_MS)
        await until_logged(harness, 2)
    assert [kind for kind, _ in logged(harness)] == [EventKind.ACCOUNT, EventKind.REMOVED]


async def test_a_provider_that_is_down_is_told_once_until_it_is_back(harness: WorkerHarness) -> None:
    await name_log(harness)
    refuse_all(harness, ErrorKind.UPSTREAM)
    async with harness.working():
        for _ in range(3):
            await ask(harness)
        await until_logged(harness)
    assert logged(harness) == [(EventKind.PROVIDER_DOWN, {"provider": "ttapi"})]
    await harness.store.provider_health.record_success("ttapi")
    assert await harness.db.fetch("select 1 from log_event") == []


async def test_a_prompt_that_was_refused_for_its_words_is_told_with_the_strikes(harness: WorkerHarness) -> None:
    await name_log(harness)
    refuse_all(harness, ErrorKind.MODERATED_PROMPT)
    async with harness.working():
        job = await ask(harness)
        await until_logged(harness)
    assert logged(harness) == [
        (EventKind.WORDS_REFUSED, {"member": 11, "job": job, "words": [], "strikes": 1}),
    ]


async def test_a_job_in_doubt_is_told(harness: WorkerHarness) -> None:
    await name_log(harness)
    refuse_all(harness, ErrorKind.OUTCOME_UNKNOWN, "maybe")
    async with harness.working():
        job = await harness.request(Kind.VIDEO, JobParams("a red kite", image=harness.image))
        await harness.until_state(job, State.SUBMITTING)
        while (await harness.get(job)).state is State.SUBMITTING:
            harness.advance(30_000)
            await asyncio.sleep(0.02)
        await until_logged(harness)
    assert logged(harness) == [(EventKind.UNCONFIRMED, {"job": job.id, "provider": "ttapi"})]


async def test_of_two_processes_one_writes_each_event(harness: WorkerHarness) -> None:
    await name_log(harness)
    async with harness.working(), harness.working():
        for number in range(5):
            await happen(harness, f"job{number}")
            await until_logged(harness, number + 1)
    assert sorted(data["jobs"][0] for _, data in logged(harness)) == [f"job{number}" for number in range(5)]


async def test_what_could_not_be_sent_is_sent_again_as_it_was(harness: WorkerHarness) -> None:
    await name_log(harness)
    harness.publisher.answers_to_logs = Script(RuntimeError("Discord is away"), None)
    async with harness.working():
        for number in range(2):
            await happen(harness, f"job{number}")
            await until_logged(harness, number + 1)
        harness.advance(60_000)
        await until_logged(harness, 3)
        harness.advance(3_600_000)
        await happen(harness, "job2")
        await until_logged(harness, 4)
    assert [data["jobs"] for _, data in logged(harness)] == [["job0"], ["job1"], ["job0"], ["job2"]]


async def test_a_plain_film_asks_nothing_of_the_mod_log(tmp_path: Path) -> None:
    statements = Statements()
    async with WorkerHarness.open(tmp_path, statements) as harness:
        await name_log(harness)
        statements.by_text.clear()
        await make_film(harness, JobParams("a paper boat", clips=4, image=harness.image))
    asked = [text for text in statements.by_text if "log_event" in text and not text.startswith("select 'due'")]
    assert asked == []
