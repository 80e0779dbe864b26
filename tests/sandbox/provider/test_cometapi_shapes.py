"""CometAPI's answers as its pages and the /mj family show them, contradictions included."""

from __future__ import annotations

import time
from typing import Literal

import pytest

from sandbox.provider import FakeProvider
from sandbox.provider.model.faults import NotAVideo, Stuck
from tests.sandbox.provider.client_host import Host
from tests.sandbox.provider.cometapi_client import LIST, SUBMIT, CometClient
from tests.sandbox.provider.ttapi_client import TtapiClient

DOCUMENTED_RESPONSE_KEYS = {"code", "description", "result", "properties"}
TASK_KEYS = {
    *("id", "action", "status", "progress", "prompt", "promptEn", "description", "submitTime", "startTime"),
    *("finishTime", "imageUrl", "videoUrl", "failReason", "state", "buttons", "properties", "videoUrls"),
}


async def test_a_submit_is_answered_with_code_1_and_the_id(comet: CometClient, fake_provider: FakeProvider) -> None:
    status, body = await comet.submit()
    (task_id,) = fake_provider.jobs
    assert (status, body) == (200, {"code": 1, "description": "提交成功", "result": task_id, "properties": {}})
    assert task_id.isdigit()
    assert len(task_id) == 16


async def test_the_documented_sample_is_taken_where_a_prompt_is_not_needed(
    comet: CometClient, fake_provider: FakeProvider, host: Host
) -> None:
    sample = {"motion": "low", "image": host.start}
    fake_provider.settings.comet_needs_prompt = False
    status, body = await comet.post(SUBMIT, sample)
    assert (status, set(body), body["code"]) == (200, DOCUMENTED_RESPONSE_KEYS, 1)
    fake_provider.settings.comet_needs_prompt = True
    assert (await comet.post(SUBMIT, sample))[1]["code"] == 4


@pytest.mark.parametrize("waiting", ["NOT_START", ""])
async def test_a_waiting_task_has_nothing_yet(
    comet: CometClient, fake_provider: FakeProvider, waiting: Literal["NOT_START", ""]
) -> None:
    fake_provider.settings.paused = True
    fake_provider.settings.comet_waiting = waiting
    before = int(time.time() * 1000)
    job = await comet.accepted(state="token-1")
    status, task = await comet.fetch(job.id)
    submitted = task.pop("submitTime")
    assert (status, task) == (
        200,
        {
            "id": job.id,
            "action": "VIDEO",
            "status": waiting,
            "progress": "0%",
            "prompt": "a boat",
            "promptEn": "",
            "description": "提交成功",
            "startTime": 0,
            "finishTime": 0,
            "imageUrl": "",
            "videoUrl": "",
            "videoUrls": None,
            "failReason": "",
            "state": "token-1",
            "buttons": [],
            "properties": {"finalPrompt": "a boat"},
        },
    )
    assert before <= submitted <= time.time() * 1000


async def test_a_task_that_starts_is_submitted_and_then_in_progress(
    comet: CometClient, fake_provider: FakeProvider
) -> None:
    fake_provider.next_submit(Stuck())
    stuck = await comet.accepted()
    await fake_provider.until(lambda _: stuck.started_at)
    assert (await comet.task(stuck))["status"] == "SUBMITTED"
    fake_provider.settings.hold = True
    running = await comet.accepted()
    await fake_provider.until(lambda _: running.progress == 99)
    task = await comet.task(running)
    assert (task["status"], task["progress"], task["videoUrls"]) == ("IN_PROGRESS", "99%", None)
    assert task["startTime"] >= task["submitTime"] > task["finishTime"] == 0


async def test_a_finished_task_shows_its_clips_under_cometapis_own_address(
    comet: CometClient, fake_provider: FakeProvider
) -> None:
    job = await comet.finished()
    task = await comet.task(job)
    links = [f"{fake_provider.base_url}/mj/video/{job.id}/{number}" for number in range(4)]
    cover = f"{fake_provider.base_url}/mj/image/{job.id}"
    assert set(task) == TASK_KEYS
    assert (task["status"], task["progress"], task["failReason"]) == ("SUCCESS", "100%", "")
    assert (task["imageUrl"], task["videoUrl"]) == (cover, links[0])
    assert task["videoUrls"] == [{"url": link, "thumbnail": cover} for link in links]
    assert task["finishTime"] >= task["startTime"] > 0
    labels = [button["customId"].rpartition("::")[0] for button in task["buttons"]]
    assert labels[0] == "MJ::JOB::animate_low_extend::1"
    assert len(labels) == 8


