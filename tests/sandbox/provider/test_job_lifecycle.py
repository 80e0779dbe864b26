from __future__ import annotations

import asyncio
import gc
import hashlib

import aiohttp
import pytest

from sandbox.provider import FakeProvider, Job, ProviderSettings, State
from tests.sandbox.provider.client_host import KEY, Host
from tests.sandbox.provider.ttapi_client import TtapiClient


async def test_a_job_waits_runs_and_succeeds(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.run_seconds = 0.2
    seen: list[tuple[State, int | None]] = []

    def watch(_: FakeProvider) -> bool:
        if seen[-1:] != [(job.state, job.progress)]:
            seen.append((job.state, job.progress))
        return job.state.over

    fake_provider.settings.paused = True
    job = await client.accepted()
    watch(fake_provider)
    fake_provider.release()
    await fake_provider.until(watch)
    assert seen[0] == (State.QUEUED, None)
    assert seen[1] == (State.RUNNING, None)
    assert seen[-1] == (State.DONE, 100)
    progress = [percent for _, percent in seen if percent is not None]
    assert progress == sorted(progress)
    assert len(progress) > 5


async def test_progress_can_go_back(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.run_seconds = 0.2
    fake_provider.settings.progress_goes_back = True
    seen: list[int] = []
    job = await client.accepted()

    def watch(_: FakeProvider) -> bool:
        if job.progress is not None:
            seen.append(job.progress)
        return job.state.over

    await fake_provider.until(watch)
    assert seen != sorted(seen)
    assert seen[-1] == 100


async def test_a_paused_provider_starts_no_job_until_it_is_released(
    client: TtapiClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.paused = True
    job = await client.accepted()
    await fake_provider.until(lambda _: job.image_sha256 is not None)
    assert job.state is State.QUEUED
    fake_provider.release()
    await fake_provider.until(lambda _: job.state is State.DONE)


async def test_one_job_can_be_finished_while_the_others_are_held(
    client: TtapiClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.hold = True
    held, finished = await client.accepted(), await client.accepted()
    fake_provider.finish(finished.id)
    await fake_provider.until(lambda _: finished.state is State.DONE)
    assert held.state is not State.DONE


async def test_finish_cuts_the_waiting_short(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.queue_seconds = fake_provider.settings.run_seconds = 3600
    job = await client.accepted()
    fake_provider.finish(job.id)
    await fake_provider.until(lambda _: job.state.over)
    assert job.state is State.DONE


async def test_the_image_is_fetched_and_remembered(
    client: TtapiClient, image: bytes, ending: bytes, host: Host
) -> None:
    job = await client.finished(endingUrl=host.end)
    assert job.image_sha256 == hashlib.sha256(image).hexdigest()
    assert job.end_image_sha256 == hashlib.sha256(ending).hexdigest()


async def test_ready_made_clips_are_small_valid_and_all_different(client: TtapiClient) -> None:
    jobs = [await client.finished(), await client.finished()]
    clips = [job.clip_bytes(number) for job in jobs for number in range(4)]
    assert len(set(clips)) == 8
    assert all(len(clip) < 50_000 for clip in clips)


async def test_the_server_answers_while_clips_are_rendered(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.ready_made = False
    job: Job = await client.accepted()
    await fake_provider.until(lambda _: job.state is State.RUNNING)
    answered = 0
    while not job.state.over and answered < 20:
        assert (await client.fetch(job))[0] == 200
        answered += 1
    assert answered == 20


async def test_until_gives_up_after_its_time(fake_provider: FakeProvider) -> None:
    with pytest.raises(TimeoutError):
        await fake_provider.until(lambda _: False, timeout=0.01)


async def test_closing_ends_unfinished_jobs_and_leaves_no_task(host: Host) -> None:
    async with FakeProvider() as fake_provider:
        async with aiohttp.ClientSession(fake_provider.base_url, headers={"TT-API-KEY": "fake-key"}) as session:
            client = TtapiClient(fake_provider, host, session)
            job = await client.accepted()
            await client.accepted(bs=1)
        await fake_provider.until(lambda _: job.state is State.QUEUED)
    assert [task for task in asyncio.all_tasks() if task.get_name().startswith("provider job")] == []


async def test_a_provider_that_closes_while_videos_are_made_ends_quietly(
    host: Host, caplog: pytest.LogCaptureFixture
) -> None:
    settings = ProviderSettings(queue_seconds=0.0, run_seconds=30.0)
    async with (
        FakeProvider(KEY, settings) as fake_provider,
        aiohttp.ClientSession(fake_provider.base_url, headers={"TT-API-KEY": KEY}) as session,
    ):
        job = await TtapiClient(fake_provider, host, session).accepted()
        await fake_provider.until(lambda _: bool(job.progress))
    gc.collect()
    await asyncio.sleep(0)
    assert caplog.messages == []
