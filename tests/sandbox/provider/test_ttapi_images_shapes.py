"""The requests and answers of TTAPI's image page, one test for each that it shows."""

from __future__ import annotations

from typing import Literal

import pytest

from sandbox.provider import FakeProvider
from sandbox.provider.model.faults import FailLater
from tests.sandbox.provider.ttapi_images_client import (
    ImagesClient,
    Json,
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
    images: ImagesClient, fake_provider: FakeProvider, body: dict[str, object]
) -> None:
    status, answer = await images.post("imagine", **body)
    (job_id,) = fake_provider.jobs
    assert status == 200
    assert answer == {"status": "SUCCESS", "message": "", "data": {"jobId": job_id}}


async def test_the_sample_of_an_action_is_accepted(images: ImagesClient, fake_provider: FakeProvider) -> None:
    grid = await images.finished("imagine", prompt="a cat")
    status, answer = await images.post("action", jobId=grid.id, action="upsample1", hookUrl="")
    assert status == 200
    assert answer == {"status": "SUCCESS", "message": "", "data": {"jobId": list(fake_provider.jobs)[-1]}}


async def test_the_sample_of_a_refused_action_is_answered(images: ImagesClient) -> None:
    grid = await images.finished("imagine", prompt="a cat")
    refused = {"status": "FAILED", "message": "'action' parameter error!", "data": None}
    assert await images.post("action", jobId=grid.id, action="upsample9", hookUrl="") == (400, refused)


async def test_the_sample_of_a_seed_is_accepted_and_its_result_has_a_number(images: ImagesClient) -> None:
    grid = await images.finished("imagine", prompt="a cat")
    job = await images.finished("seed", jobId=grid.id, hookUrl="")
    data = (await images.fetch(job))["data"]
    assert (data["actions"], data["prompt"], data["components"]) == ("seed", "a cat", [])
    assert 0 <= int(data["seed"]) < 2**32
    again = await images.finished("seed", jobId=grid.id)
    assert (await images.fetch(again))["data"]["seed"] == data["seed"]


async def test_a_seed_that_the_prompt_names_is_the_seed(images: ImagesClient) -> None:
    grid = await images.finished("imagine", prompt="a cat --seed 1234")
    assert (await images.fetch(await images.finished("seed", jobId=grid.id)))["data"]["seed"] == "1234"


async def test_the_sample_of_a_blend_is_accepted(images: ImagesClient) -> None:
    pictures = [uri(plain("red")), uri(plain("blue"))]
    job = await images.finished("blend", imgBase64Array=pictures, dimensions="SQUARE", model="fast", hookUrl="")
    data = (await images.fetch(job))["data"]
    assert (data["actions"], data["width"], data["components"]) == ("blend", data["height"], [*GRID, "reroll"])


async def test_the_sample_of_a_describe_is_accepted_and_gives_four_prompts(images: ImagesClient) -> None:
    job = await images.finished("describe", base64=uri(plain("red")), model="fast", hookUrl="")
    data = (await images.fetch(job))["data"]
    assert (data["actions"], data["width"], data["height"], data["components"]) == ("describe", 60, 40, [])
    prompts = data["prompt"].split("\n\n")
    assert [prompt[0] for prompt in prompts] == ["1", "2", "3", "4"]
    assert all("crimson" in prompt and prompt.endswith("--ar 3:2") for prompt in prompts)
    assert (await images.download(data["cdnImage"])).size == (60, 40)


async def test_a_describes_texts_can_come_as_lines(images: ImagesClient, fake_provider: FakeProvider) -> None:
    fake_provider.knobs.ttapi_describe = "lines"
    job = await images.finished("describe", base64=uri(plain("red")))
    lines = (await images.fetch(job))["data"]["prompt"].split("\n")
    assert len(set(lines)) == 4
    assert not lines[0].startswith("1")


async def test_the_sample_of_an_inpaint_is_accepted(images: ImagesClient) -> None:
    single = await images.acted(await images.finished("imagine", prompt="a cat"), "upsample1")
    mask = bare(mask_of((96, 96), (10, 10, 50, 50)))
    job = await images.finished("inpaint", jobId=single.id, prompt="white background", mask=mask, hookUrl="")
    data = (await images.fetch(job))["data"]
    assert (data["actions"], data["prompt"], data["components"]) == ("inpaint", "white background", [*GRID, "reroll"])


async def test_a_refused_inpaint_has_an_object_for_data(images: ImagesClient) -> None:
    single = await images.acted(await images.finished("imagine", prompt="a cat"), "upsample1")
    refused: Json = {"status": "FAILED", "message": "'mask' parameter error!", "data": {}}
    mask = bare(mask_of((96, 95), (10, 10, 50, 50)))
    assert await images.post("inpaint", jobId=single.id, mask=mask) == (400, refused)


