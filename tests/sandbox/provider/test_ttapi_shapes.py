"""The answers, word for word as TTAPI's video page shows them."""

from __future__ import annotations

import pytest

from sandbox.provider import FakeProvider, State
from tests.sandbox.provider.client_host import Host
from tests.sandbox.provider.ttapi_client import TtapiClient


async def test_a_submit_is_answered_with_the_id_alone(client: TtapiClient, fake_provider: FakeProvider) -> None:
    status, body = await client.submit()
    (job_id,) = fake_provider.jobs
    assert status == 200
    assert body == {"status": "SUCCESS", "message": "success", "data": {"jobId": job_id}}


@pytest.mark.parametrize(
    ("setting", "names"), [("jobId", ["jobId"]), ("job_id", ["job_id"]), ("both", ["jobId", "job_id"])]
)
async def test_the_id_has_the_name_that_the_setting_says(
    client: TtapiClient, fake_provider: FakeProvider, setting: str, names: list[str]
) -> None:
    fake_provider.settings.id_field = "both" if setting == "both" else ("job_id" if setting == "job_id" else "jobId")
    _, body = await client.submit()
    assert list(body["data"]) == names


async def test_a_waiting_job_has_no_progress_and_no_videos(
    client: TtapiClient, fake_provider: FakeProvider, host: Host
) -> None:
    fake_provider.settings.paused = True
    job = await client.accepted(hookUrl=host.callback_url)
    status, body = await client.fetch(job)
    assert status == 200
    assert body == {
        "status": "PENDING_QUEUE",
        "message": "",
        "jobId": job.id,
        "data": {
            "action": "generate",
            "jobId": job.id,
            "progress": None,
            "prompt": "a boat",
            "quota": "0",
            "videos": None,
            "hookUrl": host.callback_url,
        },
    }


async def test_a_running_job_is_on_queue_with_progress_as_text(
    client: TtapiClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.hold = True
    job = await client.accepted()
    await fake_provider.until(lambda _: job.progress == 99)
    _, body = await client.fetch(job)
    assert (body["status"], body["data"]["progress"], body["data"]["videos"]) == ("ON_QUEUE", "99", None)


async def test_a_finished_job_names_its_videos_and_its_quota(client: TtapiClient, fake_provider: FakeProvider) -> None:
    job = await client.finished()
    _, body = await client.fetch(job)
    links = [f"{fake_provider.base_url}/cdn/{job.result_id}/{number}.mp4" for number in range(4)]
    assert body == {
        "status": "SUCCESS",
        "message": "success",
        "jobId": job.id,
        "data": {
            "action": "generate",
            "jobId": job.id,
            "progress": "100",
            "prompt": "a boat",
            "quota": "30",
            "videos": links,
            "hookUrl": None,
        },
    }


@pytest.mark.parametrize(("clips", "resolution", "quota"), [(1, "sd", 8), (2, "sd", 15), (4, "hd", 96), (1, "hd", 24)])
async def test_the_quota_follows_clips_and_resolution(
    client: TtapiClient, clips: int, resolution: str, quota: int
) -> None:
    job = await client.finished(bs=clips, resolution=resolution)
    _, body = await client.fetch(job)
    assert body["data"]["quota"] == str(quota)
    assert len(body["data"]["videos"]) == clips


async def test_an_extend_shows_its_own_action_and_its_parents_prompt(client: TtapiClient) -> None:
    parent = await client.finished(resolution="hd", bs=2)
    child = await client.extended(parent, index=1, manual="high", animateMode="manual", bs=1)
    await client.over(child)
    _, body = await client.fetch(child)
    assert (body["data"]["action"], body["data"]["prompt"], body["data"]["quota"]) == ("extend", "a boat", "24")
    assert (child.parent, child.index, child.options.resolution) == (parent, 1, "hd")
    assert (child.options.motion, child.options.clips, child.options.animate) == ("high", 1, "manual")


async def test_the_defaults_are_the_documented_ones(client: TtapiClient) -> None:
    parent = await client.finished()
    assert (parent.options.motion, parent.options.resolution, parent.options.clips) == ("low", "sd", 4)
    assert parent.order.sent_fields == {"prompt", "imageUrl"}
    child = await client.extended(parent)
    assert (child.options.motion, child.options.clips, child.options.animate) == ("low", 4, "auto")


async def test_flags_in_the_prompt_override_the_paid_options(client: TtapiClient) -> None:
    job = await client.accepted(prompt="a boat --bs 4 --motion high --raw", bs=1, manual="low")
    assert job.overridden_by_prompt == {"bs": "4", "motion": "high", "raw": ""}
    assert (job.options.clips, job.options.motion, job.price) == (4, "high", 30)


@pytest.mark.parametrize("prompt", ["--bs 2", "a boat--bs 2", "a boat --BS  2", "a boat\n--bs 2 --raw"])
async def test_a_flag_counts_wherever_it_stands(client: TtapiClient, prompt: str) -> None:
    assert (await client.accepted(prompt=prompt)).options.clips == 2


async def test_a_leading_link_in_the_prompt_is_noticed(client: TtapiClient) -> None:
    job = await client.accepted(prompt="https://example.com/other.png a boat")
    assert job.overridden_by_prompt == {"image": "https://example.com/other.png"}


async def test_a_plain_prompt_overrides_nothing(client: TtapiClient) -> None:
    job = await client.accepted(prompt="a boat -- and a well-known --- street")
    assert job.overridden_by_prompt == {}


async def test_fetch_answers_get_unless_told_otherwise(client: TtapiClient, fake_provider: FakeProvider) -> None:
    job = await client.finished()
    assert (await client.post("/midjourney/video/fetch", {"jobId": job.id}))[0] == 405
    fake_provider.settings.fetch_verb = "post"
    assert (await client.fetch(job))[0] == 405
    assert (await client.post("/midjourney/video/fetch", {"jobId": job.id}))[1]["status"] == "SUCCESS"
    fake_provider.settings.fetch_verb = "both"
    assert (await client.fetch(job))[0] == 200


async def test_every_request_is_recorded_with_its_body_and_status(
    client: TtapiClient, fake_provider: FakeProvider
) -> None:
    job = await client.finished()
    await client.fetch(job)
    submit, fetch = fake_provider.requests
    assert (submit.method, submit.path, submit.status) == ("POST", "/midjourney/video/submit", 200)
    assert submit.json == {"prompt": "a boat", "imageUrl": client.host.start}
    assert (fetch.method, fetch.query, fetch.status) == ("GET", {"jobId": job.id}, 200)
    assert fake_provider.submits == 1
    assert job.state is State.DONE
