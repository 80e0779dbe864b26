"""What is sent and answered, as APIMart's pages show it."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from sandbox.provider import FakeProvider, State
from sandbox.provider.rendering.clip_info import read_clip_info
from tests.sandbox.provider.apimart_client import ApiMartClient, open_apimart
from tests.sandbox.provider.client_host import Host


@pytest.fixture
async def apimart(fake_provider: FakeProvider, host: Host) -> AsyncIterator[ApiMartClient]:
    async with open_apimart(fake_provider, host) as client:
        yield client


async def test_the_documented_submit_is_answered_with_a_list_of_one_task(
    apimart: ApiMartClient, fake_provider: FakeProvider
) -> None:
    status, body = await apimart.send(
        {
            "prompt": "the cat slowly turns its head to the camera",
            "image_urls": [apimart.host.start],
            "motion": "high",
            "batch_size": 4,
        }
    )
    (job,) = fake_provider.jobs.values()
    assert (status, body) == (200, {"code": 200, "data": [{"status": "submitted", "task_id": job.id}]})
    assert re.fullmatch(r"task_01[0-9A-HJKMNP-TV-Z]{24}", job.id)
    assert (job.options.motion, job.options.clips, job.options.resolution) == ("high", 4, "sd")
    assert job.order.sent_fields == {"prompt", "image_urls", "motion", "batch_size"}


async def test_the_documented_transition_becomes_a_start_to_end_video(apimart: ApiMartClient, host: Host) -> None:
    job = apimart.job_of(
        await apimart.send(
            {
                "prompt": "transition smoothly from sunrise to sunset",
                "image_urls": [host.start],
                "end_url": host.end,
                "video_type": "vid_1.1_i2v_720",
            }
        )
    )
    assert (job.order.video_type, job.options.resolution) == ("vid_1.1_i2v_start_end_720", "hd")
    await apimart.over(job)
    assert (job.state, job.end_image is not None) == (State.DONE, True)


async def test_the_documented_success_is_shown_field_by_field(
    apimart: ApiMartClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.apimart_page = "sparse"
    job = await apimart.finished(batch_size=2)
    links = [f"{fake_provider.base_url}/cdn/{job.result_id}/{number}.mp4" for number in range(2)]
    assert await apimart.midjourney(job.id) == (
        200,
        {
            "id": job.id,
            "status": "SUCCESS",
            "action": "VIDEO",
            "mode": "FAST",
            "video_url": links[0],
            "video_urls": links,
        },
    )


async def test_the_defaults_are_the_documented_ones(apimart: ApiMartClient) -> None:
    job = await apimart.accepted()
    options = job.options
    assert (options.motion, options.resolution, options.clips, options.animate) == ("high", "sd", 1, "manual")
    assert (job.order.video_type, job.order.sent_fields) == ("vid_1.1_i2v_480", {"prompt", "image_urls"})


@pytest.mark.parametrize(
    ("asked", "ending", "made", "resolution"),
    [
        ("vid_1.1_i2v_480", False, "vid_1.1_i2v_480", "sd"),
        ("vid_1.1_i2v_720", False, "vid_1.1_i2v_720", "hd"),
        ("vid_1.1_i2v_480", True, "vid_1.1_i2v_start_end_480", "sd"),
        ("vid_1.1_i2v_720", True, "vid_1.1_i2v_start_end_720", "hd"),
        ("vid_1.1_i2v_start_end_480", True, "vid_1.1_i2v_start_end_480", "sd"),
        ("vid_1.1_i2v_start_end_720", True, "vid_1.1_i2v_start_end_720", "hd"),
    ],
)
async def test_every_documented_kind_of_video_is_made(
    apimart: ApiMartClient, host: Host, asked: str, ending: bool, made: str, resolution: str
) -> None:
    job = await apimart.accepted(video_type=asked, **({"end_url": host.end} if ending else {}))
    assert (job.order.video_type, job.options.resolution) == (made, resolution)


@pytest.mark.parametrize("clips", [1, 2, 4])
async def test_there_are_as_many_links_as_clips_were_asked_for(apimart: ApiMartClient, clips: int) -> None:
    job = await apimart.finished(batch_size=clips)
    body = (await apimart.midjourney(job.id))[1]
    assert len(body["video_urls"]) == clips
    assert body["video_url"] == body["video_urls"][0]
    async with apimart.session.get(body["video_url"]) as answer:
        assert read_clip_info(await answer.read()).codec == "h264"


async def test_a_waiting_task_is_submitted_and_pending(apimart: ApiMartClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.paused = True
    job = await apimart.accepted()
    assert await apimart.midjourney(job.id) == (
        200,
        {
            "id": job.id,
            "status": "SUBMITTED",
            "action": "VIDEO",
            "mode": "FAST",
            "progress": "0%",
            "prompt": "a boat",
            "video_url": None,
            "video_urls": [],
            "buttons": [],
            "fail_reason": "",
        },
    )
    data = {"id": job.id, "status": "pending", "progress": 0, "created": int(job.created_at), "estimated_time": 60}
    assert await apimart.task(job.id) == (200, {"code": 200, "data": data})


async def test_a_running_task_shows_its_progress_as_text_and_as_a_number(
    apimart: ApiMartClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.hold = True
    job = await apimart.accepted()
    await fake_provider.until(lambda _: job.progress == 99)
    page, task = (await apimart.midjourney(job.id))[1], (await apimart.task(job.id))[1]["data"]
    assert (page["status"], page["progress"], page["video_urls"]) == ("IN_PROGRESS", "99%", [])
    assert (task["status"], task["progress"], "result" in task) == ("processing", 99, False)


async def test_a_finished_task_is_complete_on_both_pages(apimart: ApiMartClient) -> None:
    job = await apimart.finished(batch_size=2)
    page, (status, body) = (await apimart.midjourney(job.id))[1], await apimart.task(job.id)
    assert (page["status"], page["progress"], page["fail_reason"]) == ("SUCCESS", "100%", "")
    data = body["data"]
    assert (status, body["code"], data["status"], data["progress"]) == (200, 200, "completed", 100)
    assert [video["url"] for video in data["result"]["videos"]] == page["video_urls"]
    assert data["result"]["videos"][0]["expires_at"] == data["completed"] + 72 * 3600
    assert (data["completed"] >= data["created"], data["actual_time"] >= 0) == (True, True)


async def test_an_image_of_an_imagine_task_starts_the_video(
    apimart: ApiMartClient, fake_provider: FakeProvider
) -> None:
    source = fake_provider.add_imagine_task("four hills")
    jobs = [apimart.job_of(await apimart.reuse(source, index=index, animate_mode="auto")) for index in range(4)]
    for job in jobs:
        await apimart.over(job)
    assert len({job.image_sha256 for job in jobs}) == 4
    assert {(job.state, job.prompt, job.options.animate) for job in jobs} == {(State.DONE, "four hills", "auto")}
    assert fake_provider.submits == 4


@pytest.mark.parametrize("prompt", ["", "  "])
async def test_an_empty_prompt_inherits_that_of_the_imagine_task(
    apimart: ApiMartClient, fake_provider: FakeProvider, prompt: str
) -> None:
    source = fake_provider.add_imagine_task("four hills --bs 4")
    job = apimart.job_of(await apimart.reuse(source, prompt=prompt))
    assert (job.prompt, job.options.clips, job.overridden_by_prompt) == ("four hills --bs 4", 1, {})
    assert apimart.job_of(await apimart.reuse(source, prompt="rain")).prompt == "rain"


async def test_an_imagine_task_shows_its_four_images(apimart: ApiMartClient, fake_provider: FakeProvider) -> None:
    source = fake_provider.add_imagine_task("four hills")
    page, task = (await apimart.midjourney(source))[1], (await apimart.task(source))[1]["data"]
    assert (page["status"], page["action"], page["prompt"]) == ("SUCCESS", "IMAGINE", "four hills")
    assert (task["status"], task["result"]["images"][0]["url"]) == ("completed", page["image_urls"])
    digests: list[str] = []
    for link in page["image_urls"]:
        async with apimart.session.get(link) as answer:
            image = await answer.read()
        assert Image.open(io.BytesIO(image)).size == (1024, 1024)
        digests.append(hashlib.sha256(image).hexdigest())
    job = await apimart.over(apimart.job_of(await apimart.reuse(source, index=3)))
    assert job.image_sha256 == digests[3]


async def test_an_unfinished_imagine_task_has_no_images_yet(
    apimart: ApiMartClient, fake_provider: FakeProvider
) -> None:
    source = fake_provider.add_imagine_task("four hills", finished=False)
    page, task = (await apimart.midjourney(source))[1], (await apimart.task(source))[1]["data"]
    assert (page["status"], page["image_urls"]) == ("IN_PROGRESS", [])
    assert (task["status"], "result" in task) == ("processing", False)
    async with apimart.session.get(f"/cdn/{source}/0.png") as answer:
        assert answer.status == 404