async def test_both_addresses_lead_to_the_same_clip(comet: CometClient) -> None:
    proxied, raw = await comet.finished(), await comet.finished(noStorage=True)
    for job in (proxied, raw):
        links = [video["url"] for video in (await comet.task(job))["videoUrls"]]
        assert ("/cdn/" in links[1]) is (job is raw)
        async with comet.session.get(links[1], headers={"Authorization": ""}) as answer:
            assert await answer.read() == job.clip_bytes(1)
    async with comet.session.get(f"/mj/video/{proxied.id}/4") as answer:
        assert answer.status == 404


async def test_a_download_from_cometapis_own_address_can_disappoint(
    comet: CometClient, fake_provider: FakeProvider
) -> None:
    job = await comet.finished()
    fake_provider.next_download(NotAVideo())
    async with comet.session.get(f"/mj/video/{job.id}/0") as answer:
        assert await answer.read() == b"<html>this is no video</html>"


async def test_the_cover_is_the_image_that_the_chain_began_with(comet: CometClient, image: bytes) -> None:
    parent = await comet.finished()
    child = await comet.extended(parent)
    async with comet.session.get((await comet.task(parent))["imageUrl"]) as answer:
        assert await answer.read() == image
    async with comet.session.get(f"/mj/image/{child.id}") as answer:
        assert await answer.read() == image
    async with comet.session.get("/mj/image/1") as answer:
        assert (answer.status, await answer.json()) == (400, {"error": "midjourney_task_not_found"})


async def test_the_video_can_stand_in_other_places(comet: CometClient, fake_provider: FakeProvider) -> None:
    job = await comet.finished()
    raw = f"{fake_provider.base_url}/cdn/{job.result_id}/0.mp4"
    cover, proxied = f"{fake_provider.base_url}/mj/image/{job.id}", f"{fake_provider.base_url}/mj/video/{job.id}/0"
    fake_provider.settings.comet_clips = "single"
    single = await comet.task(job)
    fake_provider.settings.comet_clips = "image"
    image = await comet.task(job)
    fake_provider.settings.comet_clips = "url"
    url = await comet.task(job)
    fake_provider.settings.comet_clips = "nowhere"
    nowhere = await comet.task(job)
    shown = [(task["imageUrl"], task["videoUrl"], task["videoUrls"]) for task in (single, image, url, nowhere)]
    assert shown == [(cover, proxied, None), (raw, None, None), (cover, None, None), (cover, None, None)]
    assert [task.get("url") for task in (single, image, url, nowhere)] == [None, None, raw, None]
    assert {task["status"] for task in (single, image, url, nowhere)} == {"SUCCESS"}
    (button,) = nowhere["buttons"]
    assert button["customId"].startswith("MJ::JOB::video_virtual_upscale::1::")


async def test_a_task_can_come_wrapped(comet: CometClient, fake_provider: FakeProvider) -> None:
    job = await comet.finished()
    plain = await comet.task(job)
    fake_provider.settings.comet_wrapped = True
    assert await comet.task(job) == {"code": 1, "description": "成功", "result": plain}


async def test_a_list_shows_the_tasks_that_there_are(comet: CometClient, fake_provider: FakeProvider) -> None:
    first, second = await comet.finished(), await comet.finished()
    tasks = [await comet.task(first), await comet.task(second)]
    assert await comet.post(LIST, {"ids": [second.id, "1", first.id]}) == (200, tasks)
    assert await comet.post(LIST, {"ids": []}) == (200, [])
    fake_provider.settings.forgotten.add(first.id)
    assert await comet.post(LIST, {"ids": [second.id, first.id]}) == (200, tasks[1:])


async def test_an_order_that_waits_says_how_many_are_before_it(comet: CometClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.paused = True
    assert (await comet.submit())[1]["properties"] == {}
    _, rewritten = await comet.submit()
    fake_provider.settings.comet_codes = "raw"
    _, raw = await comet.submit()
    assert (rewritten["code"], rewritten["description"]) == (1, "排队中，前面还有1个任务")
    assert (raw["code"], raw["description"]) == (22, "排队中，前面还有2个任务")
    assert [body["properties"]["numberOfQueues"] for body in (rewritten, raw)] == [1, 2]
    assert [*fake_provider.jobs][1:] == [rewritten["result"], raw["result"]]


async def test_tasks_of_other_vendors_are_unknown(comet: CometClient, client: TtapiClient) -> None:
    job = await client.finished()
    assert (await comet.fetch(job.id))[1]["description"] == "task_no_found"
    assert (await comet.post(LIST, {"ids": [job.id]}))[1] == []
