"""APIMart's contradictions, each behind a setting."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Literal

import aiohttp
import pytest

from sandbox.provider import FakeProvider, Job
from sandbox.provider.apimart.orders import ApiMartOrder
from sandbox.provider.model.faults import BodyCode, ResetAfter
from tests.sandbox.provider.apimart_client import VIDEO, ApiMartClient, open_apimart
from tests.sandbox.provider.client_host import Host


@pytest.fixture
async def apimart(fake_provider: FakeProvider, host: Host) -> AsyncIterator[ApiMartClient]:
    async with open_apimart(fake_provider, host) as client:
        yield client


def key_of(job: Job) -> str | None:
    assert isinstance(job.order, ApiMartOrder)
    return job.order.idempotency_key


async def test_the_same_key_makes_another_task_by_default_but_is_recorded(
    apimart: ApiMartClient, fake_provider: FakeProvider
) -> None:
    for _ in range(2):
        assert (await apimart.submit("key-1"))[0] == 200
    await apimart.accepted()
    assert [key_of(job) for job in fake_provider.jobs.values()] == ["key-1", "key-1", None]


async def test_the_same_key_can_give_the_first_task_again(apimart: ApiMartClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.apimart_keys = "replayed"
    fake_provider.next_submit(ResetAfter())
    with pytest.raises(aiohttp.ClientConnectionError):
        await apimart.submit("key-1")
    (job,) = fake_provider.jobs.values()
    async with apimart.session.post(VIDEO, json=apimart.order, headers={"Idempotency-Key": "key-1"}) as answer:
        assert (answer.status, answer.headers["Idempotency-Replayed"]) == (200, "true")
        assert await answer.json() == {"code": 200, "data": [{"status": "submitted", "task_id": job.id}]}
    assert (await apimart.submit("key-1", prompt="another"))[0] == 409
    assert fake_provider.submits == 1
    await apimart.submit("key-2")
    assert fake_provider.submits == 2


@pytest.mark.parametrize("name", ["message", "description"])
async def test_refusals_can_come_as_codes_under_status_200(
    apimart: ApiMartClient, fake_provider: FakeProvider, name: Literal["message", "description"]
) -> None:
    fake_provider.settings.apimart_errors = name
    fake_provider.settings.banned_words = frozenset({"gore"})
    assert await apimart.submit(motion="medium") == (
        200,
        {"code": 4, name: "motion must be one of low, high", "data": None},
    )
    assert (await apimart.submit(prompt="gore"))[1] == {"code": 24, name: "Banned prompt detected: gore", "data": None}
    assert await apimart.midjourney("task_01") == (200, {"code": 3, name: "task not found", "data": None})
    assert (await apimart.task("task_01"))[1]["code"] == 3
    assert fake_provider.submits == 0
    async with apimart.session.post(VIDEO, json=apimart.order, headers={"Authorization": "Bearer no"}) as answer:
        assert answer.status == 401


@pytest.mark.parametrize("code", [3, 4, 9, 24])
async def test_a_submit_can_be_refused_with_every_documented_code(
    apimart: ApiMartClient, fake_provider: FakeProvider, code: int
) -> None:
    fake_provider.next_submit(BodyCode(code, "out of luck"))
    assert await apimart.submit() == (200, {"code": code, "message": "out of luck", "data": None})
    assert fake_provider.submits == 0


@pytest.mark.parametrize(("code", "status"), [(1, "submitted"), (21, "modal")])
async def test_a_submit_can_be_accepted_under_another_code(
    apimart: ApiMartClient, fake_provider: FakeProvider, code: int, status: str
) -> None:
    fake_provider.next_submit(BodyCode(code))
    answer = await apimart.submit()
    (job,) = fake_provider.jobs
    assert answer == (200, {"code": code, "data": [{"status": status, "task_id": job}]})


@pytest.mark.parametrize("clips", [0, 3, 8, 10**30])
async def test_another_number_of_clips_can_count_as_one(
    apimart: ApiMartClient, fake_provider: FakeProvider, clips: int
) -> None:
    fake_provider.settings.apimart_batch = "one"
    assert (await apimart.accepted(batch_size=clips)).options.clips == 1
    assert (await apimart.submit(batch_size="2"))[0] == 400


async def test_flags_in_the_prompt_fill_in_what_the_body_leaves_open(apimart: ApiMartClient) -> None:
    flags = "a boat --bs 4 --motion low"
    open_to_flags = await apimart.accepted(prompt=flags)
    assert (open_to_flags.options.clips, open_to_flags.options.motion) == (4, "low")
    explicit = await apimart.accepted(prompt=flags, batch_size=1, motion="high")
    assert (explicit.options.clips, explicit.options.motion) == (1, "high")
    assert explicit.overridden_by_prompt == {"bs": "4", "motion": "low"}
    assert (await apimart.accepted()).overridden_by_prompt == {}


async def test_flags_in_the_prompt_can_win_over_the_body(apimart: ApiMartClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.apimart_flags = "win"
    job = await apimart.accepted(prompt="a boat --bs 4 --motion low", batch_size=1, motion="high")
    assert (job.options.clips, job.options.motion) == (4, "low")


async def test_the_sparse_page_leaves_out_what_is_empty(
    apimart: ApiMartClient, fake_provider: FakeProvider, host: Host
) -> None:
    fake_provider.settings.apimart_page = "sparse"
    fake_provider.settings.paused = True
    job = await apimart.accepted()
    waiting = (await apimart.midjourney(job.id))[1]
    assert waiting == {"id": job.id, "status": "SUBMITTED", "action": "VIDEO", "mode": "FAST"}
    failed = await apimart.finished(image_urls=[f"{host.base_url}/gone.png"])
    assert set((await apimart.midjourney(failed.id))[1]) == {"id", "status", "action", "mode", "fail_reason"}


async def test_clips_can_be_a_list_under_one_video(apimart: ApiMartClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.apimart_tasks = "lists"
    job = await apimart.finished(batch_size=2)
    (video,) = (await apimart.task(job.id))[1]["data"]["result"]["videos"]
    assert video["url"] == (await apimart.midjourney(job.id))[1]["video_urls"]


async def test_clips_can_be_named_in_the_result_or_beside_it(
    apimart: ApiMartClient, fake_provider: FakeProvider
) -> None:
    job = await apimart.finished(batch_size=2)
    links = (await apimart.midjourney(job.id))[1]["video_urls"]
    clips = {"video_url": links[0], "video_urls": links}
    fake_provider.settings.apimart_tasks = "video_urls"
    assert (await apimart.task(job.id))[1]["data"]["result"] == clips
    fake_provider.settings.apimart_tasks = "top"
    data = (await apimart.task(job.id))[1]["data"]
    assert ({name: data[name] for name in clips}, "result" in data) == (clips, False)


async def test_the_tasks_page_can_show_the_other_pages_body(
    apimart: ApiMartClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.apimart_tasks = "midjourney"
    job = await apimart.finished()
    assert await apimart.task(job.id) == await apimart.midjourney(job.id)


@pytest.mark.parametrize(
    ("kind", "clips", "cost", "credits"), [("vid_1.1_i2v_480", 1, 0.2, 2.0), ("vid_1.1_i2v_720", 4, 1.6, 16.0)]
)
async def test_a_finished_task_can_tell_its_cost(
    apimart: ApiMartClient, fake_provider: FakeProvider, kind: str, clips: int, cost: float, credits: float
) -> None:
    job = await apimart.finished(video_type=kind, batch_size=clips)
    assert "cost" not in (await apimart.midjourney(job.id))[1]
    fake_provider.settings.apimart_cost = True
    for shown in ((await apimart.midjourney(job.id))[1], (await apimart.task(job.id))[1]["data"]):
        assert (shown["cost"], shown["credits_cost"]) == (cost, credits)
