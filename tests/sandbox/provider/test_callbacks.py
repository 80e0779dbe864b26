from __future__ import annotations

import pytest

from sandbox.provider import FakeProvider
from sandbox.provider.model.faults import FailLater
from tests.sandbox.provider.client_host import Host
from tests.sandbox.provider.ttapi_client import TtapiClient


async def test_the_end_is_told_in_the_words_of_fetch(
    client: TtapiClient, fake_provider: FakeProvider, host: Host
) -> None:
    job = await client.finished(hookUrl=host.callback_url)
    await fake_provider.until(lambda s: s.deliveries)
    assert host.callbacks == [(await client.fetch(job))[1]]
    assert host.callbacks[0]["data"]["hookUrl"] == host.callback_url


async def test_a_failure_is_told_too(client: TtapiClient, fake_provider: FakeProvider, host: Host) -> None:
    fake_provider.next_submit(FailLater("job timeout"))
    await client.finished(hookUrl=host.callback_url)
    await fake_provider.until(lambda s: s.deliveries)
    assert [(callback["status"], callback["message"]) for callback in host.callbacks] == [("FAILED", "job timeout")]


@pytest.mark.parametrize(("answers", "statuses"), [([500, 200], [500, 200]), ([500, 404, 503], [500, 404, 503])])
async def test_a_callback_is_repeated_until_it_is_answered_with_200_three_times_at_most(
    client: TtapiClient, fake_provider: FakeProvider, host: Host, answers: list[int], statuses: list[int]
) -> None:
    host.callback_answers = answers
    await client.finished(hookUrl=host.callback_url)
    await fake_provider.until(lambda s: len(s.deliveries) == len(statuses))
    await client.finished()
    assert [delivery.status for delivery in fake_provider.deliveries] == statuses


async def test_nobody_at_the_address_does_no_harm(client: TtapiClient, fake_provider: FakeProvider) -> None:
    job = await client.finished(hookUrl="http://127.0.0.1:1/callback")
    await fake_provider.until(lambda s: len(s.deliveries) == 3)
    assert {delivery.status for delivery in fake_provider.deliveries} == {None}
    assert (await client.fetch(job))[1]["status"] == "SUCCESS"


async def test_callbacks_can_come_twice(client: TtapiClient, fake_provider: FakeProvider, host: Host) -> None:
    fake_provider.settings.callbacks = "twice"
    await client.finished(hookUrl=host.callback_url)
    await fake_provider.until(lambda s: len(s.deliveries) == 2)
    assert host.callbacks[0] == host.callbacks[1]


async def test_callbacks_can_come_while_the_job_still_runs(
    client: TtapiClient, fake_provider: FakeProvider, host: Host
) -> None:
    fake_provider.settings.callbacks = "early"
    await client.finished(hookUrl=host.callback_url)
    await fake_provider.until(lambda s: len(s.deliveries) == 2)
    assert [callback["status"] for callback in host.callbacks] == ["ON_QUEUE", "SUCCESS"]


async def test_callbacks_can_be_left_out(client: TtapiClient, fake_provider: FakeProvider, host: Host) -> None:
    fake_provider.settings.callbacks = "never"
    silent = await client.finished(hookUrl=host.callback_url)
    fake_provider.settings.callbacks = "once"
    told = await client.finished(hookUrl=host.callback_url)
    await fake_provider.until(lambda s: s.deliveries)
    assert [callback["jobId"] for callback in host.callbacks] == [told.id]
    assert silent.id != told.id
