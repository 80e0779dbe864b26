from __future__ import annotations

import json

import aiohttp
import pytest

from sandbox.provider import FakeProvider, State
from sandbox.provider.model.faults import (
    FAILURES,
    AnswerFault,
    FailLater,
    FewerClips,
    Hang,
    Html,
    Malformed,
    NoJobId,
    OddState,
    ResetAfter,
    ResetBefore,
    ShowProgress,
    Slow,
    Status,
    Stuck,
)
from tests.sandbox.provider.client_host import Host
from tests.sandbox.provider.ttapi_client import TtapiClient

SUBMIT = "/midjourney/video/submit"


@pytest.mark.parametrize("code", [400, 401, 402, 403, 404, 429, 499, 500, 504])
@pytest.mark.parametrize("accepted", [False, True])
async def test_a_submit_can_be_answered_with_every_documented_status(
    client: TtapiClient, fake_provider: FakeProvider, code: int, accepted: bool
) -> None:
    fake_provider.next_submit(Status(code, accepted=accepted))
    status, body = await client.submit()
    assert (status, body["status"], body["data"]) == (code, "FAILED", None)
    assert fake_provider.submits == (1 if accepted else 0)
    assert (await client.submit())[0] == 200


async def test_too_many_requests_say_when_to_come_again(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Status(429, "slow down", retry_after=1.5))
    async with client.session.post(SUBMIT, json={}) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "1.5")


async def test_a_refusal_can_come_under_status_200(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Status(200, "out of luck"))
    assert await client.submit() == (200, {"status": "FAILED", "message": "out of luck", "data": None})
    assert fake_provider.submits == 0


@pytest.mark.parametrize(("fault", "submits"), [(ResetBefore(), 0), (ResetAfter(), 1)])
async def test_a_connection_can_be_reset_before_and_after_a_job_is_accepted(
    client: TtapiClient, fake_provider: FakeProvider, fault: AnswerFault, submits: int
) -> None:
    fake_provider.next_submit(fault)
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.submit()
    assert fake_provider.submits == submits
    assert fake_provider.requests[-1].status is None


async def test_a_job_can_be_accepted_and_never_answered(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Hang())
    with pytest.raises(TimeoutError):
        await client.session.post(
            SUBMIT,
            json={"prompt": "a boat", "imageUrl": client.host.start},
            timeout=aiohttp.ClientTimeout(total=0.3),
        )
    assert fake_provider.submits == 1
    assert fake_provider.requests[-1].status is None


async def test_an_answer_can_be_late(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Slow(0.05))
    assert (await client.submit())[0] == 200


@pytest.mark.parametrize("accepted", [False, True])
async def test_a_web_page_can_come_in_place_of_json(
    client: TtapiClient, fake_provider: FakeProvider, accepted: bool
) -> None:
    fake_provider.next_submit(Html(502, accepted))
    async with client.session.post(SUBMIT, json={"prompt": "a boat", "imageUrl": client.host.start}) as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")
        assert "<html>" in await answer.text()
    assert fake_provider.submits == (1 if accepted else 0)


async def test_json_can_break_off(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Malformed())
    with pytest.raises(json.JSONDecodeError):
        await client.submit()
    assert fake_provider.submits == 1


