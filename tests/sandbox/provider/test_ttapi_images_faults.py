"""The provider misbehaves with images in all the ways that it does with videos."""

from __future__ import annotations

import asyncio
import io

import aiohttp
import pytest
from PIL import Image

from sandbox.provider import FakeProvider, State
from sandbox.provider.model import faults as f
from tests.sandbox.provider.client_host import Host
from tests.sandbox.provider.ttapi_images_client import TtapiImagesClient, plain, uri

CAT = {"prompt": "a cat"}
RED = uri(plain("red"))


@pytest.mark.parametrize("code", [400, 401, 402, 403, 404, 429, 499, 500, 504])
async def test_an_order_can_be_refused_with_any_status(
    images_client: TtapiImagesClient, fake_provider: FakeProvider, code: int
) -> None:
    fake_provider.next_submit(f.Status(code, "no", retry_after=2 if code == 429 else None))
    async with images_client.session.post("/midjourney/v1/imagine", json=CAT) as answer:
        assert answer.status == code
        assert answer.headers.get("Retry-After") == ("2" if code == 429 else None)
        assert await answer.json() == {"status": "FAILED", "message": "no", "data": None}
    assert fake_provider.submits == 0


async def test_a_gateway_can_give_up_on_an_order_that_was_accepted(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.next_submit(f.Status(504, accepted=True))
    assert (await images_client.post("imagine", **CAT))[0] == 504
    assert fake_provider.submits == 1


@pytest.mark.parametrize(("fault", "accepted"), [(f.ResetBefore(), 0), (f.ResetAfter(), 1)])
async def test_a_connection_can_be_reset(
    images_client: TtapiImagesClient, fake_provider: FakeProvider, fault: f.SubmitFault, accepted: int
) -> None:
    fake_provider.next_submit(fault)
    with pytest.raises(aiohttp.ClientError):
        await images_client.post("imagine", **CAT)
    assert fake_provider.submits == accepted


async def test_an_order_can_stay_without_an_answer(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.next_submit(f.Hang())
    waiting = asyncio.create_task(images_client.post("imagine", **CAT))
    await fake_provider.until(lambda s: s.submits == 1)
    assert not waiting.done()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_an_answer_can_be_slow_a_page_or_broken(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.next_submit(f.Slow(0.05))
    assert (await images_client.post("imagine", **CAT))[0] == 200
    fake_provider.next_submit(f.Html(502))
    async with images_client.session.post("/midjourney/v1/imagine", json=CAT) as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")
    fake_provider.next_submit(f.Malformed())
    with pytest.raises(ValueError, match=r"Expecting|Unterminated|delimiter"):
        await images_client.post("imagine", **CAT)
    fake_provider.next_submit(f.NoJobId())
    assert await images_client.post("imagine", **CAT) == (200, {"status": "SUCCESS", "message": "", "data": {}})
    assert fake_provider.submits == 3


@pytest.mark.parametrize("message", f.FAILURES)
async def test_a_job_can_fail_for_every_documented_reason(
    images_client: TtapiImagesClient, fake_provider: FakeProvider, message: str
) -> None:
    fake_provider.next_submit(f.FailLater(message))
    job = await images_client.finished("imagine", **CAT)
    assert (await images_client.fetch(job))["message"] == message
    assert (job.quota, job.image_result) == (0, None)


@pytest.mark.parametrize("count", [1, 3])
async def test_a_grid_can_have_fewer_images(
    images_client: TtapiImagesClient, fake_provider: FakeProvider, count: int
) -> None:
    fake_provider.next_submit(f.FewerClips(count))
    job = await images_client.finished("imagine", prompt="a cat", getUImages=True)
    data = (await images_client.fetch(job))["data"]
    assert len(data["images"]) == count
    slots = range(1, count + 1)
    assert data["components"] == [*(f"upsample{n}" for n in slots), *(f"variation{n}" for n in slots), "reroll"]
    assert (await images_client.image(job)).size == (96, 96)


async def test_a_success_can_come_without_an_image(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.next_submit(f.FewerClips(0))
    data = (await images_client.fetch(await images_client.finished("imagine", prompt="a cat", getUImages=True)))["data"]
    assert (data["discordImage"], data["cdnImage"], data["images"], data["width"]) == ("", "", None, None)


async def test_a_description_can_have_fewer_texts(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.next_submit(f.FewerClips(2))
    data = (await images_client.fetch(await images_client.finished("describe", base64=RED)))["data"]
    assert len(data["prompt"].split("\n\n")) == 2


async def test_a_job_that_is_stuck_fails_after_its_timeout(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.timeout_scale = 0.0001
    fake_provider.next_submit(f.Stuck())
    job = await images_client.accepted("imagine", **CAT)
    await fake_provider.until(lambda _: job.state.over)
    assert (job.state, job.message, job.quota) == (State.FAILED, "job timeout", 0)


async def test_a_stuck_job_does_not_end_before_its_timeout(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.next_submit(f.Stuck())
    job = await images_client.accepted("imagine", **CAT)
    await fake_provider.until(lambda _: job.state is State.RUNNING)
    fake_provider.finish(job.id)
    assert (await images_client.fetch(job))["status"] == "ON_QUEUE"


@pytest.mark.parametrize("endpoint", ["action", "blend", "describe", "inpaint", "seed"])
async def test_a_fault_befalls_every_kind_of_order(
    images_client: TtapiImagesClient, fake_provider: FakeProvider, endpoint: str
) -> None:
    fake_provider.next_submit(f.Status(500))
    status, body = await images_client.post(endpoint)
    assert (status, body["data"]) == (500, {} if endpoint == "inpaint" else None)
    assert (await images_client.post(endpoint))[0] == 400


async def test_a_fetch_can_report_what_nobody_knows(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    job = await images_client.finished("imagine", **CAT)
    fake_provider.next_fetch(f.OddState("MODAL"))
    assert (await images_client.fetch(job))["status"] == "MODAL"
    fake_provider.next_fetch(f.ShowProgress(7))
    assert (await images_client.fetch(job))["data"]["progress"] == "7"
    fake_provider.next_fetch(f.ShowProgress(None))
    assert (await images_client.fetch(job))["data"]["progress"] is None
    fake_provider.next_fetch(f.Status(500, "later"))
    assert (await images_client.post("fetch", jobId=job.id))[0] == 500
    assert (await images_client.fetch(job))["status"] == "SUCCESS"


async def test_progress_cannot_be_shown_where_there_is_no_data(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.paused = True
    job = await images_client.accepted("imagine", **CAT)
    fake_provider.next_fetch(f.ShowProgress(7))
    assert (await images_client.fetch(job))["data"] == []


@pytest.mark.parametrize("link", ["cdnImage", "discordImage"])
async def test_an_image_can_be_gone_no_image_or_elsewhere(
    images_client: TtapiImagesClient, fake_provider: FakeProvider, link: str
) -> None:
    url = (await images_client.fetch(await images_client.finished("imagine", **CAT)))["data"][link]
    for fault, status in ((f.Status(404), 404), (f.NotAVideo(), 200), (f.Redirect("http://127.0.0.1:1/"), 302)):
        fake_provider.next_download(fault)
        async with images_client.session.get(url, allow_redirects=False) as answer:
            assert answer.status == status
            assert status != 200 or (answer.content_type, (await answer.read())[:6]) == ("image/png", b"<html>")
    assert (await images_client.download(url)).size == (96, 96)


async def test_an_image_can_break_off_or_be_huge(images_client: TtapiImagesClient, fake_provider: FakeProvider) -> None:
    url = (await images_client.fetch(await images_client.finished("imagine", **CAT)))["data"]["cdnImage"]
    fake_provider.next_download(f.CutOff())
    with pytest.raises(aiohttp.ClientError):
        await images_client.download(url)
    fake_provider.next_download(f.Huge(1_000_000))
    async with images_client.session.get(url) as answer:
        data = await answer.read()
    assert len(data) == 1_000_000
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (96, 96)


async def test_images_that_were_never_made_are_not_found(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    job = await images_client.finished("imagine", **CAT)
    for path in (f"/pics/{job.result_id}/0.png", "/pics/nothing/image.png", f"/cdn/{job.result_id}/0.mp4"):
        async with images_client.session.get(path) as answer:
            assert answer.status == 404


async def test_the_end_is_told_in_the_words_of_fetch(
    images_client: TtapiImagesClient, fake_provider: FakeProvider, host: Host
) -> None:
    job = await images_client.finished("imagine", prompt="a cat", hookUrl=host.callback_url, getUImages=True)
    await fake_provider.until(lambda s: s.deliveries)
    assert host.callbacks == [await images_client.fetch(job)]
    assert host.callbacks[0]["data"]["hookUrl"] == host.callback_url
    fake_provider.next_submit(f.FailLater("[Image denied]"))
    failed = await images_client.finished("describe", base64=RED, hookUrl=host.callback_url)
    await fake_provider.until(lambda s: len(s.deliveries) == 2)
    assert host.callbacks[1] == {"status": "FAILED", "jobId": failed.id, "message": "[Image denied]", "data": []}


async def test_an_empty_callback_is_none(images_client: TtapiImagesClient, fake_provider: FakeProvider) -> None:
    job = await images_client.finished("imagine", prompt="a cat", hookUrl="")
    assert (job.callback_url, fake_provider.deliveries) == (None, [])


async def test_callbacks_can_come_early_and_twice(
    images_client: TtapiImagesClient, fake_provider: FakeProvider, host: Host
) -> None:
    fake_provider.settings.callbacks = "early"
    await images_client.finished("imagine", prompt="a cat", hookUrl=host.callback_url)
    await fake_provider.until(lambda s: len(s.deliveries) == 2)
    assert [callback["status"] for callback in host.callbacks] == ["ON_QUEUE", "SUCCESS"]
