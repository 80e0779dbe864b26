"""The fake provider forgets what is old, by the numbers of its settings, and nothing that is still needed."""

from __future__ import annotations

import asyncio
import gc
import weakref
from pathlib import Path
from typing import cast

import aiohttp

from sandbox.provider import FakeProvider, Job, State
from sandbox.provider.model.faults import Hang
from sandbox.provider.model.job import Json
from tests.sandbox.provider.client_host import Host
from tests.sandbox.provider.ttapi_client import TtapiClient
from tests.sandbox.provider.ttapi_images_client import TtapiImagesClient


def is_kept(fake_provider: FakeProvider, *jobs: Job) -> list[bool]:
    return [job.id in fake_provider.jobs for job in jobs]


async def balance(client: TtapiClient) -> int:
    return (await client.get("/midjourney/v1/info"))[1]["data"]["balance"]


async def test_the_oldest_requests_are_forgotten(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.kept_requests = 3
    for number in range(5):
        await client.get("/midjourney/status", number=str(number))
    assert [request.query["number"] for request in fake_provider.requests] == ["2", "3", "4"]
    assert fake_provider.requests.position == 5


async def test_a_request_without_an_answer_is_not_forgotten(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.kept_requests = 1
    fake_provider.next_fetch(Hang())
    waiting = asyncio.create_task(client.get("/midjourney/video/fetch", jobId="unknown"))
    await fake_provider.until(lambda s: s.requests)
    for _ in range(3):
        await client.get("/midjourney/status")
    waiting.cancel()
    paths = [request.path for request in fake_provider.requests]
    assert paths == ["/midjourney/video/fetch", "/midjourney/status"]


async def test_requests_with_large_bodies_are_forgotten_sooner(
    client: TtapiClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.kept_request_bytes = 25_000
    for number in range(3):
        await client.submit(prompt=f"{number}" * 10_000)
    assert [cast("Json", request.json)["prompt"][0] for request in fake_provider.requests] == ["1", "2"]


async def test_the_oldest_deliveries_are_forgotten(
    client: TtapiClient, fake_provider: FakeProvider, host: Host
) -> None:
    fake_provider.settings.kept_deliveries = 2
    jobs = [await client.finished(hookUrl=host.callback_url) for _ in range(3)]
    await fake_provider.until(lambda s: s.deliveries.position == 3)
    assert {delivery.job_id for delivery in fake_provider.deliveries} < {job.id for job in jobs}
    assert len(fake_provider.deliveries) == 2


async def test_the_oldest_job_is_forgotten_with_its_files(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.kept_jobs = 2
    first = await client.finished()
    [link, *_] = (await client.fetch(first))[1]["data"]["videos"]
    others = [await client.finished() for _ in range(2)]
    assert is_kept(fake_provider, first, *others) == [False, True, True]
    assert (await client.fetch(first))[0] == 404
    async with client.session.get(link) as answer:
        assert answer.status == 404
    assert not first.clips[0].parent.exists()
    assert all(clip.exists() for job in others for clip in job.clips)


async def test_what_was_forgotten_still_counts_and_stays_paid(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.kept_jobs = 1
    before = await balance(client)
    jobs = [await client.finished() for _ in range(3)]
    assert [job.number for job in jobs] == [1, 2, 3]
    assert (fake_provider.submits, len(fake_provider.jobs)) == (3, 1)
    assert await balance(client) == before - sum(job.quota for job in jobs) < before


async def test_a_job_that_is_under_way_is_not_forgotten(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.kept_jobs = 1
    fake_provider.settings.hold = True
    running = [await client.accepted() for _ in range(3)]
    assert is_kept(fake_provider, *running) == [True, True, True]
    fake_provider.release()
    await fake_provider.until(lambda _: all(job.state is State.DONE for job in running))
    assert len(fake_provider.jobs) == 1


async def test_what_a_job_under_way_builds_upon_is_not_forgotten(
    client: TtapiClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.kept_jobs = 1
    fake_provider.settings.ready_made = False
    parent = await client.finished(bs=1)
    fake_provider.settings.paused = True
    child = await client.extended(parent, bs=1)
    fake_provider.settings.ready_made = True
    assert is_kept(fake_provider, parent, child) == [True, True]
    fake_provider.release()
    await client.over(child)
    assert child.state is State.DONE


async def test_a_job_does_not_outlive_what_it_was_made_from(
    client: TtapiClient, images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.kept_jobs = 3
    grid = await images_client.finished("imagine", prompt="four hills")
    unrelated = await client.finished()
    single = await images_client.acted(grid, "upsample1")
    later = await client.finished()
    assert is_kept(fake_provider, grid, unrelated, single, later) == [True, False, True, True]
    await client.finished()
    assert is_kept(fake_provider, grid, single, later) == [True, False, True]


async def test_jobs_with_large_files_are_forgotten_sooner(client: TtapiClient, fake_provider: FakeProvider) -> None:
    first, second = await client.finished(), await client.finished()
    fake_provider.settings.kept_job_bytes = size_of(first.clips[0].parent) * 2
    assert is_kept(fake_provider, first, second) == [True, True]
    third = await client.finished()
    assert is_kept(fake_provider, first, second, third)[0] is False
    assert is_kept(fake_provider, third) == [True]


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


async def test_a_closed_provider_is_kept_by_nobody() -> None:
    async with FakeProvider() as closed, aiohttp.ClientSession(closed.base_url) as session:
        for path in ("/midjourney/status", "/unknown"):
            await (await session.get(path)).read()
        assert len(closed.requests) == 2
    left = weakref.ref(closed)
    del closed
    gc.collect()
    assert left() is None
