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
from bot.media.file_store import input_image_path
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
from tests.support.scripted_image_provider import Asked
from tests.support.scripted_provider import Script
from tests.support.worker_harness import Bench, drawn

TOKEN = "a token"
CALLBACK = "https://bot.example/callback/secret"
MASK = drawn(["white", "black", "white", "black"])


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    async with Bench.open(tmp_path) as bench:
        yield bench


async def sent(bench: Bench, job: Job) -> Asked:
    """Send a job, and give what the picture maker was asked."""
    submitted = await bench.provider_requests().send(bench.provider, replace(job, client_token=TOKEN), CALLBACK)
    assert submitted == Submitted("picture 1")
    [asked] = bench.maker.asked
    return asked


async def parent(bench: Bench) -> Job:
    """Give a job that the provider knows as "grid"."""
    job = await bench.ask_for(Kind.IMAGINE, JobParams("a red kite"))
    async with bench.db.transaction() as tx:
        await name(tx, job)
    return job


async def name(tx: Transaction, job: Job) -> None:
    await tx.fetch("update job set remote_id = 'grid' where id = $1", job.id)


@pytest.mark.parametrize("speed", [None, *Speed])
@pytest.mark.parametrize("translate", [True, False])
async def test_an_imagine_sends_its_prompt_with_its_flags(bench: Bench, speed: Speed | None, translate: bool) -> None:
    params = JobParams("a red kite --ar 16:9", speed=speed, translate=translate)
    job = await bench.ask_for(Kind.IMAGINE, params)
    assert await sent(bench, job) == ImagineRequest(
        TOKEN, "a red kite --ar 16:9", speed or Speed.FAST, translate, CALLBACK
    )


async def test_an_action_names_its_picture_as_the_provider_does(bench: Bench) -> None:
    origin = await parent(bench)
    job = await bench.ask_for(Kind.ACTION, JobParams("a red kite", action="upsample3"), parent_job_id=origin.id)
    assert await sent(bench, job) == ActionRequest(TOKEN, "grid", "upsample3", CALLBACK)


async def test_a_seed_is_asked_of_the_job_that_it_is_about(bench: Bench) -> None:
    origin = await parent(bench)
    job = await bench.ask_for(Kind.SEED, JobParams("", clips=1), parent_job_id=origin.id)
    assert await sent(bench, job) == SeedRequest(TOKEN, "grid", CALLBACK)


async def test_a_blend_sends_the_pictures_that_were_kept_in_their_order_and_small_enough(bench: Bench) -> None:
    params = JobParams("", shape=Shape.LANDSCAPE, speed=Speed.TURBO, images=(bench.image,) * 3)
    job = await bench.ask_for(Kind.BLEND, params)
    for number, colour in enumerate(("red", "lime", "blue")):
        await bench.media.keep(input_image_path(job.id, number), drawn([colour], 3000, 100))
    asked = await sent(bench, job)
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


async def test_a_blend_is_square_and_fast_where_nothing_was_said(bench: Bench) -> None:
    job = await bench.ask_for(Kind.BLEND, JobParams("", images=(bench.image,) * 2))
    for number in range(2):
        await bench.media.keep(input_image_path(job.id, number), drawn(["red"]))
    asked = await sent(bench, job)
    assert isinstance(asked, BlendRequest)
    assert (asked.shape, asked.speed) == (Shape.SQUARE, Speed.FAST)


async def test_a_description_sends_its_one_picture(bench: Bench) -> None:
    job = await bench.ask_for(Kind.DESCRIBE, JobParams("", clips=1, images=(bench.image,)))
    await bench.media.keep(input_image_path(job.id, 0), drawn(["red"]))
    asked = await sent(bench, job)
    assert isinstance(asked, DescribeRequest)
    assert (asked.client_token, asked.callback_url, asked.image.mime) == (TOKEN, CALLBACK, "image/jpeg")


@pytest.mark.parametrize(
    ("params", "prompt"),
    [(JobParams("a gull", explicit_options=("prompt",)), "a gull"), (JobParams("a red kite"), None)],
    ids=["a new prompt", "the picture's own"],
)
async def test_a_region_sends_its_mask_unchanged(bench: Bench, params: JobParams, prompt: str | None) -> None:
    origin = await parent(bench)
    job = await bench.ask_for(Kind.REGION, params, parent_job_id=origin.id)
    await bench.media.keep(input_image_path(job.id, 0), MASK)
    asked = await sent(bench, job)
    assert asked == RegionRequest(TOKEN, "grid", ImageFile("image/png", MASK), prompt, CALLBACK)


@pytest.mark.parametrize("kind", [Kind.ACTION, Kind.REGION, Kind.SEED])
async def test_nothing_is_sent_for_a_picture_that_the_provider_never_had(bench: Bench, kind: Kind) -> None:
    origin = await bench.ask_for(Kind.IMAGINE, JobParams("a red kite"))
    job = await bench.ask_for(kind, JobParams("", action="upsample1"), parent_job_id=origin.id)
    with pytest.raises(NoSuchClip):
        await sent(bench, job)
    assert bench.maker.asked == []


@pytest.mark.parametrize(
    ("kind", "why"), [(Kind.BLEND, JobFailed), (Kind.DESCRIBE, JobFailed), (Kind.REGION, PreviewGone)]
)
async def test_nothing_is_sent_when_a_picture_is_no_longer_kept(
    bench: Bench, kind: Kind, why: type[AnimaticError]
) -> None:
    origin = await parent(bench)
    job = await bench.ask_for(kind, JobParams("", images=(bench.image,)), parent_job_id=origin.id)
    with pytest.raises(why):
        await sent(bench, job)
    assert bench.maker.asked == []


async def test_a_provider_that_makes_no_pictures_is_not_asked(bench: Bench) -> None:
    bench.provider.images = None
    with pytest.raises(NoProvider):
        await sent(bench, await bench.ask_for(Kind.IMAGINE, JobParams("a red kite")))


async def test_what_the_picture_maker_raises_goes_on(bench: Bench) -> None:
    bench.maker.submits = Script(ProviderError(ErrorKind.RATE_LIMITED, "no"))
    with pytest.raises(ProviderError):
        await sent(bench, await bench.ask_for(Kind.IMAGINE, JobParams("a red kite")))


async def test_films_are_not_the_picture_makers_business(bench: Bench) -> None:
    job = await bench.ask()
    assert await bench.provider_requests().send(bench.provider, job, None) == Submitted("remote 1")
    assert bench.maker.asked == []
