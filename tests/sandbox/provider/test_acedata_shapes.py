"""Orders, results and callbacks as AceData's video guide shows them."""

from __future__ import annotations

import asyncio
import io

import pytest
from PIL import Image

from sandbox.provider import FakeProvider, State
from sandbox.provider.model.faults import FailLater, FewerClips
from tests.sandbox.provider.acedata_client import (
    TASKS,
    VIDEO_SAMPLE,
    VIDEOS,
    AceDataClient,
    fields_of,
)
from tests.sandbox.provider.client_host import Host, Json
from tests.sandbox.provider.frames import difference, frames_of

LAST = 119


async def test_an_order_with_async_is_answered_with_the_task_id_alone(
    ace: AceDataClient, fake_provider: FakeProvider
) -> None:
    status, body = await ace.generate()
    (job_id,) = fake_provider.jobs
    assert (status, body) == (200, {"task_id": job_id})


async def test_an_order_with_a_callback_is_answered_at_once_too(
    ace: AceDataClient, fake_provider: FakeProvider, host: Host
) -> None:
    fake_provider.settings.paused = True
    status, body = await ace.generate(**{"async": False, "callback_url": host.callback_url})
    assert (status, list(body)) == (200, ["task_id"])


async def test_an_order_without_either_blocks_until_the_result_is_there(
    ace: AceDataClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.hold = True
    answer = asyncio.create_task(ace.generate(**{"async": None}))
    (job,) = await fake_provider.until(lambda s: list(s.jobs.values()))
    await fake_provider.until(lambda _: job.progress == 99)
    assert not answer.done()
    fake_provider.release()
    status, body = await answer
    assert (status, body) == (200, await ace.result(job))
    assert fields_of(body) == fields_of(VIDEO_SAMPLE)


async def test_an_order_may_say_with_null_that_nobody_is_to_be_called_back(
    ace: AceDataClient, fake_provider: FakeProvider, host: Host
) -> None:
    body: Json = {"prompt": "a boat", "image_url": host.start, "callback_url": None}
    status, result = await ace.post(VIDEOS, body)
    assert (status, result["success"], len(result["video_urls"])) == (200, True, 4)
    status, accepted = await ace.post(VIDEOS, {**body, "async": True})
    assert (status, list(accepted)) == (200, ["task_id"])
    parent = next(iter(fake_provider.jobs.values()))
    status, extended = await ace.post(
        VIDEOS, {"action": "extend", "prompt": "on", "video_id": result["video_id"], "callback_url": None}
    )
    assert (status, extended["success"]) == (200, True)
    await ace.over(fake_provider.jobs[accepted["task_id"]])
    assert (await ace.record(parent))["request"] == body
    assert [job.callback_url for job in fake_provider.jobs.values()] == [None, None, None]
    assert len(fake_provider.deliveries) == 0


async def test_a_result_names_a_cover_four_clips_and_a_video_id_of_its_own(
    ace: AceDataClient, fake_provider: FakeProvider
) -> None:
    job = await ace.finished()
    result = await ace.result(job)
    assert result["video_urls"] == [f"{fake_provider.base_url}/cdn/{job.result_id}/{number}.mp4" for number in range(4)]
    assert result["video_id"].isdigit()
    assert len(result["video_id"]) == len(VIDEO_SAMPLE["video_id"])
    assert (result["task_id"], result["progress"], result["success"]) == (job.id, 100, True)
    async with ace.session.get(result["image_url"]) as answer:
        cover = Image.open(io.BytesIO(await answer.read()))
    assert cover.size == (result["image_width"], result["image_height"])  # pyright: ignore[reportUnknownMemberType] - Pillow's size may be a numpy array


async def test_the_defaults_are_the_documented_ones(ace: AceDataClient, host: Host) -> None:
    options = (await ace.accepted()).options
    assert (options.resolution, options.clips, options.speed) == ("hd", 4, "fast")
    assert (options.loop, options.motion) == (False, "low")


async def test_every_field_of_the_reference_is_taken(ace: AceDataClient, host: Host) -> None:
    job = await ace.accepted(
        action="generate",
        mode="turbo",
        resolution="480p",
        loop=False,
        end_image_url=host.end,
        callback_url=host.callback_url,
    )
    assert (job.action, job.options.speed, job.options.resolution) == ("generate", "turbo", "sd")
    assert (job.order.image_url, job.order.end_url, job.callback_url) == (host.start, host.end, host.callback_url)
    assert job.order.sent_fields == {
        *("action", "prompt", "mode", "resolution", "loop"),
        *("image_url", "end_image_url", "callback_url", "async"),
    }


@pytest.mark.parametrize(
    "sample",
    [
        {"action": "generate", "prompt": "A cat sitting on a table"},
        {"action": "generate", "prompt": "A cat sitting on a table, slowly turning its head", "resolution": "720p"},
        {"prompt": "the city comes alive with moving traffic", "resolution": "720p"},
    ],
)
async def test_the_guides_sample_orders_are_taken(ace: AceDataClient, sample: Json) -> None:
    job = await ace.finished(**sample)
    assert (job.prompt, job.options.resolution, job.state) == (sample["prompt"], "hd", State.DONE)


async def test_the_guides_sample_extend_is_taken(ace: AceDataClient) -> None:
    child = ace.job(await ace.extend(await ace.finished(), prompt="A cat sitting on a table", video_index=1))
    assert (child.action, child.index) == ("extend", 1)


async def test_an_extend_has_a_new_video_id_and_can_be_extended_again(ace: AceDataClient) -> None:
    parent = await ace.finished(resolution="480p")
    child = ace.job(await ace.extend(parent, video_index=2))
    await ace.over(child)
    assert (child.action, child.parent, child.index, child.prompt) == ("extend", parent, 2, "on")
    grandchild = ace.job(await ace.extend(child))
    assert (grandchild.parent, grandchild.index) == (child, 0)
    assert (await ace.result(child))["video_id"] != (await ace.result(parent))["video_id"]


async def test_an_extend_left_to_its_defaults_takes_the_first_clip_and_720p(ace: AceDataClient) -> None:
    parent = await ace.finished(resolution="480p")
    child = ace.job(await ace.extend(parent, video_index=None))
    assert (child.index, child.options.resolution) == (0, "hd")


async def test_an_extend_may_end_in_an_image(ace: AceDataClient, host: Host) -> None:
    child = ace.job(await ace.extend(await ace.finished(), end_image_url=host.end))
    assert child.order.end_url == host.end


async def test_a_loop_wins_over_an_end_image(ace: AceDataClient, host: Host) -> None:
    job = await ace.accepted(loop=True, end_image_url=host.end)
    assert (job.options.loop, job.order.end_url) == (True, None)
    assert "end_image_url" in job.order.sent_fields


async def test_a_loop_ends_where_it_began(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.ready_made = False
    fake_provider.next_submit(FewerClips(1))
    job = await ace.finished(loop=True, resolution="480p")
    first, middle, last = frames_of(job.clip_bytes(0), 0, LAST // 2, LAST)
    assert difference(first, last) < 3
    assert difference(first, middle) > 8


async def test_flags_in_the_prompt_are_noted_and_change_nothing(ace: AceDataClient) -> None:
    job = await ace.accepted(prompt="a boat --bs 1 --motion high")
    assert job.overridden_by_prompt == {"bs": "1", "motion": "high"}
    assert (job.options.clips, job.options.motion) == (4, "low")


async def test_a_result_can_have_the_fields_of_an_image(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.acedata_result = "image"
    job = await ace.finished()
    result = await ace.result(job)
    assert "video_urls" not in result
    assert "video_id" not in result
    assert result["image_url"] == f"{fake_provider.base_url}/cdn/{job.result_id}/0.mp4"
    assert (result["actions"], result["image_width"]) == (["extend"], "1280")


async def test_an_answer_can_name_the_trace_id_too(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.acedata_trace = True
    _, body = await ace.generate()
    assert (await ace.ask(trace_id=body["trace_id"]))[1]["id"] == body["task_id"]


async def test_the_end_is_told_once_in_the_words_of_the_result(
    ace: AceDataClient, fake_provider: FakeProvider, host: Host
) -> None:
    job = await ace.finished(callback_url=host.callback_url)
    await fake_provider.until(lambda s: s.deliveries)
    assert host.callbacks == [await ace.result(job)]
    assert host.callbacks[0]["task_id"] == job.id


async def test_a_failure_is_called_back_too_and_not_repeated(
    ace: AceDataClient, fake_provider: FakeProvider, host: Host
) -> None:
    host.callback_answers = [500]
    fake_provider.next_submit(FailLater("forbidden"))
    failed = await ace.finished(callback_url=host.callback_url)
    done = await ace.finished(callback_url=host.callback_url)
    await fake_provider.until(lambda s: [one for one in s.deliveries if one.job_id == done.id])
    assert [(callback["task_id"], callback["success"]) for callback in host.callbacks] == [
        (failed.id, False),
        (done.id, True),
    ]
    assert host.callbacks[0]["error"]["code"] == "forbidden"


async def test_an_early_callback_shows_progress_without_success(
    ace: AceDataClient, fake_provider: FakeProvider, host: Host
) -> None:
    fake_provider.settings.callbacks = "early"
    job = await ace.finished(callback_url=host.callback_url)
    await fake_provider.until(lambda s: len(s.deliveries) == 2)
    assert host.callbacks[0] == {"task_id": job.id, "progress": 0}


async def test_every_request_is_recorded(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    job = await ace.finished()
    await ace.record(job)
    order, fetch = fake_provider.requests
    assert (order.path, order.status, fetch.path, fetch.status) == (VIDEOS, 200, TASKS, 200)
    assert fetch.json == {"action": "retrieve", "id": job.id}
