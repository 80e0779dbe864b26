"""Every way of failing that the provider knows, in CometAPI's words."""

from __future__ import annotations

import json

import aiohttp
import pytest

from sandbox.provider import FakeProvider, State
from sandbox.provider.model.faults import (
    FAILURES,
    AnswerFault,
    BodyCode,
    FailLater,
    FewerClips,
    Hang,
    Html,
    Malformed,
    NoJobId,
    OddState,
    Redirect,
    ResetAfter,
    ResetBefore,
    ShowProgress,
    Slow,
    Status,
)
from tests.sandbox.provider.client_host import Host
from tests.sandbox.provider.cometapi_client import LIST, SUBMIT, CometClient


@pytest.mark.parametrize("code", [3, 4, 9, 23, 24])
async def test_an_order_can_be_refused_with_every_code_of_the_family(
    comet: CometClient, fake_provider: FakeProvider, code: int
) -> None:
    fake_provider.next_submit(BodyCode(code, "no"))
    status, body = await comet.submit()
    assert (status, body["code"], body["description"], body["result"]) == (200, code, "no", None)
    fake_provider.next_submit(BodyCode(code))
    assert (await comet.submit())[1]["description"]
    assert fake_provider.submits == 0


async def test_too_many_requests_are_told_by_the_relay_under_429(
    comet: CometClient, fake_provider: FakeProvider
) -> None:
    fake_provider.next_submit(BodyCode(30, "slow down"))
    assert await comet.submit() == (429, {"description": "slow down", "type": "upstream_error", "code": 30})


@pytest.mark.parametrize("code", [400, 401, 402, 403, 404, 429, 500, 502, 503, 504, 524])
@pytest.mark.parametrize("accepted", [False, True])
async def test_the_gateway_can_answer_with_every_status(
    comet: CometClient, fake_provider: FakeProvider, code: int, accepted: bool
) -> None:
    fake_provider.next_submit(Status(code, "no", accepted=accepted))
    status, body = await comet.submit()
    assert (status, set(body), set(body["error"])) == (code, {"error"}, {"message", "type", "param", "code"})
    assert (body["error"]["type"], body["error"]["message"][:2]) == ("comet_api_error", "no")
    assert fake_provider.submits == (1 if accepted else 0)


async def test_a_refusal_can_come_under_status_200_and_say_when_to_come_again(
    comet: CometClient, fake_provider: FakeProvider
) -> None:
    fake_provider.next_submit(Status(200, "out of luck"))
    assert (await comet.submit())[1]["code"] == 9
    fake_provider.next_submit(Status(429, retry_after=1.5))
    async with comet.session.post(SUBMIT, json=comet.order) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "1.5")


@pytest.mark.parametrize(("fault", "submits"), [(ResetBefore(), 0), (ResetAfter(), 1)])
async def test_a_connection_can_be_reset(
    comet: CometClient, fake_provider: FakeProvider, fault: AnswerFault, submits: int
) -> None:
    fake_provider.next_submit(fault)
    with pytest.raises(aiohttp.ClientConnectionError):
        await comet.submit()
    assert fake_provider.submits == submits


async def test_an_order_can_be_taken_and_never_answered(comet: CometClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Hang())
    with pytest.raises(TimeoutError):
        await comet.session.post(SUBMIT, json=comet.order, timeout=aiohttp.ClientTimeout(total=0.3))
    assert fake_provider.submits == 1


async def test_an_answer_can_be_late_broken_a_page_or_nameless(comet: CometClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Slow(0.05))
    assert (await comet.submit())[1]["code"] == 1
    for fault in (Malformed(), Html(502)):
        fake_provider.next_submit(fault)
        with pytest.raises(json.JSONDecodeError):
            await comet.submit()
    fake_provider.next_submit(NoJobId())
    _, body = await comet.submit()
    assert (body["code"], body["result"]) == (1, "")
    assert fake_provider.submits == 3


@pytest.mark.parametrize("message", FAILURES)
async def test_a_task_can_fail_with_every_documented_reason(
    comet: CometClient, fake_provider: FakeProvider, message: str
) -> None:
    fake_provider.next_submit(FailLater(message))
    job = await comet.finished()
    assert job.state is State.FAILED
    assert (await comet.task(job))["failReason"] == message


async def test_extends_and_fetches_have_faults_of_their_own(comet: CometClient, fake_provider: FakeProvider) -> None:
    job = await comet.finished()
    fake_provider.next_extend(BodyCode(23))
    fake_provider.next_submit(BodyCode(9))
    assert [(await comet.extend(job))[1]["code"] for _ in range(2)] == [23, 1]
    assert (await comet.submit())[1]["code"] == 9
    fake_provider.next_fetch(Status(503))
    fake_provider.next_fetch(Status(429))
    assert [(await comet.fetch(job.id))[0], (await comet.post(LIST, {"ids": [job.id]}))[0]] == [503, 429]
    assert (await comet.fetch(job.id))[0] == 200


async def test_a_right_path_can_lead_away_too(comet: CometClient, fake_provider: FakeProvider, host: Host) -> None:
    fake_provider.next_submit(Redirect(host.base_url))
    async with comet.session.post(SUBMIT, json=comet.order, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, host.base_url)
    assert fake_provider.submits == 0


@pytest.mark.parametrize(("count", "shown"), [(0, None), (1, 1), (3, 3)])
async def test_a_task_can_succeed_with_fewer_clips(
    comet: CometClient, fake_provider: FakeProvider, count: int, shown: int | None
) -> None:
    fake_provider.next_submit(FewerClips(count))
    task = await comet.task(await comet.finished())
    assert task["status"] == "SUCCESS"
    assert (task["videoUrls"] and len(task["videoUrls"])) == shown


async def test_a_failed_task_says_why_and_loses_its_progress(comet: CometClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(FailLater("[Banned prompt detected]"))
    task = await comet.task(await comet.finished())
    assert (task["status"], task["failReason"], task["progress"]) == ("FAILURE", "[Banned prompt detected]", "")
    assert (task["videoUrl"], task["videoUrls"], task["imageUrl"]) == ("", None, "")
    assert task["finishTime"] > 0


async def test_a_task_can_show_odd_states_and_progress(comet: CometClient, fake_provider: FakeProvider) -> None:
    job = await comet.finished()
    for fault in (OddState("MODAL"), OddState("CANCEL"), ShowProgress(50), ShowProgress(None)):
        fake_provider.next_fetch(fault)
    tasks = [await comet.task(job) for _ in range(5)]
    assert [task["status"] for task in tasks] == ["MODAL", "CANCEL", "SUCCESS", "SUCCESS", "SUCCESS"]
    assert [task["progress"] for task in tasks] == ["100%", "100%", "50%", None, "100%"]


async def test_code_21_names_a_task_that_lives(comet: CometClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(BodyCode(21))
    status, body = await comet.submit()
    (task_id,) = fake_provider.jobs
    assert (status, body["code"], body["description"], body["result"]) == (200, 21, "任务已存在", task_id)
