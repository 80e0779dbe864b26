"""What the picture maker is asked for, by the kind of job."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.db.database import Transaction
from bot.domain.job import Job, Kind
from bot.domain.params import JobParams, Shape, Speed
from bot.errors import AnimaticError, ErrorKind, JobFailed, NoProvider, NoSuchClip, PreviewGone, ProviderError
from bot.media.store import input_image_path
from bot.providers.images import (
    ActionRequest,
    BlendRequest,
    DescribeRequest,
    ImageFile,
    ImagineRequest,
    RegionRequest,
    SeedRequest,
)
from bot.providers.types import Submitted
from tests.support.sample_images import draw_png
from tests.support.scripted_image_provider import Asked
from tests.support.scripted_provider import Script
from tests.support.worker_harness import WorkerHarness

TOKEN = "a token"
CALLBACK = "https://bot.example/callback/secret"
MASK = draw_png(["white", "black", "white", "black"])


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


async def sent(harness: WorkerHarness, job: Job) -> Asked:
    """Send a job, and give what the picture maker was asked."""
    submitted = await harness.provider_requests().send(harness.provider, replace(job, client_token=TOKEN), CALLBACK)
    assert submitted == Submitted("picture 1")
    [asked] = harness.image_provider.asked
    return asked


async def parent(harness: WorkerHarness) -> Job:
    """Give a job that the provider knows as "grid"."""
    job = await harness.request(Kind.IMAGINE, JobParams("a red kite"))
    async with harness.db.transaction() as tx:
        await name(tx, job)
    return job


async def name(tx: Transaction, job: Job) -> None:
    await tx.fetch("update job set remote_id = 'grid' where id = $1", job.id)


@pytest.mark.parametrize("speed", [None, *Speed])
@pytest.mark.parametrize("translate", [True, False])
async def test_an_imagine_sends_its_prompt_with_its_flags(
    harness: WorkerHarness, speed: Speed | None, translate: bool
) -> None:
    params = JobParams("a red kite --ar 16:9", speed=speed, translate=translate)
    job = await harness.request(Kind.IMAGINE, params)
    assert await sent(harness, job) == ImagineRequest(
        TOKEN, "a red kite --ar 16:9", speed or Speed.FAST, translate, CALLBACK
    )


async def test_an_action_names_its_picture_as_the_provider_does(harness: WorkerHarness) -> None:
    origin = await parent(harness)
    job = await harness.request(Kind.ACTION, JobParams("a red kite", action="upsample3"), parent_job_id=origin.id)
    assert await sent(harness, job) == ActionRequest(TOKEN, "grid", "upsample3", CALLBACK)


async def test_a_seed_is_asked_of_the_job_that_it_is_about(harness: WorkerHarness) -> None:
    origin = await parent(harness)
    job = await harness.request(Kind.SEED, JobParams("", clips=1), parent_job_id=origin.id)
    assert await sent(harness, job) == SeedRequest(TOKEN, "grid", CALLBACK)


async def test_a_blend_sends_the_pictures_that_were_kept_in_their_order_and_small_enough(
    harness: WorkerHarness,
) -> None:
    params = JobParams("", shape=Shape.LANDSCAPE, speed=Speed.TURBO, images=(harness.image,) * 3)
    job = await harness.request(Kind.BLEND, params)
    for number, colour in enumerate(("red", "lime", "blue")):
        await harness.media.keep(input_image_path(job.id, number), draw_png([colour], 3000, 100))
    asked = await sent(harness, job)
    assert isinstance(asked, BlendRequest)
    assert (asked.shape, asked.speed, asked.callback_url) == (Shape.LANDSCAPE, Speed.TURBO, CALLBACK)
    assert [picture.mime for picture in asked.images] == ["image/jpeg"] * 3
    shown: list[tuple[int, ...]] = []
    for picture in asked.images:
        with Image.open(BytesIO(picture.data)) as image:
            assert max(image.size) == 2048
            pixel = image.convert("RGB").getpixel((9, 9))
            assert isinstance(pixel, tuple)
            shown.append(tuple(round(part / 255) for part in pixel))
    assert shown == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]


async def test_a_blend_is_square_and_fast_where_nothing_was_said(harness: WorkerHarness) -> None:
    job = await harness.request(Kind.BLEND, JobParams("", images=(harness.image,) * 2))
    for number in range(2):
        await harness.media.keep(input_image_path(job.id, number), draw_png(["red"]))
    asked = await sent(harness, job)
    assert isinstance(asked, BlendRequest)
    assert (asked.shape, asked.speed) == (Shape.SQUARE, Speed.FAST)


async def test_a_description_sends_its_one_picture(harness: WorkerHarness) -> None:
    job = await harness.request(Kind.DESCRIBE, JobParams("", clips=1, images=(harness.image,)))
    await harness.media.keep(input_image_path(job.id, 0), draw_png(["red"]))
    asked = await sent(harness, job)
    assert isinstance(asked, DescribeRequest)
    assert (asked.client_token, asked.callback_url, asked.image.mime) == (TOKEN, CALLBACK, "image/jpeg")


@pytest.mark.parametrize(
    ("params", "prompt"),
    [(JobParams("a gull", explicit_options=("prompt",)), "a gull"), (JobParams("a red kite"), None)],
    ids=["a new prompt", "the picture's own"],
)
async def test_a_region_sends_its_mask_unchanged(harness: WorkerHarness, params: JobParams, prompt: str | None) -> None:
    origin = await parent(harness)
    job = await harness.request(Kind.REGION, params, parent_job_id=origin.id)
    await harness.media.keep(input_image_path(job.id, 0), MASK)
    asked = await sent(harness, job)
    assert asked == RegionRequest(TOKEN, "grid", ImageFile("image/png", MASK), prompt, CALLBACK)


@pytest.mark.parametrize("kind", [Kind.ACTION, Kind.REGION, Kind.SEED])
async def test_nothing_is_sent_for_a_picture_that_the_provider_never_had(harness: WorkerHarness, kind: Kind) -> None:
    origin = await harness.request(Kind.IMAGINE, JobParams("a red kite"))
    job = await harness.request(kind, JobParams("", action="upsample1"), parent_job_id=origin.id)
    with pytest.raises(NoSuchClip):
        await sent(harness, job)
    assert harness.image_provider.asked == []


@pytest.mark.parametrize(
    ("kind", "why"), [(Kind.BLEND, JobFailed), (Kind.DESCRIBE, JobFailed), (Kind.REGION, PreviewGone)]
)
async def test_nothing_is_sent_when_a_picture_is_no_longer_kept(
    harness: WorkerHarness, kind: Kind, why: type[AnimaticError]
) -> None:
    origin = await parent(harness)
    job = await harness.request(kind, JobParams("", images=(harness.image,)), parent_job_id=origin.id)
    with pytest.raises(why):
        await sent(harness, job)
    assert harness.image_provider.asked == []


async def test_a_provider_that_makes_no_pictures_is_not_asked(harness: WorkerHarness) -> None:
    harness.provider.images = None
    with pytest.raises(NoProvider):
        await sent(harness, await harness.request(Kind.IMAGINE, JobParams("a red kite")))


async def test_what_the_picture_maker_raises_goes_on(harness: WorkerHarness) -> None:
    harness.image_provider.submits = Script(ProviderError(ErrorKind.RATE_LIMITED, "no"))
    with pytest.raises(ProviderError):
        await sent(harness, await harness.request(Kind.IMAGINE, JobParams("a red kite")))


async def test_films_are_not_the_picture_makers_business(harness: WorkerHarness) -> None:
    job = await harness.request_video()
    assert await harness.provider_requests().send(harness.provider, job, None) == Submitted("remote 1")
    assert harness.image_provider.asked == []
