"""What AceData's documents do not allow is refused in its envelope, and starts no task."""

from __future__ import annotations

import pytest

from sandbox.provider import FakeProvider
from sandbox.provider.acedata.records import task_of
from sandbox.provider.model.faults import FailLater
from tests.sandbox.provider.acedata_client import TASKS, VIDEOS, AceDataClient
from tests.sandbox.provider.client_host import KEY, Host

MODERATED = "Sorry! Our Al moderators feel your prompt might be against our community standards."


@pytest.mark.parametrize("path", [VIDEOS, TASKS])
@pytest.mark.parametrize("key", ["", "Bearer", "Bearer wrong", KEY, f"bearer {KEY}x", f"Basic {KEY}"])
async def test_a_wrong_token_is_refused_everywhere(ace: AceDataClient, path: str, key: str) -> None:
    async with ace.session.post(path, json={}, headers={"Authorization": key}) as answer:
        body = await answer.json()
        assert answer.status == 401
    assert body == {
        "success": False,
        "error": {"code": "invalid_token", "message": "The specified token is invalid or wrong."},
        "trace_id": body["trace_id"],
    }


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"prompt": None}, "prompt is required"),
        ({"prompt": "  "}, "prompt"),
        ({"prompt": 7}, "prompt"),
        ({"image_url": None}, "image_url is required"),
        ({"image_url": "data:image/png;base64,AAAA"}, "image_url"),
        ({"image_url": ["https://example.com/a.png"]}, "image_url"),
        ({"end_image_url": "end.png"}, "end_image_url"),
        ({"action": "animate"}, "action"),
        ({"action": 1}, "action"),
        ({"mode": "relax"}, "mode"),
        ({"mode": "FAST"}, "mode"),
        ({"resolution": "1080p"}, "resolution"),
        ({"resolution": 720}, "resolution"),
        ({"resolution": "hd"}, "resolution"),
        ({"loop": "true"}, "loop"),
        ({"loop": 1}, "loop"),
        ({"async": "true"}, "async"),
        ({"async": 0}, "async"),
        ({"callback_url": True}, "callback_url"),
        ({"callback_url": "example.com"}, "callback_url"),
        ({"video_id": "1751816807896311"}, "video_id does not belong to generate"),
        ({"video_index": 0}, "video_index does not belong to generate"),
        ({"motion": "low"}, "unknown field motion"),
        ({"bs": 4}, "unknown field bs"),
        ({"imageUrl": "https://example.com/a.png"}, "unknown field imageUrl"),
    ],
)
async def test_an_order_that_the_documents_do_not_allow_is_refused(
    ace: AceDataClient, fake_provider: FakeProvider, fields: dict[str, object], named: str
) -> None:
    status, body = await ace.generate(**fields)
    assert (status, body["error"]["code"]) == (400, "bad_request")
    assert named in body["error"]["message"]
    assert fake_provider.submits == 0


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"prompt": None}, "prompt is required"),
        ({"video_id": None}, "video_id is required"),
        ({"video_id": 1751816807896311}, "video_id"),
        ({"video_id": "1751816807896311"}, "video_id is unknown"),
        ({"video_index": "0"}, "video_index"),
        ({"video_index": True}, "video_index"),
        ({"video_index": 0.5}, "video_index"),
        ({"video_index": -1}, "out of range"),
        ({"video_index": 4}, "out of range"),
        ({"image_url": "https://example.com/a.png"}, "image_url does not belong to extend"),
        ({"resolution": "sd"}, "resolution"),
    ],
)
async def test_an_extend_that_the_documents_do_not_allow_is_refused(
    ace: AceDataClient, fake_provider: FakeProvider, fields: dict[str, object], named: str
) -> None:
    parent = await ace.finished()
    status, body = await ace.extend(parent, **fields)
    assert (status, body["error"]["code"]) == (400, "bad_request")
    assert named in body["error"]["message"]
    assert fake_provider.submits == 1


async def test_a_task_id_is_no_video_id(ace: AceDataClient) -> None:
    parent = await ace.finished()
    _, body = await ace.extend(parent, video_id=parent.id)
    assert body["error"]["message"] == "video_id is unknown"


