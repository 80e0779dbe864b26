"""Every way in which AceData, or the way to it, may fail."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest

from sandbox.provider import FakeProvider, ProviderSettings, State
from sandbox.provider.model.faults import (
    AnswerFault,
    FailLater,
    FewerClips,
    Hang,
    Html,
    Malformed,
    NoJobId,
    Redirect,
    ResetAfter,
    ResetBefore,
    Slow,
    Status,
    Stuck,
)
from tests.sandbox.provider.acedata_client import (
    TASKS,
    VIDEO_SAMPLE,
    VIDEOS,
    AceDataClient,
)
from tests.sandbox.provider.client_host import KEY, Host, Json

ERROR_SAMPLE: Json = {
    "success": False,
    "error": {"code": "api_error", "message": "fetch failed"},
    "trace_id": "2cf86e86-22a4-46e1-ac2f-032c0f2a4e89",
}
"""An error as the video guide shows it."""


async def test_an_error_has_the_documented_shape(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Status(500, "fetch failed"))
    status, body = await ace.generate()
    assert (status, body | {"trace_id": ERROR_SAMPLE["trace_id"]}) == (500, ERROR_SAMPLE)
    assert len(body["trace_id"]) == len(ERROR_SAMPLE["trace_id"])


@pytest.mark.parametrize(("count", "links"), [(0, None), (3, 3)])
async def test_a_task_can_succeed_with_fewer_clips(
    ace: AceDataClient, fake_provider: FakeProvider, count: int, links: int | None
) -> None:
    fake_provider.next_submit(FewerClips(count))
    result = await ace.result(await ace.finished())
    assert result["success"] is True
    assert (result["video_urls"] and len(result["video_urls"])) == links


async def test_an_accepted_task_can_go_unnamed(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(NoJobId())
    assert await ace.generate() == (200, {})
    fake_provider.next_submit(NoJobId())
    _, body = await ace.generate(**{"async": None})
    assert set(VIDEO_SAMPLE) - set(body) == {"task_id"}
    assert fake_provider.submits == 2


async def test_a_task_can_be_stuck(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Stuck())
    stuck = await ace.accepted()
    fake_provider.finish(stuck.id)
    await fake_provider.until(lambda _: stuck.state is State.RUNNING)
    assert "response" not in await ace.record(stuck)


@pytest.mark.parametrize(
    ("status", "message", "code"),
    [
        (400, "", "bad_request"),
        (400, "token_mismatched", "token_mismatched"),
        (400, "api_not_implemented", "api_not_implemented"),
        (401, "", "invalid_token"),
        (401, "token_expired", "token_expired"),
        (402, "", "used_up"),
        (403, "", "forbidden"),
        (403, "used_up", "used_up"),
        (403, "disabled", "disabled"),
        (429, "", "too_many_requests"),
        (500, "", "api_error"),
        (500, "fetch failed", "api_error"),
        (503, "", "api_error"),
        (504, "", "timeout"),
        (504, "gateway_timeout", "gateway_timeout"),
        (200, "out of luck", "api_error"),
    ],
)
@pytest.mark.parametrize("accepted", [False, True])
async def test_an_order_can_be_answered_with_every_documented_error(
    ace: AceDataClient, fake_provider: FakeProvider, status: int, message: str, code: str, accepted: bool
) -> None:
    fake_provider.next_submit(Status(status, message, accepted=accepted))
    answer, body = await ace.generate()
    assert (answer, body["success"], body["error"]["code"]) == (status, False, code)
    assert body["error"]["message"]
    assert fake_provider.submits == (1 if accepted else 0)
    assert (await ace.generate())[0] == 200


async def test_errors_can_lack_success(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.acedata_error_success = False
    assert list((await ace.generate(prompt=None))[1]) == ["error", "trace_id"]


async def test_too_many_requests_say_when_to_come_again(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_fetch(Status(429, retry_after=1.5))
    async with ace.session.post(TASKS, json={"id": "a"}) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "1.5")


@pytest.mark.parametrize(
    ("message", "code", "status"),
    [
        ("forbidden", "forbidden", 403),
        ("bad_request", "bad_request", 400),
        ("api_error", "api_error", 500),
        ("fetch failed", "api_error", 500),
        ("timeout", "timeout", 504),
        ("job timeout", "timeout", 504),
        ("[Banned prompt detected]", "forbidden", 403),
        ("[Image denied]", "forbidden", 403),
        ("[Invalid link!]", "bad_request", 400),
        ("[Internal error]", "api_error", 500),
    ],
)
async def test_a_blocking_order_that_fails_is_answered_with_the_tasks_error(
    ace: AceDataClient, fake_provider: FakeProvider, message: str, code: str, status: int
) -> None:
    fake_provider.next_submit(FailLater(message))
    answer, body = await ace.generate(**{"async": None})
    (job,) = fake_provider.jobs.values()
    failed = await ace.result(job)
    assert (answer, body["error"]["code"]) == (status, code)
    assert body == {name: value for name, value in failed.items() if name != "task_id"}


async def test_a_blocking_order_can_time_out_while_its_task_goes_on(
    ace: AceDataClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.hold = True
    fake_provider.settings.acedata_patience = 0.05
    status, body = await ace.generate(**{"async": None})
    assert (status, body["error"]["code"]) == (504, "timeout")
    (job,) = fake_provider.jobs.values()
    await ace.over(job)
    assert job.state is State.DONE


async def test_a_provider_that_closes_answers_a_blocking_order_at_once(host: Host) -> None:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {KEY}"}) as session:
        async with FakeProvider(KEY, ProviderSettings(paused=True)) as fake_provider:
            body = {"prompt": "a boat", "image_url": host.start}
            order = asyncio.create_task(session.post(fake_provider.base_url + VIDEOS, json=body))
            await fake_provider.until(lambda s: any(job.image_sha256 for job in s.jobs.values()))
        async with await order as answer:
            assert (answer.status, (await answer.json())["error"]["code"]) == (500, "api_error")


@pytest.mark.parametrize(("fault", "submits"), [(ResetBefore(), 0), (ResetAfter(), 1)])
async def test_a_connection_can_be_reset(
    ace: AceDataClient, fake_provider: FakeProvider, fault: AnswerFault, submits: int
) -> None:
    fake_provider.next_submit(fault)
    with pytest.raises(aiohttp.ClientConnectionError):
        await ace.generate()
    assert fake_provider.submits == submits


async def test_an_accepted_order_can_go_unanswered_or_come_late(
    ace: AceDataClient, fake_provider: FakeProvider, host: Host
) -> None:
    fake_provider.next_submit(Hang())
    body = {"prompt": "a boat", "image_url": host.start, "async": True}
    with pytest.raises(TimeoutError):
        await ace.session.post(VIDEOS, json=body, timeout=aiohttp.ClientTimeout(total=0.3))
    assert fake_provider.submits == 1
    fake_provider.next_submit(Slow(0.05))
    assert (await ace.generate())[0] == 200


@pytest.mark.parametrize("accepted", [False, True])
async def test_a_web_page_can_come_in_place_of_json(
    ace: AceDataClient, fake_provider: FakeProvider, accepted: bool
) -> None:
    fake_provider.next_submit(Html(502, accepted))
    with pytest.raises(aiohttp.ContentTypeError):
        await ace.generate()
    assert fake_provider.submits == (1 if accepted else 0)


async def test_json_can_break_off(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Malformed())
    with pytest.raises(json.JSONDecodeError):
        await ace.generate()
    assert fake_provider.submits == 1


async def test_a_fetch_can_be_sent_elsewhere_or_fail(
    ace: AceDataClient, fake_provider: FakeProvider, host: Host
) -> None:
    job = await ace.finished()
    fake_provider.next_fetch(Redirect(host.start))
    async with ace.session.post(TASKS, json={"id": job.id}, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, host.start)
    fake_provider.next_fetch(Status(500))
    assert (await ace.ask(id=job.id))[0] == 500
    assert (await ace.ask(id=job.id))[0] == 200


async def test_an_extend_has_faults_of_its_own(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_extend(Status(429))
    parent = await ace.finished()
    assert (await ace.extend(parent))[0] == 429
    assert (await ace.extend(parent))[0] == 200
