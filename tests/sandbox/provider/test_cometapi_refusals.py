"""What CometAPI's page and the /mj family do not allow is refused, in each of the ways that hide or show it."""

from __future__ import annotations

import pytest

from sandbox.provider import FakeProvider
from sandbox.provider.model.faults import FailLater, Stuck
from tests.sandbox.provider.client_host import Host
from tests.sandbox.provider.cometapi_client import LIST, SUBMIT, CometClient

DATA_LINK = "data:image/png;base64,AAAA"


@pytest.mark.parametrize(("method", "path"), [("POST", SUBMIT), ("GET", "/mj/task/1/fetch"), ("POST", LIST)])
@pytest.mark.parametrize("key", ["", "fake-key", "Bearer wrong", "bearer fake-key"])
async def test_a_wrong_key_is_refused_everywhere(comet: CometClient, method: str, path: str, key: str) -> None:
    async with comet.session.request(method, path, headers={"Authorization": key}, json={}) as answer:
        error = (await answer.json())["error"]
        assert (answer.status, error["type"], error["param"]) == (401, "comet_api_error", "")
        assert error["message"].startswith("Invalid token (request id: ")


async def test_a_blocked_account_is_refused_everywhere(comet: CometClient, fake_provider: FakeProvider) -> None:
    job = await comet.finished()
    fake_provider.settings.comet_account = "blocked"
    answers = [await comet.submit(), await comet.fetch(job.id), await comet.post(LIST, {"ids": []})]
    assert [status for status, _ in answers] == [403, 403, 403]
    assert {body["error"]["type"] for _, body in answers} == {"comet_api_error"}


async def test_an_empty_account_cannot_order_and_can_ask(comet: CometClient, fake_provider: FakeProvider) -> None:
    job = await comet.finished()
    fake_provider.settings.comet_account = "empty"
    refusal = {"description": "quota_not_enough", "type": "upstream_error", "code": 4}
    assert await comet.submit() == (400, refusal)
    assert await comet.extend(job) == (400, refusal)
    assert (await comet.task(job))["status"] == "SUCCESS"
    assert fake_provider.submits == 1


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"motion": "medium"}, "motion"),
        ({"motion": "example"}, "motion"),
        ({"motion": None}, "motion"),
        ({"motion": 1}, "motion"),
        ({"image": ""}, "image"),
        ({"image": "example"}, "image"),
        ({"image": None}, "image"),
        ({"image": "ftp://example.com/a.png"}, "image"),
        ({"image": "data:text/plain;base64,AAAA"}, "image"),
        ({"image": ["https://example.com/a.png"]}, "image"),
        ({"prompt": ""}, "Prompt"),
        ({"prompt": " \n"}, "Prompt"),
        ({"prompt": None}, "prompt"),
        ({"prompt": 7}, "prompt"),
        ({"action": "upscale"}, "action"),
        ({"action": "EXTEND"}, "action"),
        ({"action": "extend"}, "taskId"),
        ({"action": "extend", "index": 0}, "taskId"),
        ({"action": "extend", "taskId": "1"}, "index"),
        ({"taskId": "1"}, "任务类型错误"),
        ({"taskId": "1", "index": 0}, "任务类型错误"),
        ({"taskId": 1}, "taskId"),
        ({"index": "0"}, "index"),
        ({"state": 1}, "state"),
        ({"state": "x" * 256}, "state"),
        ({"noStorage": "true"}, "noStorage"),
        ({"noStorage": None}, "noStorage"),
        ({"videoType": "720"}, "videoType"),
        ({"videoType": "vid_1.1_i2v_extend_480"}, "videoType"),
        ({"endImage": "https://example.com/a.png"}, "endImage"),
        ({"batchSize": 1}, "batchSize"),
        ({"loop": False}, "loop"),
        ({"notifyHook": "https://example.com/callback"}, "notifyHook"),
        ({"imageUrl": "https://example.com/a.png"}, "imageUrl"),
    ],
)
async def test_an_order_that_the_documents_do_not_allow_is_refused_under_status_200(
    comet: CometClient, fake_provider: FakeProvider, fields: dict[str, object], named: str
) -> None:
    status, body = await comet.submit(**fields)
    assert (status, body["code"], body["result"], body["properties"]) == (200, 4, None, {})
    assert named in body["description"]
    assert fake_provider.submits == 0


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"batchSize": 3}, "batchSize"),
        ({"batchSize": "4"}, "batchSize"),
        ({"batchSize": True}, "batchSize"),
        ({"loop": "false"}, "loop"),
        ({"endImage": "end.png"}, "endImage"),
        ({"notifyHook": "example.com"}, "notifyHook"),
        ({"notifyHook": f"https://example.com/{'x' * 2000}"}, "notifyHook"),
        ({"animateMode": "auto"}, "animateMode"),
    ],
)
async def test_the_familys_own_fields_are_read_strictly_too(
    comet: CometClient, fake_provider: FakeProvider, fields: dict[str, object], named: str
) -> None:
    fake_provider.settings.comet_family_fields = True
    _, body = await comet.submit(**fields)
    assert body["code"] == 4
    assert named in body["description"]


