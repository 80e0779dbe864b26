"""A job that repeats another has the same pictures: those that are kept, else those that the card links to."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from bot.domain.credits import PriceList
from bot.domain.job import Job, Kind, State
from bot.domain.params import ImageUpload, JobImageRef, JobParams, Shape
from bot.errors import ErrorKind, NoSuchImage, ProviderError
from bot.media import Transcoder
from bot.media.store import input_image_path
from bot.providers.images import BlendRequest, RegionRequest
from bot.providers.types import Submitted, VideoRequest
from bot.services.extends import Extends
from bot.services.job_results import JobResults
from bot.services.reruns import Reruns
from bot.services.validation import RequestValidator
from tests.support.requests import deferred_reply, requester
from tests.support.sample_images import draw_png
from tests.support.scripted_provider import Script
from tests.support.worker_harness import WorkerHarness

CARD = "https://cdn.example/start.jpg"
NOWHERE = "http://127.0.0.1:1/gone.png"


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        harness.publisher.link = CARD
        harness.provider.submits = Script(Submitted("first"), Submitted("second"))
        harness.image_provider.submits = Script(Submitted("first picture"), Submitted("second picture"))
        yield harness


async def film(harness: WorkerHarness) -> Job:
    """Let a film be submitted whose picture is kept."""
    job = await harness.request_video()
    return await harness.until_state(job, State.RUNNING)


async def repeat(harness: WorkerHarness, job: Job, link: str) -> Job:
    """Ask for a film once more; its picture's own link leads to `link` by now."""
    image = replace(harness.image, url=link)
    return await harness.request(Kind.VIDEO, replace(job.params, image=image, again_of=job.id))


async def test_a_picture_that_is_kept_is_lent_and_sent_by_the_new_cards_link(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await film(harness)
        again = await repeat(harness, job, NOWHERE)
        await harness.until_state(again, State.RUNNING)
    [old], [new] = [(await harness.store.clips.frames(one.id)).values() for one in (job, again)]
    assert (new.job_id, new.media_file) == (again.id, old.media_file)
    first, second = harness.provider.requests
    assert isinstance(first, VideoRequest)
    assert isinstance(second, VideoRequest)
    assert (first.image_url, second.image_url) == (harness.image.url, CARD)


async def test_a_picture_that_is_gone_here_is_fetched_from_where_the_card_shows_it(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await film(harness)
        await harness.media.discard(job.id)
        again = await repeat(harness, job, harness.image.url)
        await harness.until_state(again, State.RUNNING)
    [frame] = (await harness.store.clips.frames(again.id)).values()
    assert frame.media_file == f"{again.id}/start.png"


async def test_a_picture_that_is_gone_everywhere_costs_nothing(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await film(harness)
        spent = await harness.used()
        await harness.media.discard(job.id)
        again = await harness.until_state(await repeat(harness, job, harness.clips[0]), State.FAILED)
    assert (again.error_code, again.charged, again.client_token) == ("bad_picture", False, None)
    assert await harness.used() == spent


async def test_pictures_to_blend_are_taken_over(harness: WorkerHarness) -> None:
    images = tuple(ImageUpload(link, "picture", 0) for link in harness.images[:2])
    params = JobParams("", motion=None, shape=Shape.SQUARE, images=images)
    async with harness.working():
        job = await harness.until_state(await harness.request(Kind.BLEND, params), State.RUNNING)
        nowhere = tuple(ImageUpload(NOWHERE, "picture", 0) for _ in images)
        again = await harness.request(Kind.BLEND, replace(params, images=nowhere, again_of=job.id))
        await harness.until_state(again, State.RUNNING)
    first, second = harness.image_provider.asked
    assert isinstance(first, BlendRequest)
    assert isinstance(second, BlendRequest)
    assert first.images == second.images


async def test_a_mask_is_taken_over_and_one_that_is_gone_costs_nothing(harness: WorkerHarness) -> None:
    mask = draw_png(["white"])
    params = JobParams("a bird", motion=None, explicit_options=("prompt",))
    async with harness.working():
        single = await harness.request(Kind.IMAGINE, JobParams("a kite", 1, None))
        single = await harness.until_state(single, State.RUNNING)
        await harness.media.keep(input_image_path(single.id, 0), mask)
        again = await harness.request(Kind.REGION, replace(params, again_of=single.id), parent_job_id=single.id)
        await harness.until_state(again, State.RUNNING)
        await harness.media.remove(input_image_path(single.id, 0))
        lost = await harness.request(Kind.REGION, replace(params, again_of=single.id), parent_job_id=single.id)
        lost = await harness.until_state(lost, State.FAILED)
    asked = harness.image_provider.asked[-1]
    assert isinstance(asked, RegionRequest)
    assert asked.mask.data == mask
    assert (lost.error_code, lost.charged) == ("preview_gone", False)


def reruns(harness: WorkerHarness) -> Reruns:
    """Make what asks for ended jobs once more; no extend is asked for here."""
    results = JobResults(harness.store, harness.media, Transcoder())
    validator = RequestValidator(harness.providers, PriceList(), frozenset())
    jobs, extends = harness.job_service(), cast("Extends", None)
    return Reruns(
        harness.store, harness.providers, jobs, extends, results, validator, prices=PriceList(), clock=harness.clock
    )


async def test_a_cards_picture_that_is_gone_here_is_taken_from_the_card_that_started_with_it(
    harness: WorkerHarness,
) -> None:
    harness.provider.submits = Script(ProviderError(ErrorKind.MODERATED_PROMPT, "no"), Submitted("second"))
    async with harness.working():
        first = await harness.until_state(await harness.request_video(), State.FAILED)
        job = await harness.request(Kind.VIDEO, JobParams("it sails", job_image=JobImageRef(first.id, "start")))
        await harness.until_state(job, State.RUNNING)
        await harness.advance_until_due(job)
        await harness.until_state(job, State.DONE)
        await harness.media.discard(first.id)
        with pytest.raises(NoSuchImage):
            await reruns(harness).again(requester(), job.id, deferred_reply(), {})
        harness.provider.submits = Script(Submitted("third"))
        links = {"start": harness.image.url}
        again = await reruns(harness).again(requester(), job.id, deferred_reply(), links)
        await harness.until_state(again, State.RUNNING)
    [frame] = (await harness.store.clips.frames(again.id)).values()
    assert frame.media_file == f"{again.id}/start.png"
    assert again.params.job_image is None
