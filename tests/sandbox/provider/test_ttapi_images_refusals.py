"""What the image page does not allow is refused, in its words, and starts no job."""

from __future__ import annotations

import pytest

from sandbox.provider import FakeProvider
from tests.sandbox.provider.client_host import Host
from tests.sandbox.provider.ttapi_images_client import (
    Json,
    TtapiImagesClient,
    bare,
    plain,
    png,
    uri,
)
from tests.sandbox.provider.ttapi_images_refusal import empty, expect_refusal, wrong

NAMES = ("imagine", "action", "blend", "describe", "inpaint", "seed", "fetch", "promptCheck")
RED, BLUE = uri(plain("red")), uri(plain("blue"))
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("key", ["", "wrong"])
async def test_a_wrong_key_is_refused_everywhere(images_client: TtapiImagesClient, name: str, key: str) -> None:
    async with images_client.session.post(f"/midjourney/v1/{name}", headers={"TT-API-KEY": key}, json={}) as answer:
        assert (answer.status, (await answer.json())["message"]) == (
            401,
            "Wrong TT-API-KEY or email is not activated.",
        )


@pytest.mark.parametrize("name", NAMES)
async def test_only_post_is_understood(images_client: TtapiImagesClient, name: str) -> None:
    async with images_client.session.get(f"/midjourney/v1/{name}") as answer:
        assert answer.status == 405


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"not json", "application/json"),
        (b"[]", "application/json"),
        (b"prompt=a", "application/x-www-form-urlencoded"),
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(
    images_client: TtapiImagesClient, name: str, data: bytes, kind: str
) -> None:
    url = f"/midjourney/v1/{name}"
    async with images_client.session.post(url, data=data, headers={"Content-Type": kind}) as answer:
        assert (answer.status, (await answer.json())["status"]) == (400, "FAILED")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, empty("prompt")),
        ({"prompt": ""}, empty("prompt")),
        ({"prompt": " "}, empty("prompt")),
        ({"prompt": None}, wrong("prompt")),
        ({"prompt": 7}, wrong("prompt")),
        ({"prompt": "a", "mode": "slow"}, wrong("mode")),
        ({"prompt": "a", "mode": ""}, wrong("mode")),
        ({"prompt": "a", "model": "FAST"}, wrong("model")),
        ({"prompt": "a", "mode": []}, wrong("mode")),
        ({"prompt": "a", "timeout": 299}, wrong("timeout")),
        ({"prompt": "a", "timeout": 1201}, wrong("timeout")),
        ({"prompt": "a", "timeout": "300"}, wrong("timeout")),
        ({"prompt": "a", "timeout": True}, wrong("timeout")),
        ({"prompt": "a", "timeout": 300.0}, wrong("timeout")),
        ({"prompt": "a", "timeout": None}, wrong("timeout")),
        ({"prompt": "a", "mode": "relax", "timeout": 599}, wrong("timeout")),
        ({"prompt": "a", "mode": "turbo", "timeout": 299}, wrong("timeout")),
        ({"prompt": "a", "getUImages": "true"}, wrong("getUImages")),
        ({"prompt": "a", "getUImages": 1}, wrong("getUImages")),
        ({"prompt": "a", "translation": None}, wrong("translation")),
        ({"prompt": "a", "hookUrl": True}, wrong("hookUrl")),
        ({"prompt": "a", "hookUrl": "example.com"}, wrong("hookUrl")),
        ({"prompt": "a", "hookUrl": None}, wrong("hookUrl")),
        ({"prompt": "a", "imageUrl": "https://example.com/a.png"}, wrong("imageUrl")),
    ],
)
async def test_an_imagine_that_the_page_does_not_allow_is_refused(
    images_client: TtapiImagesClient, body: Json, message: str
) -> None:
    await expect_refusal(images_client, "imagine", body, message)


@pytest.mark.parametrize(("speed", "timeout"), [("fast", 300), ("turbo", 1200), ("relax", 600), ("relax", 1200)])
async def test_a_timeout_at_its_bounds_is_accepted(images_client: TtapiImagesClient, speed: str, timeout: int) -> None:
    assert (await images_client.accepted("imagine", prompt="a", mode=speed, timeout=timeout)).order.timeout == timeout


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"action": None}, wrong("action")),
        ({"action": 1}, wrong("action")),
        ({"action": ""}, wrong("action")),
        ({"action": "U1"}, wrong("action")),
        ({"action": "upsample0"}, wrong("action")),
        ({"action": ["upsample1"]}, wrong("action")),
        ({"jobId": ""}, empty("jobId")),
        ({"jobId": 1}, wrong("jobId")),
        ({"jobId": NOBODY}, wrong("jobId")),
        ({"timeout": 0}, wrong("timeout")),
        ({"timeout": "300"}, wrong("timeout")),
        ({"getUImages": "yes"}, wrong("getUImages")),
        ({"mode": "fast"}, wrong("mode")),
        ({"prompt": "a dog"}, wrong("prompt")),
        ({"translation": True}, wrong("translation")),
    ],
)
async def test_an_action_that_the_page_does_not_allow_is_refused(
    images_client: TtapiImagesClient, fields: Json, message: str
) -> None:
    grid = await images_client.finished("imagine", prompt="a cat")
    await expect_refusal(images_client, "action", {"jobId": grid.id, "action": "upsample1"} | fields, message)


