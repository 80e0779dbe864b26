from __future__ import annotations

import pytest

from sandbox.provider import FakeProvider
from tests.sandbox.provider.client_host import Host
from tests.sandbox.provider.ttapi_client import TtapiClient

LIST = "/midjourney/v1/fetch-list"


async def test_the_balance_falls_with_what_is_spent_and_frozen(
    client: TtapiClient, fake_provider: FakeProvider
) -> None:
    _, before = await client.get("/midjourney/v1/info")
    await client.finished()
    fake_provider.settings.hold = True
    await client.accepted(bs=1)
    _, after = await client.get("/midjourney/v1/info")
    assert before["data"]["balance"] - after["data"]["balance"] == 38
    assert (after["data"]["freeze_balance"], after["data"]["max_queue"]) == (8, 10)
    assert (await client.post("/midjourney/v1/info", {}))[1] == after


async def test_the_list_shows_finished_jobs_unless_asked_for_others(
    client: TtapiClient, fake_provider: FakeProvider, host: Host
) -> None:
    done = await client.finished(hookUrl=host.callback_url)
    fake_provider.settings.paused = True
    waiting = await client.accepted(prompt="another")
    _, body = await client.get(LIST)
    assert body["data"] == [
        {
            "job_id": done.id,
            "model": "fast",
            "action": "generate",
            "quota": "30",
            "status": 2,
            "progress": "100",
            "prompt": "a boat",
            "discord_image": None,
            "cdn_image": None,
            "hookUrl": host.callback_url,
        }
    ]
    _, body = await client.get(LIST, status="PENDING_QUEUE")
    assert [item["job_id"] for item in body["data"]] == [waiting.id]
    assert (await client.post(LIST, {"status": "ON_QUEUE"}))[1]["data"] == []


async def test_the_list_comes_in_pages_newest_first(client: TtapiClient) -> None:
    ids = [(await client.finished(bs=1)).id for _ in range(3)]

    async def page(**asked: str) -> list[str]:
        return [item["job_id"] for item in (await client.get(LIST, **asked))[1]["data"]]

    assert await page(limit="2") == [ids[2], ids[1]]
    assert await page(limit="2", page="2") == [ids[0]]
    assert await page(order="asc") == ids


@pytest.mark.parametrize("asked", [{"limit": "101"}, {"page": "0"}, {"page": "x"}, {"status": "DONE"}, {"order": "up"}])
async def test_a_list_that_cannot_be_is_refused(client: TtapiClient, asked: dict[str, str]) -> None:
    assert (await client.get(LIST, **asked))[0] == 400


async def test_the_list_can_leave_out_callbacks_and_videos(client: TtapiClient, fake_provider: FakeProvider) -> None:
    await client.finished(bs=1)
    fake_provider.settings.list_shows_callback = False
    assert "hookUrl" not in (await client.get(LIST))[1]["data"][0]
    fake_provider.settings.list_shows_videos = False
    assert (await client.get(LIST))[1]["data"] == []


async def test_the_service_status_has_the_documented_shape(client: TtapiClient) -> None:
    status, body = await client.get("/midjourney/status")
    assert status == 200
    assert set(body["data"]) == {"fast", "relax", "turbo"}
    assert body["data"]["fast"] == {"status": 200, "runningMessage": "Endpoints running", "averageExecute": 46.42}


async def test_a_banned_prompt_is_told_under_status_200(client: TtapiClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.banned_words = frozenset({"gore"})
    path = "/midjourney/v1/promptCheck"
    good = {"status": "SUCCESS", "message": "success", "data": "Prompt verification successful."}
    assert await client.post(path, {"prompt": "a boat"}) == (200, good)
    bad = {"status": "FAILED", "message": "banned prompt words：gore", "data": None}
    assert await client.post(path, {"prompt": "gore"}) == (200, bad)
    assert (await client.post(path, {}))[0] == 400
