"""Videos and images are jobs of one account, and yet each has endpoints of its own."""

from __future__ import annotations

from sandbox.provider import FakeProvider
from tests.sandbox.provider.ttapi_client import TtapiClient
from tests.sandbox.provider.ttapi_images_client import TtapiImagesClient


async def test_videos_and_images_do_not_know_each_other(images_client: TtapiImagesClient, client: TtapiClient) -> None:
    video, image = await client.finished(bs=1), await images_client.finished("imagine", prompt="a cat")
    assert (await client.fetch(image))[0] == 404
    assert (await client.extend(image))[1]["message"] == "jobId is unknown"
    assert (await images_client.post("fetch", jobId=video.id))[0] == 404
    assert (await images_client.post("action", jobId=video.id, action="upsample1"))[0] == 400


async def test_videos_and_images_share_the_queue_the_list_and_the_account(
    images_client: TtapiImagesClient, client: TtapiClient, fake_provider: FakeProvider
) -> None:
    _, before = await client.get("/midjourney/v1/info")
    video, image = await client.finished(bs=1), await images_client.finished("imagine", prompt="a cat", mode="relax")
    _, after = await client.get("/midjourney/v1/info")
    assert before["data"]["balance"] - after["data"]["balance"] == 8 + 1
    _, listed = await client.get("/midjourney/v1/fetch-list")
    assert [item["job_id"] for item in listed["data"]] == [image.id, video.id]
    item, shown = listed["data"][0], (await images_client.fetch(image))["data"]
    assert (item["action"], item["model"], item["quota"]) == ("imagine", "relax", "1")
    assert (item["discord_image"], item["cdn_image"]) == (shown["discordImage"], shown["cdnImage"])
    fake_provider.settings.list_shows_videos = False
    _, listed = await client.get("/midjourney/v1/fetch-list")
    assert [item["job_id"] for item in listed["data"]] == [image.id]
    fake_provider.settings.paused, fake_provider.settings.max_running = True, 2
    await client.accepted(bs=1)
    await images_client.accepted("imagine", prompt="a cat")
    assert (await client.submit())[0] == 499
    status, body = await images_client.post("imagine", prompt="a cat")
    assert (status, body["status"], body["data"]) == (499, "FAILED", None)
    fake_provider.release()