async def test_a_finished_imagine_has_the_shape_of_the_sample(
    images: ImagesClient, fake_provider: FakeProvider
) -> None:
    job = await images.finished("imagine", prompt="a cat --ar 9:16", getUImages=True)
    body = await images.fetch(job)
    base, made = fake_provider.base_url, int(job.created_at)
    data = body["data"]
    discord = data.pop("discordImage")
    assert discord.startswith(f"{base}/attachments/{job.result_id}/picture.png?ex={made + 86400:x}&is={made:x}&hm=")
    assert body == {
        "status": "SUCCESS",
        "jobId": job.id,
        "message": "success",
        "data": {
            "actions": "imagine",
            "jobId": job.id,
            "progress": "100",
            "prompt": "a cat --ar 9:16",
            "cdnImage": f"{base}/pics/{job.result_id}/picture.png",
            "width": 72,
            "height": 128,
            "hookUrl": "",
            "components": [*GRID, "reroll"],
            "seed": "",
            "images": [f"{base}/pics/{job.result_id}/{slot}.png" for slot in range(4)],
            "quota": 3,
        },
    }
    assert (await images.download(discord)).size == (72, 128)
    tiles = [await images.download(link) for link in data["images"]]
    assert {tile.size for tile in tiles} == {(72, 128)}
    assert len({tile.tobytes() for tile in tiles}) == 4


async def test_the_samples_components_lack_the_reroll_when_told_so(
    images: ImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.knobs.ttapi_reroll = False
    assert await images.components(await images.finished("imagine", prompt="a cat")) == GRID


async def test_a_waiting_job_has_an_empty_list_for_data(images: ImagesClient, fake_provider: FakeProvider) -> None:
    fake_provider.knobs.paused = True
    job = await images.accepted("imagine", prompt="a cat")
    assert await images.fetch(job) == {"status": "PENDING_QUEUE", "jobId": job.id, "message": "", "data": []}


async def test_a_running_job_has_the_shape_of_the_sample(images: ImagesClient, fake_provider: FakeProvider) -> None:
    fake_provider.knobs.hold = True
    job = await images.accepted("imagine", prompt="a cat")
    await fake_provider.until(lambda _: job.progress == 99 and job.drawn is not None)
    body = await images.fetch(job)
    data = body["data"]
    preview = await images.download(data.pop("discordImage"))
    assert (await images.download(data.pop("cdnImage"))).tobytes() == preview.tobytes()
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


async def test_a_running_job_can_have_no_picture_yet(images: ImagesClient, fake_provider: FakeProvider) -> None:
    fake_provider.knobs.ttapi_previews, fake_provider.knobs.hold = False, True
    job = await images.accepted("imagine", prompt="a cat")
    await fake_provider.until(lambda _: job.progress == 99 and job.drawn is not None)
    data = (await images.fetch(job))["data"]
    assert (data["discordImage"], data["cdnImage"]) == (None, None)


async def test_a_failed_job_has_an_empty_list_for_data(images: ImagesClient, fake_provider: FakeProvider) -> None:
    fake_provider.next_submit(FailLater("failed"))
    job = await images.finished("imagine", prompt="a cat")
    assert await images.fetch(job) == {"status": "FAILED", "jobId": job.id, "message": "failed", "data": []}


@pytest.mark.parametrize("knob", ["null", "object"])
async def test_data_can_be_something_else_where_there_is_none(
    images: ImagesClient, fake_provider: FakeProvider, knob: Literal["null", "object"]
) -> None:
    fake_provider.knobs.ttapi_nothing = knob
    fake_provider.next_submit(FailLater())
    data = (await images.fetch(await images.finished("imagine", prompt="a cat")))["data"]
    assert data is None if knob == "null" else (data["actions"], data["cdnImage"]) == ("imagine", None)


@pytest.mark.parametrize(("knob", "names"), [("action", ["action"]), ("both", ["actions", "action"])])
async def test_the_action_has_the_name_that_the_knob_says(
    images: ImagesClient, fake_provider: FakeProvider, knob: Literal["action", "both"], names: list[str]
) -> None:
    fake_provider.knobs.ttapi_action = knob
    data = (await images.fetch(await images.finished("imagine", prompt="a cat")))["data"]
    assert [name for name in data if name.startswith("action")] == names
    assert {data[name] for name in names} == {"imagine"}


async def test_the_quota_can_be_a_text(images: ImagesClient, fake_provider: FakeProvider) -> None:
    fake_provider.knobs.ttapi_quota = "text"
    assert (await images.fetch(await images.finished("imagine", prompt="a cat")))["data"]["quota"] == "3"


async def test_the_samples_of_a_prompt_check_are_answered(images: ImagesClient, fake_provider: FakeProvider) -> None:
    fake_provider.knobs.banned_words = frozenset({"sexy"})
    good = {"status": "SUCCESS", "message": "success", "data": "Prompt verification successful."}
    assert await images.post("promptCheck", prompt="a cat") == (200, good)
    bad = {"status": "FAILED", "message": "banned prompt words：sexy", "data": None}
    assert await images.post("promptCheck", prompt="a sexy girl") == (200, bad)
    empty = {"status": "FAILED", "message": '"prompt" cannot be empty.', "data": None}
    assert await images.post("promptCheck", prompt="") == (400, empty)
    assert (fake_provider.submits, fake_provider.illegal_prompts) == (0, 0)
