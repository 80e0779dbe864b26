from __future__ import annotations

import pytest

from sandbox.provider import FakeProvider
from sandbox.provider.model.faults import FailLater
from tests.sandbox.provider.host import Client, Host


async def test_the_end_is_told_in_the_words_of_fetch(client: Client, fake_provider: FakeProvider, host: Host) -> None:
    job = await client.finished(hookUrl=host.hook)
    await fake_provider.until(lambda s: s.deliveries)
    assert host.hooks == [(await client.fetch(job))[1]]
    assert host.hooks[0]["data"]["hookUrl"] == host.hook


async def test_a_failure_is_told_too(client: Client, fake_provider: FakeProvider, host: Host) -> None:
    fake_provider.next_submit(FailLater("job timeout"))
    await client.finished(hookUrl=host.hook)
    await fake_provider.until(lambda s: s.deliveries)
    assert [(hook["status"], hook["message"]) for hook in host.hooks] == [("FAILED", "job timeout")]


@pytest.mark.parametrize(("answers", "statuses"), [([500, 200], [500, 200]), ([500, 404, 503], [500, 404, 503])])
async def test_a_callback_is_repeated_until_it_is_answered_with_200_three_times_at_most(
    client: Client, fake_provider: FakeProvider, host: Host, answers: list[int], statuses: list[int]
) -> None:
    host.hook_answers = answers
    await client.finished(hookUrl=host.hook)
    await fake_provider.until(lambda s: len(s.deliveries) == len(statuses))
    await client.finished()
    assert [delivery.status for delivery in fake_provider.deliveries] == statuses


async def test_nobody_at_the_address_does_no_harm(client: Client, fake_provider: FakeProvider) -> None:
    job = await client.finished(hookUrl="http://127.0.0.1:1/hook")
    await fake_provider.until(lambda s: len(s.deliveries) == 3)
    assert {delivery.status for delivery in fake_provider.deliveries} == {None}
    assert (await client.fetch(job))[1]["status"] == "SUCCESS"


async def test_callbacks_can_come_twice(client: Client, fake_provider: FakeProvider, host: Host) -> None:
    fake_provider.knobs.hooks = "twice"
    await client.finished(hookUrl=host.hook)
    await fake_provider.until(lambda s: len(s.deliveries) == 2)
    assert host.hooks[0] == host.hooks[1]


async def test_callbacks_can_come_while_the_job_still_runs(
    client: Client, fake_provider: FakeProvider, host: Host
) -> None:
    fake_provider.knobs.hooks = "early"
    await client.finished(hookUrl=host.hook)
    await fake_provider.until(lambda s: len(s.deliveries) == 2)
    assert [hook["status"] for hook in host.hooks] == ["ON_QUEUE", "SUCCESS"]


async def test_callbacks_can_be_left_out(client: Client, fake_provider: FakeProvider, host: Host) -> None:
    fake_provider.knobs.hooks = "never"
    silent = await client.finished(hookUrl=host.hook)
    fake_provider.knobs.hooks = "once"
    told = await client.finished(hookUrl=host.hook)
    await fake_provider.until(lambda s: s.deliveries)
    assert [hook["jobId"] for hook in host.hooks] == [told.id]
    assert silent.id != told.id
