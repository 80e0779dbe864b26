"""What the documents do not allow is refused, and starts no job."""

from __future__ import annotations

import pytest

from sandbox.provider import FakeProvider, State
from tests.sandbox.provider.client_host import Host
from tests.sandbox.provider.ttapi_client import TtapiClient

PATHS = [
    ("POST", "/midjourney/video/submit"),
    ("POST", "/midjourney/video/extend"),
    ("GET", "/midjourney/video/fetch"),
    ("GET", "/midjourney/v1/info"),
    ("GET", "/midjourney/v1/fetch-list"),
    ("POST", "/midjourney/v1/promptCheck"),
    ("GET", "/midjourney/status"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize("key", ["", "wrong"])
async def test_a_wrong_key_is_refused_everywhere(client: TtapiClient, method: str, path: str, key: str) -> None:
    async with client.session.request(method, path, headers={"TT-API-KEY": key}, json={}) as answer:
        assert answer.status == 401
        assert await answer.json() == {
            "status": "FAILED",
            "message": "Wrong TT-API-KEY or email is not activated.",
            "data": None,
        }


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"prompt": None}, "prompt"),
        ({"prompt": "  "}, "prompt"),
        ({"prompt": 7}, "prompt"),
        ({"imageUrl": None}, "imageUrl"),
        ({"imageUrl": ""}, "imageUrl"),
        ({"imageUrl": "data:image/png;base64,AAAA"}, "imageUrl"),
        ({"imageUrl": "ftp://example.com/a.png"}, "imageUrl"),
        ({"imageUrl": "http:///a.png"}, "imageUrl"),
        ({"imageUrl": ["https://example.com/a.png"]}, "imageUrl"),
        ({"endingUrl": "end.png"}, "endingUrl"),
        ({"mode": "turbo"}, "mode"),
        ({"mode": None}, "mode"),
        ({"manual": "medium"}, "manual"),
        ({"manual": True}, "manual"),
        ({"resolution": "480p"}, "resolution"),
        ({"bs": "4"}, "bs"),
        ({"bs": 3}, "bs"),
        ({"bs": True}, "bs"),
        ({"bs": 4.0}, "bs"),
        ({"bs": None}, "bs"),
        ({"hookUrl": True}, "hookUrl"),
        ({"hookUrl": "example.com"}, "hookUrl"),
        ({"motion": "low"}, "motion"),
        ({"loop": False}, "loop"),
        ({"model": "fast"}, "model"),
    ],
)
async def test_a_submit_that_the_documents_do_not_allow_is_refused(
    client: TtapiClient, fake_provider: FakeProvider, fields: dict[str, object], named: str
) -> None:
    status, body = await client.submit(**fields)
    assert (status, body["status"], body["data"]) == (400, "FAILED", None)
    assert named in body["message"]
    assert fake_provider.submits == 0


@pytest.mark.parametrize("missing", ["prompt", "imageUrl"])
async def test_a_submit_without_a_required_field_is_refused(client: TtapiClient, host: Host, missing: str) -> None:
    body = {"prompt": "a boat", "imageUrl": host.start}
    del body[missing]
    status, answer = await client.post("/midjourney/video/submit", body)
    assert (status, answer["message"]) == (400, f"{missing} is required")


@pytest.mark.parametrize("path", ["/midjourney/video/submit", "/midjourney/video/extend"])
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"not json", "application/json"),
        (b"[]", "application/json"),
        (b"", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"prompt=a+boat", "application/x-www-form-urlencoded"),
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(client: TtapiClient, path: str, data: bytes, kind: str) -> None:
    async with client.session.post(path, data=data, headers={"Content-Type": kind}) as answer:
        assert answer.status == 400
        assert (await answer.json())["status"] == "FAILED"