async def test_only_a_finished_task_has_a_video(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(FailLater())
    failed, parent = await ace.finished(), await ace.finished()
    fake_provider.settings.hold = True
    running = await ace.accepted()
    for job in (failed, running):
        _, body = await ace.extend(parent, video_id=task_of(job).video_id)
        assert body["error"]["message"] == "video_id is unknown"


async def test_null_is_no_value_but_for_whom_to_call_back(ace: AceDataClient, host: Host) -> None:
    for name in ("action", "prompt", "mode", "resolution", "loop", "end_image_url", "async"):
        body = {"prompt": "a boat", "image_url": host.start, "async": True, name: None}
        assert (await ace.post(VIDEOS, body))[0] == 400, name


async def test_unknown_and_foreign_fields_pass_where_the_provider_is_not_strict(
    ace: AceDataClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.strict_fields = False
    job = await ace.accepted(motion="high", video_index=1)
    assert {"motion", "video_index"} < job.order.sent_fields
    assert job.index is None


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"action": "retrieve"}, "id or trace_id"),
        ({"id": ""}, "id or trace_id"),
        ({"id": 7}, "id"),
        ({"action": "list"}, "action"),
        ({"action": "retrieve_batch", "ids": "a"}, "ids"),
        ({"action": "retrieve_batch", "ids": [1]}, "ids"),
        ({"action": "retrieve_batch", "trace_ids": {}}, "trace_ids"),
        ({"action": "retrieve_batch", "offset": -1}, "offset"),
        ({"action": "retrieve_batch", "limit": 0}, "limit"),
        ({"action": "retrieve_batch", "limit": "12"}, "limit"),
        ({"action": "retrieve", "task_id": "a"}, "unknown field task_id"),
    ],
)
async def test_a_question_that_the_documents_do_not_allow_is_refused(
    ace: AceDataClient, asked: dict[str, object], named: str
) -> None:
    status, body = await ace.post(TASKS, asked)
    assert (status, body["error"]["code"]) == (400, "bad_request")
    assert named in body["error"]["message"]


@pytest.mark.parametrize("path", [VIDEOS, TASKS])
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"not json", "application/json"),
        (b"[]", "application/json"),
        (b"", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"id=7", "application/x-www-form-urlencoded"),
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(ace: AceDataClient, path: str, data: bytes, kind: str) -> None:
    async with ace.session.post(path, data=data, headers={"Content-Type": kind}) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]["code"] == "bad_request"


@pytest.mark.parametrize("path", [VIDEOS, TASKS])
async def test_nothing_answers_get(ace: AceDataClient, path: str) -> None:
    async with ace.session.get(path) as answer:
        assert answer.status == 405


async def test_lines_of_json_are_not_implemented(ace: AceDataClient, fake_provider: FakeProvider, host: Host) -> None:
    body = {"prompt": "a boat", "image_url": host.start}
    async with ace.session.post(VIDEOS, json=body, headers={"Accept": "application/x-ndjson"}) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (400, "api_not_implemented")
    assert fake_provider.submits == 0


async def test_a_loop_with_an_end_image_can_be_refused(
    ace: AceDataClient, fake_provider: FakeProvider, host: Host
) -> None:
    fake_provider.settings.loop_with_end = "refuse"
    status, body = await ace.generate(loop=True, end_image_url=host.end)
    assert (status, body["error"]["code"], fake_provider.submits) == (400, "bad_request", 0)
    assert (await ace.generate(loop=False, end_image_url=host.end))[0] == 200


async def test_a_banned_word_is_forbidden(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.banned_words = frozenset({"gore"})
    status, body = await ace.generate(prompt="Gore, everywhere")
    assert (status, body["error"]) == (403, {"code": "forbidden", "message": MODERATED})
    assert fake_provider.submits == 0
    assert (await ace.generate(prompt="the categories"))[0] == 200


async def test_a_banned_word_can_fail_the_accepted_task(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.banned_words = frozenset({"gore"})
    fake_provider.settings.acedata_moderation = "later"
    job = await ace.finished(prompt="gore")
    assert (await ace.result(job))["error"] == {"code": "forbidden", "message": MODERATED}


async def test_a_full_queue_is_too_many_requests(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.paused = True
    fake_provider.settings.max_running = 1
    await ace.accepted()
    status, body = await ace.generate()
    assert (status, body["error"]["code"]) == (429, "too_many_requests")
    fake_provider.release()
    await fake_provider.until(lambda s: all(job.state.over for job in s.jobs.values()))
    assert (await ace.generate())[0] == 200


async def test_a_link_without_an_image_fails_the_task(ace: AceDataClient, host: Host) -> None:
    job = await ace.finished(image_url=f"{host.base_url}/gone.png")
    record = await ace.record(job)
    assert record["response"]["error"]["code"] == "bad_request"
    assert "started_at" not in record
    assert record["elapsed"] >= 0


@pytest.mark.parametrize("field", ["image_url", "end_image_url"])
async def test_a_link_without_an_image_can_be_refused_at_once(
    ace: AceDataClient, fake_provider: FakeProvider, host: Host, field: str
) -> None:
    fake_provider.settings.bad_link = "refuse"
    status, body = await ace.generate(**{field: f"{host.base_url}/page"})
    assert (status, body["error"]["code"], fake_provider.submits) == (400, "bad_request", 0)
