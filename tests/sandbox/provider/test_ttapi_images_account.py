"""Films and pictures are jobs of one account, and yet each has endpoints of its own."""

from __future__ import annotations

from sandbox.provider import FakeProvider
from tests.sandbox.provider.host import Client
from tests.sandbox.provider.ttapi_images_client import ImagesClient


async def test_films_and_pictures_do_not_know_each_other(images: ImagesClient, client: Client) -> None:
    film, picture = await client.finished(bs=1), await images.finished("imagine", prompt="a cat")
    assert (await client.fetch(picture))[0] == 404
    assert (await client.extend(picture))[1]["message"] == "jobId is unknown"
    assert (await images.post("fetch", jobId=film.id))[0] == 404
    assert (await images.post("action", jobId=film.id, action="upsample1"))[0] == 400


async def test_films_and_pictures_share_the_queue_the_list_and_the_account(
    images: ImagesClient, client: Client, fake_provider: FakeProvider
) -> None:
    _, before = await client.get("/midjourney/v1/info")
    film, picture = await client.finished(bs=1), await images.finished("imagine", prompt="a cat", mode="relax")
    _, after = await client.get("/midjourney/v1/info")
    assert before["data"]["balance"] - after["data"]["balance"] == 8 + 1
    _, listed = await client.get("/midjourney/v1/fetch-list")
    assert [item["job_id"] for item in listed["data"]] == [picture.id, film.id]
    item, shown = listed["data"][0], (await images.fetch(picture))["data"]
    assert (item["action"], item["model"], item["quota"]) == ("imagine", "relax", "1")
    assert (item["discord_image"], item["cdn_image"]) == (shown["discordImage"], shown["cdnImage"])
    fake_provider.knobs.list_shows_videos = False
    _, listed = await client.get("/midjourney/v1/fetch-list")
    assert [item["job_id"] for item in listed["data"]] == [picture.id]
    fake_provider.knobs.paused, fake_provider.knobs.max_running = True, 2
    await client.accepted(bs=1)
    await images.accepted("imagine", prompt="a cat")
    assert (await client.submit())[0] == 499
    status, body = await images.post("imagine", prompt="a cat")
    assert (status, body["status"], body["data"]) == (499, "FAILED", None)
    fake_provider.release()