async def test_unknown_fields_pass_where_the_provider_is_not_strict(
    client: TtapiClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.strict_fields = False
    job = await client.accepted(loop=True)
    assert "loop" in job.order.sent_fields


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"jobId": ""}, "jobId"),
        ({"jobId": 1}, "jobId"),
        ({"jobId": "00000000-0000-0000-0000-000000000000"}, "jobId is unknown"),
        ({"index": "0"}, "index"),
        ({"index": True}, "index"),
        ({"index": None}, "index"),
        ({"index": -1}, "index is out of range"),
        ({"index": 2}, "index is out of range"),
        ({"manual": "auto"}, "manual"),
        ({"animateMode": "loop"}, "animateMode"),
        ({"bs": 8}, "bs"),
        ({"prompt": "the boat sinks"}, "prompt"),
        ({"resolution": "hd"}, "resolution"),
        ({"endingUrl": "https://example.com/a.png"}, "endingUrl"),
    ],
)
async def test_an_extend_that_the_documents_do_not_allow_is_refused(
    client: TtapiClient, fake_provider: FakeProvider, fields: dict[str, object], named: str
) -> None:
    parent = await client.finished(bs=2)
    status, body = await client.extend(parent, **fields)
    assert (status, body["status"]) == (400, "FAILED")
    assert named in body["message"]
    assert fake_provider.submits == 1


async def test_a_job_that_is_not_completed_cannot_be_extended(
    client: TtapiClient, fake_provider: FakeProvider, host: Host
) -> None:
    fake_provider.settings.hold = True
    running = await client.accepted()
    assert (await client.extend(running))[1]["message"] == "the job is not completed"
    failed = await client.finished(imageUrl=f"{host.base_url}/gone.png")
    assert failed.state is State.FAILED
    assert (await client.extend(failed))[0] == 400


@pytest.mark.parametrize("link", ["gone.png", "page", "../nowhere"])
async def test_a_link_without_an_image_fails_the_job_later(client: TtapiClient, host: Host, link: str) -> None:
    job = await client.finished(imageUrl=f"{host.base_url}/{link}")
    _, body = await client.fetch(job)
    assert body["status"] == "FAILED"
    assert body["message"].startswith("[Invalid link!]")
    assert (body["data"]["videos"], body["data"]["quota"], body["data"]["progress"]) == (None, "0", None)


@pytest.mark.parametrize("field", ["imageUrl", "endingUrl"])
async def test_a_link_without_an_image_is_refused_at_once_when_told_so(
    client: TtapiClient, fake_provider: FakeProvider, host: Host, field: str
) -> None:
    fake_provider.settings.bad_link = "refuse"
    status, body = await client.submit(**{field: f"{host.base_url}/page"})
    assert (status, fake_provider.submits) == (400, 0)
    assert body["message"].startswith("[Invalid link!]")


async def test_a_host_that_is_not_there_fails_the_job(client: TtapiClient) -> None:
    job = await client.finished(imageUrl="http://127.0.0.1:1/a.png")
    assert job.message.startswith("[Invalid link!]")


async def test_an_image_over_the_limit_fails_the_job(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.max_image_bytes = 1000
    job = await client.finished()
    assert "larger than 1000 bytes" in job.message


async def test_the_queue_is_full_after_ten_unfinished_jobs(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.paused = True
    for _ in range(10):
        await client.accepted(bs=1)
    status, body = await client.submit()
    assert (status, body["status"], body["data"]) == (499, "FAILED", None)
    fake_provider.release()
    await fake_provider.until(lambda s: all(job.state.over for job in s.jobs.values()))
    assert (await client.submit())[0] == 200


async def test_a_banned_word_is_refused_and_named(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.banned_words = frozenset({"gore"})
    status, body = await client.submit(prompt="Gore, everywhere")
    assert (status, body["message"]) == (400, "banned prompt words：gore")
    assert (await client.submit(prompt="the categories"))[0] == 200


async def test_an_unknown_job_cannot_be_fetched(client: TtapiClient) -> None:
    assert (await client.get("/midjourney/video/fetch", jobId="nobody"))[0] == 404
    assert (await client.get("/midjourney/video/fetch"))[0] == 400
