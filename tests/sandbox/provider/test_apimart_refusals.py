"""What APIMart's documents do not allow is refused in its error envelope, and starts no task."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sandbox.provider import FakeProvider, State
from tests.sandbox.provider.apimart_client import VIDEO, ApiMartClient, open_apimart
from tests.sandbox.provider.client_host import KEY, Host

LINK = "https://example.com/a.png"


@pytest.fixture
async def apimart(fake_provider: FakeProvider, host: Host) -> AsyncIterator[ApiMartClient]:
    async with open_apimart(fake_provider, host) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path"), [("POST", VIDEO), ("GET", "/v1/midjourney/task_01"), ("GET", "/v1/tasks/task_01")]
)
@pytest.mark.parametrize("header", ["", KEY, "Bearer", f"bearer {KEY}", f"Basic {KEY}", "Bearer wrong"])
async def test_a_wrong_key_is_refused_everywhere(
    apimart: ApiMartClient, fake_provider: FakeProvider, method: str, path: str, header: str
) -> None:
    async with apimart.session.request(method, path, json=apimart.order, headers={"Authorization": header}) as answer:
        assert answer.status == 401
        assert await answer.json() == {
            "error": {"code": 401, "message": "invalid token", "type": "authentication_error"}
        }
    assert fake_provider.submits == 0


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"prompt": None}, "prompt"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": "  "}, "prompt"),
        ({"prompt": 7}, "prompt"),
        ({"image_urls": None}, "image_urls"),
        ({"image_urls": LINK}, "image_urls"),
        ({"image_urls": []}, "image_urls"),
        ({"image_urls": [LINK, LINK]}, "exactly one"),
        ({"image_urls": [7]}, "image_urls"),
        ({"image_urls": ["data:image/png;base64,AAAA"]}, "image_urls"),
        ({"task_id": "task_01"}, "not both"),
        ({"index": 0}, "index goes with task_id"),
        ({"video_type": "vid_1.1_i2v_1080"}, "video_type"),
        ({"video_type": ""}, "video_type"),
        ({"video_type": "vid_1.1_i2v_extend_480"}, "extend"),
        ({"video_type": "vid_1.1_i2v_start_end_480"}, "end_url"),
        ({"animate_mode": "loop"}, "animate_mode"),
        ({"animate_mode": "auto"}, "animate_mode auto needs task_id and index"),
        ({"motion": "medium"}, "motion"),
        ({"motion": None}, "motion"),
        ({"batch_size": 3}, "batch_size"),
        ({"batch_size": 0}, "batch_size"),
        ({"batch_size": "4"}, "batch_size"),
        ({"batch_size": True}, "batch_size"),
        ({"batch_size": 4.0}, "batch_size"),
        ({"end_url": "end.png"}, "end_url"),
        ({"end_url": [LINK]}, "end_url"),
        ({"speed": "fast"}, "speed"),
        ({"metadata": {}}, "metadata"),
        ({"loop": False}, "loop"),
        ({"callback_url": LINK}, "callback_url"),
    ],
)
async def test_a_submit_that_the_documents_do_not_allow_is_refused(
    apimart: ApiMartClient, fake_provider: FakeProvider, fields: dict[str, object], named: str
) -> None:
    status, body = await apimart.submit(**fields)
    assert status == 400
    assert (body["error"]["code"], body["error"]["type"]) == (400, "invalid_request_error")
    assert named in body["error"]["message"]
    assert fake_provider.submits == 0


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"index": 4}, "index"),
        ({"index": -1}, "index"),
        ({"index": "0"}, "index"),
        ({"index": True}, "index"),
        ({"index": None}, "index"),
        ({"task_id": ""}, "task_id"),
        ({"task_id": 7}, "task_id"),
        ({"image_urls": [LINK]}, "not both"),
    ],
)
async def test_a_start_from_an_imagine_task_is_read_strictly(
    apimart: ApiMartClient, fake_provider: FakeProvider, fields: dict[str, object], named: str
) -> None:
    status, body = await apimart.reuse(fake_provider.add_imagine_task("four hills"), **fields)
    assert (status, fake_provider.submits) == (400, 0)
    assert named in body["error"]["message"]


async def test_text_alone_makes_no_video(apimart: ApiMartClient) -> None:
    status, body = await apimart.send({"prompt": "a boat"})
    assert (status, body["error"]["message"]) == (400, "give image_urls or task_id, and not both")


async def test_an_imagine_task_without_an_index_is_refused(apimart: ApiMartClient, fake_provider: FakeProvider) -> None:
    status, body = await apimart.send({"task_id": fake_provider.add_imagine_task("four hills")})
    assert (status, body["error"]["message"]) == (400, "index is required with task_id")


async def test_only_a_finished_imagine_task_of_ones_own_can_be_reused(
    apimart: ApiMartClient, fake_provider: FakeProvider
) -> None:
    video = await apimart.finished()
    assert (await apimart.reuse(video.id))[0] == 404
    assert (await apimart.reuse("task_01NOBODY"))[0] == 404
    status, body = await apimart.reuse(fake_provider.add_imagine_task("four hills", finished=False))
    assert (status, body["error"]["message"]) == (400, "task is not in SUCCESS state")
    source = fake_provider.add_imagine_task("four hills")
    fake_provider.settings.foreign.add(source)
    assert (await apimart.reuse(source))[0] == 403
    fake_provider.settings.forgotten.add(source)
    assert (await apimart.reuse(source))[0] == 404
    assert fake_provider.submits == 1


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"not json", "application/json"),
        (b"[]", "application/json"),
        (b"", "application/json"),
        (b"prompt=a+boat", "application/x-www-form-urlencoded"),
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(apimart: ApiMartClient, data: bytes, kind: str) -> None:
    async with apimart.session.post(VIDEO, data=data, headers={"Content-Type": kind}) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (400, 400)


async def test_unknown_fields_pass_where_the_provider_is_not_strict(
    apimart: ApiMartClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.strict_fields = False
    assert "metadata" in (await apimart.accepted(metadata={"job": "1"})).order.sent_fields


async def test_there_is_no_path_to_extend(apimart: ApiMartClient) -> None:
    for path in ("/v1/midjourney/generations/extend", "/v1/midjourney/generations/video/extend"):
        async with apimart.session.post(path, json=apimart.order) as answer:
            assert answer.status in (404, 405)


@pytest.mark.parametrize("link", ["gone.png", "page"])
async def test_a_link_without_an_image_fails_the_task_later(apimart: ApiMartClient, host: Host, link: str) -> None:
    job = await apimart.finished(image_urls=[f"{host.base_url}/{link}"])
    page, task = (await apimart.midjourney(job.id))[1], (await apimart.task(job.id))[1]["data"]
    assert (job.state, page["status"], page["video_url"], page["video_urls"]) == (State.FAILED, "FAILURE", None, [])
    assert page["fail_reason"].startswith("[Invalid link!]")
    assert (task["status"], task["error"]["message"]) == ("failed", page["fail_reason"])


@pytest.mark.parametrize("field", ["image_urls", "end_url"])
async def test_a_link_without_an_image_is_refused_at_once_when_told_so(
    apimart: ApiMartClient, fake_provider: FakeProvider, host: Host, field: str
) -> None:
    fake_provider.settings.bad_link = "refuse"
    page = f"{host.base_url}/page"
    status, _ = await apimart.submit(**{field: [page] if field == "image_urls" else page})
    assert (status, fake_provider.submits) == (400, 0)


async def test_an_image_over_the_limit_fails_the_task(apimart: ApiMartClient, fake_provider: FakeProvider) -> None:
    assert fake_provider.settings.max_image_bytes == 12 * 1024 * 1024
    fake_provider.settings.max_image_bytes = 1000
    assert "larger than 1000 bytes" in (await apimart.finished()).message


async def test_too_many_unfinished_tasks_are_a_rate_limit(apimart: ApiMartClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.paused, fake_provider.settings.max_running = True, 1
    job = await apimart.accepted()
    status, body = await apimart.submit()
    assert (status, body["error"]["type"]) == (429, "rate_limit_error")
    await apimart.over(job)
    assert (await apimart.submit())[0] == 200


async def test_a_banned_word_is_refused_by_moderation_and_named(
    apimart: ApiMartClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.banned_words = frozenset({"gore"})
    status, body = await apimart.submit(prompt="Gore, everywhere")
    assert (status, body["error"]["code"]) == (422, 422)
    assert body["error"]["message"] == "Banned prompt detected: gore"
    assert (await apimart.submit(prompt="the categories"))[0] == 200


async def test_unknown_forgotten_and_foreign_tasks_are_not_shown(
    apimart: ApiMartClient, fake_provider: FakeProvider, host: Host
) -> None:
    job = await apimart.finished()
    link = (await apimart.midjourney(job.id))[1]["video_url"]
    missing = {"error": {"code": 404, "message": "task not found", "type": "not_found"}}
    for ask in (apimart.midjourney, apimart.task):
        assert await ask("task_01NOBODY") == (404, missing)
        fake_provider.settings.foreign.add(job.id)
        status, body = await ask(job.id)
        assert (status, body["error"]["type"]) == (403, "permission_error")
        fake_provider.settings.foreign.clear()
        fake_provider.settings.forgotten.add(job.id)
        assert await ask(job.id) == (404, missing)
        fake_provider.settings.forgotten.clear()
        assert (await ask(job.id))[0] == 200
    fake_provider.settings.forgotten.add(job.id)
    async with apimart.session.get(link) as answer:
        assert answer.status == 200
