"""What becomes of jobs whose member is blocked, or whose server is left, while they are on their way."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import cast

import pytest

from bot.domain.blocks import MemberBlock
from bot.domain.job import State
from bot.errors import ErrorKind, ProviderError, ServerLeft
from bot.providers.types import Submitted
from tests.support.scripted_provider import Gate, Script
from tests.support.worker_harness import WorkerHarness

SERVER, MEMBER, ADMIN = 1, 11, 9

Blocking = Callable[[WorkerHarness], Awaitable[None]]


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


async def block(harness: WorkerHarness) -> None:
    await harness.store.accounts.set_allowance(SERVER, "member", MEMBER, 0, harness.clock.now, ADMIN)


async def block_by_moderator(harness: WorkerHarness) -> None:
    now = harness.clock.now
    await harness.store.member_blocks.put(SERVER, MemberBlock(MEMBER, None, "spam", ADMIN, now), now)


async def leave(harness: WorkerHarness) -> None:
    await harness.store.waiting.leave(SERVER, ServerLeft(), harness.clock.now)


@pytest.mark.parametrize(
    ("meanwhile", "reason"), [(block, "cancelled"), (block_by_moderator, "cancelled"), (leave, "server_left")]
)
async def test_what_is_turned_away_after_that_is_refunded_and_not_sent_again(
    harness: WorkerHarness, meanwhile: Callable[[WorkerHarness], Awaitable[None]], reason: str
) -> None:
    refusal: Gate[Submitted | Exception] = Gate(ProviderError(ErrorKind.QUEUE_FULL, "no"))
    submits = Script[Submitted](Submitted("never given"))

    async def turned_away() -> Submitted:
        submits.calls += 1
        raise cast("Exception", await refusal())

    submits.next = turned_away
    harness.provider.submits = submits
    async with harness.working():
        job = await harness.request_video()
        await refusal.reached.wait()
        await meanwhile(harness)
        refusal.open()
        ended = await harness.until_state(job, State.FAILED)
    assert (ended.error_code, submits.calls, await harness.used()) == (reason, 1, 0)


@pytest.mark.parametrize("block", [block, block_by_moderator])
async def test_what_is_being_made_is_delivered(harness: WorkerHarness, block: Blocking) -> None:
    async with harness.working():
        job = await harness.until_state(await harness.request_video(), State.RUNNING)
        await block(harness)
        await harness.advance_until_due(job)
        done = await harness.until_state(job, State.DONE)
    assert (done.error_code, await harness.used()) == (None, 8)


@pytest.mark.parametrize("block", [block, block_by_moderator])
async def test_a_request_of_the_blocked_ends_without_a_fetch_or_a_charge(
    harness: WorkerHarness, block: Blocking
) -> None:
    await block(harness)
    async with harness.working():
        ended = await harness.until_state(await harness.request_video(), State.FAILED)
    assert (ended.error_code, ended.period, harness.provider.submits.calls) == ("blocked", None, 0)
    assert not await harness.media.has(f"{ended.id}/start.png")


@pytest.mark.parametrize("meanwhile", [block, block_by_moderator, leave])
async def test_what_is_still_being_fetched_then_leaves_no_picture(
    harness: WorkerHarness, meanwhile: Callable[[WorkerHarness], Awaitable[None]]
) -> None:
    keep = harness.media.keep
    job = await harness.request_video()

    async def end_meanwhile(name: str, data: bytes) -> str:
        await meanwhile(harness)
        harness.wake()
        await harness.until_state(job, State.FAILED)
        return await keep(name, data)

    harness.media.keep = end_meanwhile
    async with harness.working():
        await harness.until_state(job, State.FAILED)
    assert not harness.media.path(job.id).exists()
