"""The requests and answers of TTAPI's image page, one test for each that it shows."""

from __future__ import annotations

from typing import Literal

import pytest

from sandbox.provider import FakeProvider
from sandbox.provider.model.faults import FailLater
from tests.sandbox.provider.ttapi_images_client import (
    Json,
    TtapiImagesClient,
    bare,
    mask_of,
    plain,
    uri,
)

GRID = [*(f"upsample{slot}" for slot in range(1, 5)), *(f"variation{slot}" for slot in range(1, 5))]


@pytest.mark.parametrize(
    "body",
    [
        {"prompt": "a cute cat", "mode": "fast", "hookUrl": "", "timeout": 300},
        {"prompt": "a cat --ar 1:1", "model": "fast", "hookUrl": "", "timeout": 300},
        {"prompt": "a cute cat", "model": "fast", "hookUrl": "", "timeout": 300},
    ],
)
async def test_each_sample_of_an_imagine_is_accepted(
    images_client: TtapiImagesClient, fake_provider: FakeProvider, body: dict[str, object]
) -> None:
    status, answer = await images_client.post("imagine", **body)
    (job_id,) = fake_provider.jobs
    assert status == 200
    assert answer == {"status": "SUCCESS", "message": "", "data": {"jobId": job_id}}


async def test_the_sample_of_an_action_is_accepted(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    grid = await images_client.finished("imagine", prompt="a cat")
    status, answer = await images_client.post("action", jobId=grid.id, action="upsample1", hookUrl="")
    assert status == 200
    assert answer == {"status": "SUCCESS", "message": "", "data": {"jobId": list(fake_provider.jobs)[-1]}}


async def test_the_sample_of_a_refused_action_is_answered(images_client: TtapiImagesClient) -> None:
    grid = await images_client.finished("imagine", prompt="a cat")
    refused = {"status": "FAILED", "message": "'action' parameter error!", "data": None}
    assert await images_client.post("action", jobId=grid.id, action="upsample9", hookUrl="") == (400, refused)


async def test_the_sample_of_a_seed_is_accepted_and_its_result_has_a_number(images_client: TtapiImagesClient) -> None:
    grid = await images_client.finished("imagine", prompt="a cat")
    job = await images_client.finished("seed", jobId=grid.id, hookUrl="")
    data = (await images_client.fetch(job))["data"]
    assert (data["actions"], data["prompt"], data["components"]) == ("seed", "a cat", [])
    assert 0 <= int(data["seed"]) < 2**32
    again = await images_client.finished("seed", jobId=grid.id)
    assert (await images_client.fetch(again))["data"]["seed"] == data["seed"]


async def test_a_seed_that_the_prompt_names_is_the_seed(images_client: TtapiImagesClient) -> None:
    grid = await images_client.finished("imagine", prompt="a cat --seed 1234")
    assert (await images_client.fetch(await images_client.finished("seed", jobId=grid.id)))["data"]["seed"] == "1234"


async def test_the_sample_of_a_blend_is_accepted(images_client: TtapiImagesClient) -> None:
    images = [uri(plain("red")), uri(plain("blue"))]
    job = await images_client.finished("blend", imgBase64Array=images, dimensions="SQUARE", model="fast", hookUrl="")
    data = (await images_client.fetch(job))["data"]
    assert (data["actions"], data["width"], data["components"]) == ("blend", data["height"], [*GRID, "reroll"])


async def test_the_sample_of_a_describe_is_accepted_and_gives_four_prompts(images_client: TtapiImagesClient) -> None:
    job = await images_client.finished("describe", base64=uri(plain("red")), model="fast", hookUrl="")
    data = (await images_client.fetch(job))["data"]
    assert (data["actions"], data["width"], data["height"], data["components"]) == ("describe", 60, 40, [])
    prompts = data["prompt"].split("\n\n")
    assert [prompt[0] for prompt in prompts] == ["1", "2", "3", "4"]
    assert all("crimson" in prompt and prompt.endswith("--ar 3:2") for prompt in prompts)
    assert (await images_client.download(data["cdnImage"])).size == (60, 40)


async def test_a_describes_texts_can_come_as_lines(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.ttapi_describe = "lines"
    job = await images_client.finished("describe", base64=uri(plain("red")))
    lines = (await images_client.fetch(job))["data"]["prompt"].split("\n")
    assert len(set(lines)) == 4
    assert not lines[0].startswith("1")


async def test_the_sample_of_an_inpaint_is_accepted(images_client: TtapiImagesClient) -> None:
    single = await images_client.acted(await images_client.finished("imagine", prompt="a cat"), "upsample1")
    mask = bare(mask_of((96, 96), (10, 10, 50, 50)))
    job = await images_client.finished("inpaint", jobId=single.id, prompt="white background", mask=mask, hookUrl="")
    data = (await images_client.fetch(job))["data"]
    assert (data["actions"], data["prompt"], data["components"]) == ("inpaint", "white background", [*GRID, "reroll"])


async def test_a_refused_inpaint_has_an_object_for_data(images_client: TtapiImagesClient) -> None:
    single = await images_client.acted(await images_client.finished("imagine", prompt="a cat"), "upsample1")
    refused: Json = {"status": "FAILED", "message": "'mask' parameter error!", "data": {}}
    mask = bare(mask_of((96, 95), (10, 10, 50, 50)))
    assert await images_client.post("inpaint", jobId=single.id, mask=mask) == (400, refused)


async def test_a_finished_imagine_has_the_shape_of_the_sample(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    job = await images_client.finished("imagine", prompt="a cat --ar 9:16", getUImages=True)
    body = await images_client.fetch(job)
    base, made = fake_provider.base_url, int(job.created_at)
    data = body["data"]
    discord = data.pop("discordImage")
    assert discord.startswith(f"{base}/attachments/{job.result_id}/image.png?ex={made + 86400:x}&is={made:x}&hm=")
    assert body == {
        "status": "SUCCESS",
        "jobId": job.id,
        "message": "success",
        "data": {
            "actions": "imagine",
            "jobId": job.id,
            "progress": "100",
            "prompt": "a cat --ar 9:16",
            "cdnImage": f"{base}/pics/{job.result_id}/image.png",
            "width": 72,
            "height": 128,
            "hookUrl": "",
            "components": [*GRID, "reroll"],
            "seed": "",
            "images": [f"{base}/pics/{job.result_id}/{slot}.png" for slot in range(4)],
            "quota": 3,
        },
    }
    assert (await images_client.download(discord)).size == (72, 128)
    tiles = [await images_client.download(link) for link in data["images"]]
    assert {tile.size for tile in tiles} == {(72, 128)}
    assert len({tile.tobytes() for tile in tiles}) == 4


async def test_the_samples_components_lack_the_reroll_when_told_so(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.ttapi_reroll = False
    assert await images_client.components(await images_client.finished("imagine", prompt="a cat")) == GRID


async def test_a_waiting_job_has_an_empty_list_for_data(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.paused = True
    job = await images_client.accepted("imagine", prompt="a cat")
    assert await images_client.fetch(job) == {"status": "PENDING_QUEUE", "jobId": job.id, "message": "", "data": []}


async def test_a_running_job_has_the_shape_of_the_sample(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.hold = True
    job = await images_client.accepted("imagine", prompt="a cat")
    await fake_provider.until(lambda _: job.progress == 99 and job.image_result is not None)
    body = await images_client.fetch(job)
    data = body["data"]
    preview = await images_client.download(data.pop("discordImage"))
    assert (await images_client.download(data.pop("cdnImage"))).tobytes() == preview.tobytes()
    assert body == {
        "status": "ON_QUEUE",
        "jobId": job.id,
        "message": "",
        "data": {
            "actions": "imagine",
            "jobId": job.id,
            "progress": "99",
            "prompt": "a cat",
            "width": None,
            "height": None,
            "hookUrl": "",
            "components": [],
            "seed": None,
            "images": None,
        },
    }


async def test_a_running_job_can_have_no_image_yet(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.ttapi_previews, fake_provider.settings.hold = False, True
    job = await images_client.accepted("imagine", prompt="a cat")
    await fake_provider.until(lambda _: job.progress == 99 and job.image_result is not None)
    data = (await images_client.fetch(job))["data"]
    assert (data["discordImage"], data["cdnImage"]) == (None, None)


async def test_a_failed_job_has_an_empty_list_for_data(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.next_submit(FailLater("failed"))
    job = await images_client.finished("imagine", prompt="a cat")
    assert await images_client.fetch(job) == {"status": "FAILED", "jobId": job.id, "message": "failed", "data": []}


@pytest.mark.parametrize("setting", ["null", "object"])
async def test_data_can_be_something_else_where_there_is_none(
    images_client: TtapiImagesClient, fake_provider: FakeProvider, setting: Literal["null", "object"]
) -> None:
    fake_provider.settings.ttapi_nothing = setting
    fake_provider.next_submit(FailLater())
    data = (await images_client.fetch(await images_client.finished("imagine", prompt="a cat")))["data"]
    assert data is None if setting == "null" else (data["actions"], data["cdnImage"]) == ("imagine", None)


@pytest.mark.parametrize(("setting", "names"), [("action", ["action"]), ("both", ["actions", "action"])])
async def test_the_action_has_the_name_that_the_setting_says(
    images_client: TtapiImagesClient, fake_provider: FakeProvider, setting: Literal["action", "both"], names: list[str]
) -> None:
    fake_provider.settings.ttapi_action = setting
    data = (await images_client.fetch(await images_client.finished("imagine", prompt="a cat")))["data"]
    assert [name for name in data if name.startswith("action")] == names
    assert {data[name] for name in names} == {"imagine"}


async def test_the_quota_can_be_a_text(images_client: TtapiImagesClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.ttapi_quota = "text"
    assert (await images_client.fetch(await images_client.finished("imagine", prompt="a cat")))["data"]["quota"] == "3"


async def test_the_samples_of_a_prompt_check_are_answered(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.banned_words = frozenset({"sexy"})
    good = {"status": "SUCCESS", "message": "success", "data": "Prompt verification successful."}
    assert await images_client.post("promptCheck", prompt="a cat") == (200, good)
    bad = {"status": "FAILED", "message": "banned prompt words：sexy", "data": None}
    assert await images_client.post("promptCheck", prompt="a sexy girl") == (200, bad)
    empty = {"status": "FAILED", "message": '"prompt" cannot be empty.', "data": None}
    assert await images_client.post("promptCheck", prompt="") == (400, empty)
    assert (fake_provider.submits, fake_provider.illegal_prompts) == (0, 0)