@pytest.mark.parametrize("missing", ["motion", "image", "prompt"])
async def test_an_order_without_a_required_field_is_refused(comet: CometClient, missing: str) -> None:
    order = comet.order
    del order[missing]
    _, body = await comet.post(SUBMIT, order)
    assert (body["code"], missing in body["description"].lower()) == (4, True)


@pytest.mark.parametrize("path", [SUBMIT, LIST])
@pytest.mark.parametrize("data", [b"not json", b"[]", b"", b"\xff\xfe"])
async def test_a_body_that_is_no_json_object_is_refused(comet: CometClient, path: str, data: bytes) -> None:
    async with comet.session.post(path, data=data, headers={"Content-Type": "application/json"}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (200, 4)


@pytest.mark.parametrize("body", [{}, {"ids": "1"}, {"ids": [1]}, {"ids": [], "status": "SUCCESS"}])
async def test_a_list_takes_ids_alone(comet: CometClient, body: dict[str, object]) -> None:
    assert (await comet.post(LIST, body))[1]["code"] == 4


@pytest.mark.parametrize("length", [0, 255])
async def test_a_state_of_up_to_255_characters_comes_back(comet: CometClient, length: int) -> None:
    job = await comet.accepted(state="x" * length)
    assert (await comet.task(job))["state"] == "x" * length


@pytest.mark.parametrize(("style", "code"), [("relay", 400), ("gateway", 500)])
async def test_a_wrong_order_can_be_refused_with_an_http_status(
    comet: CometClient, fake_provider: FakeProvider, style: str, code: int
) -> None:
    fake_provider.settings.comet_refusals = "relay" if style == "relay" else "gateway"
    status, body = await comet.submit(motion="medium")
    assert status == code
    if style == "relay":
        assert body == {"description": "motion must be one of low, high", "type": "upstream_error", "code": 4}
    else:
        assert (body["error"]["type"], body["error"]["code"]) == ("comet_api_error", "invalid_request")


async def test_an_operator_can_refuse_data_uris(comet: CometClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.comet_data_links = "refuse"
    _, body = await comet.submit(image=comet.data_link)
    assert (body["code"], body["description"], fake_provider.submits) == (4, "disabled upload base64", 0)


@pytest.mark.parametrize("link", [DATA_LINK, "data:image/png;base64,????", "{host}/gone.png", "{host}/page"])
async def test_a_link_without_an_image_fails_the_task_or_is_refused_at_once(
    comet: CometClient, fake_provider: FakeProvider, host: Host, link: str
) -> None:
    image = link.format(host=host.base_url)
    task = await comet.task(await comet.finished(image=image))
    assert task["status"] == "FAILURE"
    assert task["failReason"].startswith("[Invalid link!]")
    fake_provider.settings.bad_link = "refuse"
    _, body = await comet.submit(image=image)
    assert (body["code"], fake_provider.submits) == (4, 1)
    assert body["description"].startswith("Invalid link")


async def test_a_data_uri_must_be_whole_base64(comet: CometClient) -> None:
    job = await comet.finished(image=comet.data_link + "?")
    assert job.message == "[Invalid link!] the link holds no base64"


async def test_a_data_uri_over_the_limit_fails_the_task(comet: CometClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.max_image_bytes = 1000
    job = await comet.finished(image=comet.data_link)
    assert "larger than 1000 bytes" in job.message


async def test_only_a_clip_of_a_finished_task_can_be_extended(comet: CometClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(Stuck())
    running = await comet.accepted()
    fake_provider.next_submit(FailLater())
    failed, done = await comet.finished(), await comet.finished()
    answers = [
        (await comet.extend(running))[1],
        (await comet.extend(failed))[1],
        (await comet.extend(done, taskId="1"))[1],
        (await comet.extend(done, index=4))[1],
        (await comet.extend(done, index=-1))[1],
        (await comet.extend(done, index=True))[1],
    ]
    assert [answer["code"] for answer in answers] == [4, 4, 3, 4, 4, 4]
    assert answers[0]["description"] == "task_status_not_success"
    assert answers[2]["description"] == "目标任务不存在"
    assert fake_provider.submits == 3


async def test_a_forgotten_task_can_neither_be_fetched_nor_extended(
    comet: CometClient, fake_provider: FakeProvider
) -> None:
    job = await comet.finished()
    fake_provider.settings.forgotten.add(job.id)
    assert (await comet.fetch(job.id))[0] == 400
    assert (await comet.extend(job))[1]["code"] == 3


async def test_an_unknown_task_is_answered_in_one_of_three_ways(
    comet: CometClient, fake_provider: FakeProvider
) -> None:
    refusal = {"description": "task_no_found", "type": "upstream_error", "code": 4}
    assert await comet.fetch("1") == (400, refusal)
    fake_provider.settings.comet_unknown = "null"
    assert await comet.fetch("1") == (200, None)
    fake_provider.settings.comet_unknown = "nothing"
    assert await comet.fetch("1") == (204, None)


async def test_a_banned_word_is_refused_under_status_200_and_named(
    comet: CometClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.banned_words = frozenset({"gore"})
    assert await comet.submit(prompt="Gore, everywhere") == (
        200,
        {
            "code": 24,
            "description": "可能包含敏感词",
            "result": None,
            "properties": {"promptEn": "Gore, everywhere", "bannedWord": "gore"},
        },
    )
    assert fake_provider.submits == 0


async def test_a_full_queue_is_refused_under_status_200_with_an_id_that_no_task_has(
    comet: CometClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.paused, fake_provider.settings.max_running = True, 1
    await comet.accepted()
    status, body = await comet.submit()
    assert (status, body["code"], body["description"]) == (200, 23, "队列已满，请稍后尝试")
    assert body["result"].isdigit()
    assert (await comet.fetch(body["result"]))[0] == 400
    fake_provider.settings.comet_queue_full = 9
    _, body = await comet.submit()
    assert (body["code"], body["description"], body["result"]) == (9, "队列已满，请稍后尝试", None)
    assert fake_provider.submits == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/mj/submit/vidoe"), ("GET", SUBMIT), ("POST", "/mj/mj/submit/video"), ("GET", "/mj/task/1")],
)
async def test_a_wrong_path_leads_away_or_shows_a_web_page(
    comet: CometClient, fake_provider: FakeProvider, method: str, path: str
) -> None:
    async with comet.session.request(method, path, json=comet.order, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"], answer.content_type) == (301, "/", "text/html")
    fake_provider.settings.comet_wrong_path = "page"
    async with comet.session.request(method, path, json=comet.order) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
    assert fake_provider.submits == 0