async def test_an_action_is_required_though_the_table_calls_it_optional(images_client: TtapiImagesClient) -> None:
    grid = await images_client.finished("imagine", prompt="a cat")
    await expect_refusal(images_client, "action", {"jobId": grid.id}, wrong("action"))
    await expect_refusal(images_client, "action", {"action": "upsample1"}, empty("jobId"))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"imgBase64Array": [RED]}, wrong("imgBase64Array")),
        ({"imgBase64Array": [RED] * 6}, wrong("imgBase64Array")),
        ({"imgBase64Array": []}, wrong("imgBase64Array")),
        ({"imgBase64Array": None}, empty("imgBase64Array")),
        ({"imgBase64Array": RED}, wrong("imgBase64Array")),
        ({"imgBase64Array": [RED, 7]}, wrong("imgBase64Array")),
        ({"imgBase64Array": [RED, bare(plain("blue"))]}, wrong("imgBase64Array")),
        ({"imgBase64Array": [RED, "https://example.com/a.png"]}, wrong("imgBase64Array")),
        ({"imgBase64Array": ["data:image/png;base64,xxx1", "data:image/png;base64,xxx2"]}, wrong("imgBase64Array")),
        ({"imgBase64Array": [RED, "data:image/png;base64,%%%%"]}, wrong("imgBase64Array")),
        ({"dimensions": "square"}, wrong("dimensions")),
        ({"dimensions": 1}, wrong("dimensions")),
        ({"mode": "slow"}, wrong("mode")),
        ({"timeout": -1}, wrong("timeout")),
        ({"prompt": "a cat"}, wrong("prompt")),
    ],
)
async def test_a_blend_that_the_page_does_not_allow_is_refused(
    images_client: TtapiImagesClient, fields: Json, message: str
) -> None:
    await expect_refusal(images_client, "blend", {"imgBase64Array": [RED, BLUE]} | fields, message)


@pytest.mark.parametrize("count", [2, 5])
async def test_two_to_five_images_are_blended(images_client: TtapiImagesClient, count: int) -> None:
    job = await images_client.finished("blend", imgBase64Array=[RED, BLUE, RED, BLUE, RED][:count])
    assert job.quota == 3


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, empty("base64")),
        ({"base64": "", "url": ""}, empty("base64")),
        ({"base64": bare(plain("red"))}, wrong("base64")),
        ({"base64": "data:image/png;base64,xxx1"}, wrong("base64")),
        ({"base64": 1}, wrong("base64")),
        ({"base64": RED, "url": 1, "mode": "slow"}, wrong("mode")),
        ({"url": "example.com/a.png"}, wrong("url")),
        ({"url": RED}, wrong("url")),
        ({"url": "https://example.com/a.png", "timeout": "1"}, wrong("timeout")),
        ({"base64": RED, "getUImages": True}, wrong("getUImages")),
    ],
)
async def test_a_describe_that_the_page_does_not_allow_is_refused(
    images_client: TtapiImagesClient, body: Json, message: str
) -> None:
    await expect_refusal(images_client, "describe", body, message)


@pytest.mark.parametrize("link", ["gone.png", "page"])
async def test_a_link_without_an_image_cannot_be_described(
    images_client: TtapiImagesClient, fake_provider: FakeProvider, host: Host, link: str
) -> None:
    job = await images_client.finished("describe", url=f"{host.base_url}/{link}")
    body = await images_client.fetch(job)
    assert (body["status"], body["data"]) == ("FAILED", [])
    assert body["message"].startswith("[Invalid link!]")
    fake_provider.settings.bad_link = "refuse"
    status, answer = await images_client.post("describe", url=f"{host.base_url}/{link}")
    assert (status, answer["message"]) == (400, body["message"])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, empty("jobId")),
        ({"jobId": NOBODY}, wrong("jobId")),
        ({"jobId": 1}, wrong("jobId")),
        ({"jobId": NOBODY, "action": "seed"}, wrong("action")),
    ],
)
async def test_a_seed_that_the_page_does_not_allow_is_refused(
    images_client: TtapiImagesClient, body: Json, message: str
) -> None:
    await expect_refusal(images_client, "seed", body, message)


async def test_a_job_that_is_not_completed_offers_nothing(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.hold = True
    job = await images_client.accepted("imagine", prompt="a cat")
    await fake_provider.until(lambda _: job.image_result is not None)
    await expect_refusal(images_client, "action", {"jobId": job.id, "action": "upsample1"}, wrong("jobId"))
    await expect_refusal(images_client, "seed", {"jobId": job.id}, wrong("jobId"))


async def test_an_unknown_job_cannot_be_fetched(images_client: TtapiImagesClient, fake_provider: FakeProvider) -> None:
    assert (await images_client.post("fetch", jobId=NOBODY))[0] == 404
    assert (await images_client.post("fetch"))[1]["message"] == empty("jobId")
    assert (await images_client.post("fetch", jobId=1))[1]["message"] == wrong("jobId")
    job = await images_client.finished("imagine", prompt="a cat")
    fake_provider.settings.forgotten.add(job.id)
    assert (await images_client.post("fetch", jobId=job.id))[0] == 404


async def test_unknown_fields_pass_where_the_provider_is_not_strict(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.strict_fields = False
    assert "style" in (await images_client.accepted("imagine", prompt="a cat", style="raw")).order.sent_fields


async def test_an_image_over_the_limit_is_refused(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.max_image_bytes = len(png(plain("red"))) - 1
    await expect_refusal(images_client, "blend", {"imgBase64Array": [RED, BLUE]}, wrong("imgBase64Array"))
