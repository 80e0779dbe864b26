"""Every fault of the provider, in APIMart's words."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.provider import FakeProvider, State
from sandbox.provider.apimart.pages import FAILURES
from sandbox.provider.model.faults import (
    AnswerFault,
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
    Stuck,
)
from tests.sandbox.provider.apimart_client import VIDEO, ApiMartClient, open_apimart
from tests.sandbox.provider.client_host import Host


@pytest.fixture
async def apimart(fake_provider: FakeProvider, host: Host) -> AsyncIterator[ApiMartClient]:
    async with open_apimart(fake_provider, host) as client:
        yield client


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (400, "invalid_request_error"),
        (401, "authentication_error"),
        (402, "payment_required"),
        (403, "permission_error"),
        (404, "not_found"),
        (422, "invalid_request_error"),
        (429, "rate_limit_error"),
        (500, "server_error"),
        (502, "server_error"),
    ],
)
@pytest.mark.parametrize("accepted", [False, True])
async def test_a_submit_can_be_answered_with_every_documented_status(
    apimart: ApiMartClient, fake_provider: FakeProvider, code: int, kind: str, accepted: bool
) -> None:
    fake_provider.next_submit(Status(code, "out of luck", accepted=accepted))
    assert await apimart.submit() == (code, {"error": {"code": code, "message": "out of luck", "type": kind}})
    assert fake_provider.submits == (1 if accepted else 0)
    assert (await apimart.submit())[0] == 200


async def test_an_error_can_come_under_status_200(apimart: ApiMartClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Status(200, "out of luck"))
    error = {"code": 500, "message": "out of luck", "type": "server_error"}
    assert await apimart.submit() == (200, {"error": error})
    assert fake_provider.submits == 0


async def test_too_many_requests_say_when_to_come_again(apimart: ApiMartClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Status(429, retry_after=2))
    async with apimart.session.post(VIDEO, json=apimart.order) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "2")


@pytest.mark.parametrize(("fault", "submits"), [(ResetBefore(), 0), (ResetAfter(), 1)])
async def test_a_connection_can_be_reset_before_and_after_a_task_is_accepted(
    apimart: ApiMartClient, fake_provider: FakeProvider, fault: AnswerFault, submits: int
) -> None:
    fake_provider.next_submit(fault)
    with pytest.raises(aiohttp.ClientConnectionError):
        await apimart.submit()
    assert fake_provider.submits == submits


async def test_a_task_can_be_accepted_and_never_answered(apimart: ApiMartClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Hang())
    with pytest.raises(TimeoutError):
        await apimart.session.post(VIDEO, json=apimart.order, timeout=aiohttp.ClientTimeout(total=0.3))
    assert fake_provider.submits == 1


async def test_an_answer_can_be_late_or_lead_elsewhere(apimart: ApiMartClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Slow(0.05))
    assert (await apimart.submit())[0] == 200
    fake_provider.next_submit(Redirect("https://example.com/"))
    async with apimart.session.post(VIDEO, json=apimart.order, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "https://example.com/")
    assert fake_provider.submits == 1


@pytest.mark.parametrize("accepted", [False, True])
async def test_a_web_page_can_come_in_place_of_json(
    apimart: ApiMartClient, fake_provider: FakeProvider, accepted: bool
) -> None:
    fake_provider.next_submit(Html(502, accepted))
    async with apimart.session.post(VIDEO, json=apimart.order) as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")
    assert fake_provider.submits == (1 if accepted else 0)


async def test_json_can_break_off(apimart: ApiMartClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Malformed())
    with pytest.raises(json.JSONDecodeError):
        await apimart.submit()
    assert fake_provider.submits == 1


async def test_an_accepted_task_can_go_unnamed(apimart: ApiMartClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(NoJobId())
    assert await apimart.submit() == (200, {"code": 200, "data": [{"status": "submitted"}]})
    assert fake_provider.submits == 1


@pytest.mark.parametrize(("reason", "code"), list(zip(FAILURES, (422, 500, 500), strict=True)))
async def test_a_task_can_fail_for_every_documented_reason(
    apimart: ApiMartClient, fake_provider: FakeProvider, reason: str, code: int
) -> None:
    fake_provider.next_submit(FailLater(reason))
    job = await apimart.finished()
    page, task = (await apimart.midjourney(job.id))[1], (await apimart.task(job.id))[1]["data"]
    assert (page["status"], page["fail_reason"], page["video_urls"]) == ("FAILURE", reason, [])
    assert (task["status"], task["error"]["message"], task["error"]["code"]) == ("failed", reason, code)
    assert (job.quota, "result" in task) == (0, False)


@pytest.mark.parametrize(("count", "first"), [(0, False), (1, True), (3, True)])
async def test_a_task_can_succeed_with_fewer_clips(
    apimart: ApiMartClient, fake_provider: FakeProvider, count: int, first: bool
) -> None:
    fake_provider.next_submit(FewerClips(count))
    job = await apimart.finished(batch_size=4)
    page, task = (await apimart.midjourney(job.id))[1], (await apimart.task(job.id))[1]["data"]
    assert (page["status"], len(page["video_urls"]), page["video_url"] is not None) == ("SUCCESS", count, first)
    assert (task["status"], len(task["result"]["videos"])) == ("completed", count)


async def test_a_task_can_be_stuck(apimart: ApiMartClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Stuck())
    stuck, other = await apimart.accepted(), await apimart.finished()
    fake_provider.finish(stuck.id)
    await fake_provider.until(lambda _: stuck.state is State.RUNNING)
    assert other.state is State.DONE
    assert (await apimart.midjourney(stuck.id))[1]["status"] == "IN_PROGRESS"


@pytest.mark.parametrize("state", ["MODAL", "NOT_START", "SOMETHING_NEW"])
async def test_the_midjourney_page_can_show_another_state_and_odd_progress(
    apimart: ApiMartClient, fake_provider: FakeProvider, state: str
) -> None:
    job = await apimart.finished()
    for fault in (OddState(state), ShowProgress(58), ShowProgress(None)):
        fake_provider.next_fetch(fault)
    answers = [(await apimart.midjourney(job.id))[1] for _ in range(4)]
    assert [answer["status"] for answer in answers] == [state, "SUCCESS", "SUCCESS", "SUCCESS"]
    assert [answer["progress"] for answer in answers] == ["100%", "58%", None, "100%"]


async def test_the_tasks_page_can_show_a_cancelled_task_and_odd_progress(
    apimart: ApiMartClient, fake_provider: FakeProvider
) -> None:
    job = await apimart.finished()
    for fault in (OddState("cancelled"), ShowProgress(58), ShowProgress(None)):
        fake_provider.next_fetch(fault)
    answers = [(await apimart.task(job.id))[1]["data"] for _ in range(4)]
    assert [answer["status"] for answer in answers] == ["cancelled", "completed", "completed", "completed"]
    assert [answer["progress"] for answer in answers] == [100, 58, None, 100]


@pytest.mark.parametrize("code", [403, 404, 429, 500])
async def test_both_pages_can_fail(apimart: ApiMartClient, fake_provider: FakeProvider, code: int) -> None:
    job = await apimart.finished()
    for ask in (apimart.midjourney, apimart.task):
        fake_provider.next_fetch(Status(code))
        status, body = await ask(job.id)
        assert (status, body["error"]["code"]) == (code, code)
        assert (await ask(job.id))[0] == 200
