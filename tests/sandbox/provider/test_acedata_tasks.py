"""Records and lists as AceData's tasks guide and its OpenAPI description show them."""

from __future__ import annotations

from sandbox.provider import FakeProvider, Job
from sandbox.provider.model.faults import FailLater, OddState, ShowProgress
from tests.sandbox.provider.acedata_client import (
    VIDEO_SAMPLE,
    AceDataClient,
    fields_of,
)
from tests.sandbox.provider.client_host import Host


async def test_a_waiting_task_has_a_record_without_response(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.paused = True
    job = await ace.accepted()
    record = await ace.record(job)
    assert record == {
        "id": job.id,
        "type": "videos",
        "trace_id": record["trace_id"],
        "request": {"prompt": "a boat", "image_url": ace.host.start, "async": True},
        "created_at": job.created_at,
    }


async def test_a_running_task_has_started_and_shows_no_more(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    record = await ace.record(await running(ace, fake_provider))
    assert list(record) == ["id", "type", "trace_id", "request", "created_at", "started_at"]


async def test_a_running_task_can_show_nulls(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.acedata_running = "nulls"
    record = await ace.record(await running(ace, fake_provider))
    assert (record["response"], record["finished_at"], record["elapsed"]) == (None, None, None)


async def test_a_running_task_can_show_progress_without_success(
    ace: AceDataClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.acedata_running = "progress"
    job = await running(ace, fake_provider)
    assert (await ace.record(job))["response"] == {"task_id": job.id, "progress": 99}


async def running(ace: AceDataClient, fake_provider: FakeProvider) -> Job:
    fake_provider.settings.hold = True
    job = await ace.accepted()
    await fake_provider.until(lambda _: job.progress == 99)
    return job


async def test_a_finished_task_has_the_documented_record(ace: AceDataClient) -> None:
    job = await ace.finished()
    record = await ace.record(job)
    assert {name: kind.__name__ for name, kind in fields_of(record).items()} == {
        "id": "str",
        "type": "str",
        "trace_id": "str",
        "request": "dict",
        "response": "dict",
        "created_at": "float",
        "started_at": "float",
        "finished_at": "float",
        "elapsed": "float",
    }
    assert record["created_at"] <= record["started_at"] <= record["finished_at"]
    assert record["elapsed"] == record["finished_at"] - record["started_at"]
    assert fields_of(record["response"]) == fields_of(VIDEO_SAMPLE)


async def test_a_failed_task_says_why_in_its_response(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(FailLater("timeout"))
    job = await ace.finished()
    record = await ace.record(job)
    assert record["response"] == {
        "success": False,
        "task_id": job.id,
        "error": {"code": "timeout", "message": "Timeout to generate the image."},
        "trace_id": record["trace_id"],
    }
    assert record["finished_at"] >= record["created_at"]


async def test_a_task_is_found_by_its_trace_id(ace: AceDataClient) -> None:
    job = await ace.finished()
    record = await ace.record(job)
    assert await ace.ask(trace_id=record["trace_id"]) == (200, record)


async def test_retrieve_is_the_default_action(ace: AceDataClient) -> None:
    job = await ace.finished()
    assert (await ace.ask(id=job.id))[1] == await ace.record(job)


async def test_an_unknown_task_is_an_empty_object(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    assert await ace.ask(action="retrieve", id="7489df4c-ef03-4de0-b598-e9a590793434") == (200, {})
    assert await ace.ask(action="retrieve", trace_id="nobody") == (200, {})
    job = await ace.finished()
    fake_provider.settings.forgotten.add(job.id)
    assert await ace.ask(action="retrieve", id=job.id) == (200, {})
    assert await ace.ask(action="retrieve_batch") == (200, {"items": [], "count": 0})


async def test_another_vendors_job_is_no_task(ace: AceDataClient, fake_provider: FakeProvider, host: Host) -> None:
    async with ace.session.post(
        "/midjourney/video/submit",
        json={"prompt": "a boat", "imageUrl": host.start},
        headers={"TT-API-KEY": fake_provider.key},
    ) as answer:
        job_id = (await answer.json())["data"]["jobId"]
    assert await ace.ask(action="retrieve", id=job_id) == (200, {})


async def test_a_batch_names_the_tasks_that_were_asked_for(ace: AceDataClient) -> None:
    first, second, third = [await ace.finished() for _ in range(3)]
    _, body = await ace.ask(action="retrieve_batch", id="", ids=[first.id, third.id, "unknown"])
    assert body == {"items": [await ace.record(third), await ace.record(first)], "count": 2}
    trace_id = (await ace.record(second))["trace_id"]
    _, body = await ace.ask(action="retrieve_batch", trace_ids=[trace_id])
    assert [item["id"] for item in body["items"]] == [second.id]


async def test_a_batch_without_ids_lists_the_newest_first_by_pages(
    ace: AceDataClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.max_running = 20
    jobs = [await ace.accepted() for _ in range(13)]
    newest = [job.id for job in reversed(jobs)]

    async def page(**asked: int) -> tuple[list[str], int]:
        _, body = await ace.ask(action="retrieve_batch", **asked)
        return [item["id"] for item in body["items"]], body["count"]

    assert await page() == (newest[:12], 12)
    assert await page(offset=12, limit=5) == (newest[12:], 1)
    assert await page(offset=99) == ([], 0)
    fake_provider.settings.acedata_count = "total"
    assert await page(limit=2) == (newest[:2], 13)


async def test_a_list_repeats_the_callback_unless_told_otherwise(
    ace: AceDataClient, fake_provider: FakeProvider, host: Host
) -> None:
    job = await ace.accepted(callback_url=host.callback_url)
    (item,) = (await ace.ask(action="retrieve_batch"))[1]["items"]
    assert item["request"]["callback_url"] == host.callback_url
    fake_provider.settings.list_shows_callback = False
    (item,) = (await ace.ask(action="retrieve_batch"))[1]["items"]
    assert "callback_url" not in item["request"]
    assert (await ace.record(job))["request"]["callback_url"] == host.callback_url
    fake_provider.settings.list_shows_videos = False
    assert (await ace.ask(action="retrieve_batch"))[1]["items"] == []
    assert (await ace.ask(action="retrieve_batch", ids=[job.id]))[1]["count"] == 1


async def test_a_record_can_repeat_the_request_with_nulls(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.acedata_request = "filled"
    record = await ace.record(await ace.finished())
    assert record["request"] == {
        **dict.fromkeys(["action", "mode", "resolution", "loop", "end_image_url", "video_id", "video_index"]),
        "callback_url": None,
        "prompt": "a boat",
        "image_url": ace.host.start,
        "async": True,
        "trace_id": record["trace_id"],
    }


async def test_a_record_can_name_states(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.acedata_state = True
    fake_provider.next_submit(FailLater())
    failed, done = await ace.finished(), await ace.finished()
    fake_provider.settings.paused = True
    waiting = await ace.accepted()
    states = [(await ace.record(job))["state"] for job in (failed, done, waiting)]
    assert states == ["failed", "succeeded", "pending"]


async def test_a_fetch_can_show_an_odd_state_or_progress(ace: AceDataClient, fake_provider: FakeProvider) -> None:
    job = await ace.finished()
    fake_provider.next_fetch(OddState("MODAL"))
    fake_provider.next_fetch(ShowProgress(30))
    fake_provider.next_fetch(ShowProgress(None))
    odd, low, null, handle = [await ace.record(job) for _ in range(4)]
    assert (odd["state"], "response" in odd, "finished_at" in odd) == ("MODAL", False, False)
    assert [one["response"]["progress"] for one in (low, null, handle)] == [30, None, 100]


async def test_a_list_leaves_the_next_fetchs_fault_for_the_fetch(
    ace: AceDataClient, fake_provider: FakeProvider
) -> None:
    job = await ace.finished()
    fake_provider.next_fetch(OddState())
    assert "state" not in (await ace.ask(action="retrieve_batch"))[1]["items"][0]
    (item,) = (await ace.ask(action="retrieve_batch", ids=[job.id]))[1]["items"]
    assert item["state"] == "MODAL"