async def test_an_accepted_job_can_go_unnamed(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(NoJobId())
    assert await client.submit() == (200, {"status": "SUCCESS", "message": "success", "data": {}})
    assert fake_provider.submits == 1


@pytest.mark.parametrize("message", FAILURES)
async def test_a_job_can_fail_with_every_documented_message(
    client: TtapiClient, fake_provider: FakeProvider, message: str
) -> None:
    fake_provider.next_submit(FailLater(message))
    job = await client.finished()
    _, body = await client.fetch(job)
    assert (body["status"], body["message"], body["data"]["videos"]) == ("FAILED", message, None)
    assert body["data"]["quota"] == "0"


@pytest.mark.parametrize(("count", "links"), [(0, None), (1, 1), (3, 3)])
async def test_a_job_can_succeed_with_fewer_clips(
    client: TtapiClient, fake_provider: FakeProvider, count: int, links: int | None
) -> None:
    fake_provider.next_submit(FewerClips(count))
    job = await client.finished()
    _, body = await client.fetch(job)
    assert body["status"] == "SUCCESS"
    assert (body["data"]["videos"] and len(body["data"]["videos"])) == links


async def test_a_job_can_be_stuck(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Stuck())
    stuck, other = await client.accepted(), await client.finished()
    fake_provider.finish(stuck.id)
    await fake_provider.until(lambda _: stuck.state is State.RUNNING)
    assert other.state is State.DONE
    assert (await client.fetch(stuck))[1]["status"] == "ON_QUEUE"


async def test_a_fetch_can_show_an_unknown_state_and_odd_progress(
    client: TtapiClient, fake_provider: FakeProvider
) -> None:
    job = await client.finished()
    fake_provider.next_fetch(OddState("MODAL"))
    fake_provider.next_fetch(ShowProgress(30))
    fake_provider.next_fetch(ShowProgress(None))
    answers = [(await client.fetch(job))[1] for _ in range(4)]
    assert [answer["status"] for answer in answers] == ["MODAL", "SUCCESS", "SUCCESS", "SUCCESS"]
    assert [answer["data"]["progress"] for answer in answers] == ["100", "30", None, "100"]


@pytest.mark.parametrize("code", [404, 429, 500])
async def test_a_fetch_can_fail(client: TtapiClient, fake_provider: FakeProvider, code: int) -> None:
    job = await client.finished()
    fake_provider.next_fetch(Status(code))
    assert (await client.fetch(job))[0] == code
    assert (await client.fetch(job))[0] == 200


async def test_an_extend_has_faults_of_its_own(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_extend(Status(499))
    parent = await client.finished()
    assert (await client.extend(parent))[0] == 499
    assert (await client.extend(parent))[0] == 200


async def test_a_standing_fault_stays_until_it_is_taken_away(
    client: TtapiClient, fake_provider: FakeProvider, host: Host
) -> None:
    fake_provider.settings.submit_fault = Status(503)
    assert [(await client.submit())[0] for _ in range(3)] == [503, 503, 503]
    fake_provider.next_submit(Status(402))
    assert [(await client.submit())[0] for _ in range(2)] == [402, 503]
    fake_provider.settings.submit_fault = None
    assert (await client.submit())[0] == 200
    assert host.callbacks == []


async def test_a_fault_for_the_next_order_befalls_an_extend_as_well_as_a_video(
    client: TtapiClient, fake_provider: FakeProvider
) -> None:
    job = await client.finished()
    for order in (lambda: client.extend(job), client.submit):
        fault = Status(402)
        fake_provider.next_order(fault)
        fake_provider.next_order(Status(500))
        assert fake_provider.is_queued(fault)
        assert [(await order())[0] for _ in range(3)] == [402, 500, 200]
        assert not fake_provider.is_queued(fault)


async def test_a_fault_that_waits_can_be_withdrawn_and_an_equal_one_stays(
    client: TtapiClient, fake_provider: FakeProvider
) -> None:
    first, second, download = Status(402), Status(402), Status(503)
    fake_provider.next_order(first)
    fake_provider.next_order(second)
    fake_provider.next_download(download)
    fake_provider.withdraw(first)
    fake_provider.withdraw(download)
    assert [fake_provider.is_queued(fault) for fault in (first, second, download)] == [False, True, False]
    assert [(await client.submit())[0] for _ in range(2)] == [402, 200]


async def test_a_request_is_recorded_with_its_answer_and_the_time_it_took(
    client: TtapiClient, fake_provider: FakeProvider
) -> None:
    fake_provider.next_submit(Slow(0.2))
    _, told = await client.submit()
    request = fake_provider.requests[-1]
    assert json.loads(request.answer or b"") == told
    assert request.took is not None
    assert 0.2 <= request.took < 5
