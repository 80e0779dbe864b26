"""The small picture of a job in lists: made at its delivery, once, and never worth a delivery."""

from collections.abc import AsyncGenerator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.job import Frame, Job, Kind, State
from bot.domain.params import JobParams
from bot.media import LIST_SIDE
from bot.media.own_files import is_own_file
from bot.media.store import thumbnail_path
from bot.providers.types import Submitted
from bot.worker.thumbnails import Thumbnails
from tests.support.db_fixture import DbFixture
from tests.support.sample_images import draw_png
from tests.support.scripted_provider import Script
from tests.support.worker_harness import WorkerHarness

KITE = JobParams("a red kite", motion=None)


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


async def made(harness: WorkerHarness, job: Job) -> Job:
    await harness.until_state(job, State.RUNNING)
    await harness.advance_until_due(job)
    return await harness.until_state(job, State.DONE)


async def show_again(harness: WorkerHarness, job: Job) -> None:
    """Bring a finished job to another card."""
    again = await harness.store.history.show_again(
        job.id, channel_id=6, message_id=70, token="token", until_ms=0, file_limit=job.file_limit, now=harness.clock.now
    )
    assert again is not None
    harness.wake()
    await harness.until_state(job, State.DONE)


async def test_a_film_has_that_of_the_picture_that_it_starts_with(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await made(harness, await harness.request_video())
    with Image.open(BytesIO(await harness.media.read(thumbnail_path(job.id)))) as image:
        assert image.format == "JPEG"
        assert max(image.size) <= LIST_SIDE
        assert image.convert("RGB").getpixel((1, 1)) == pytest.approx((0, 128, 128), abs=6)  # teal


async def test_pictures_have_that_of_the_first(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await made(harness, await harness.request(Kind.IMAGINE, KITE))
    first = (await harness.store.clips.clips(job.id))[0]
    with (
        Image.open(BytesIO(await harness.media.read(thumbnail_path(job.id)))) as small,
        Image.open(BytesIO(await harness.media.read(first.media_file or ""))) as whole,
    ):
        assert small.convert("RGB").getpixel((1, 1)) == pytest.approx(whole.convert("RGB").getpixel((1, 1)), abs=6)


async def test_what_goes_on_from_a_film_has_that_films(harness: WorkerHarness) -> None:
    async with harness.working():
        first = await made(harness, await harness.request_video())
        await harness.media.keep(thumbnail_path(first.id), b"that of the film")
        harness.provider.submits = Script(Submitted("remote 2"))
        onward = await harness.request(Kind.EXTEND, JobParams("it sails on"), parent_job_id=first.id, parent_slot=0)
        await made(harness, onward)
        assert await harness.media.read(thumbnail_path(onward.id)) == b"that of the film"
        await harness.media.remove(thumbnail_path(first.id))
        await harness.media.remove(thumbnail_path(onward.id))
        await show_again(harness, onward)
        assert (await harness.media.read(thumbnail_path(onward.id)))[:2] == b"\xff\xd8"


async def test_it_is_made_once_and_made_up_for_where_it_is_gone(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await made(harness, await harness.request_video())
        name = thumbnail_path(job.id)
        await harness.media.keep(name, b"as it was made")
        await show_again(harness, job)
        assert await harness.media.read(name) == b"as it was made"
        await harness.media.remove(name)
        await show_again(harness, job)
        assert (await harness.media.read(name))[:2] == b"\xff\xd8"


async def test_a_picture_that_cannot_be_read_costs_no_delivery(harness: WorkerHarness) -> None:
    async with harness.working():
        job = await harness.request_video()
        await harness.until_state(job, State.RUNNING)
        frame = (await harness.store.clips.frames(job.id))["start"]
        await harness.media.keep(frame.media_file, b"no picture at all")
        await harness.advance_until_due(job)
        await harness.until_state(job, State.DONE)
        assert not await harness.media.has(thumbnail_path(job.id))
        await harness.media.remove(frame.media_file)
        await show_again(harness, job)
        assert not await harness.media.has(thumbnail_path(job.id))


def test_it_is_one_of_the_bots_own_files_that_are_removed_when_they_are_old() -> None:
    assert is_own_file(thumbnail_path("1jd8x3k2m9f4qz").partition("/")[2])


async def test_each_shot_of_a_storyboard_has_its_own(harness: WorkerHarness) -> None:
    db = DbFixture(harness.db, harness.store, harness.clock.now)
    one, two, three = await db.queued_shots(3)
    for shot, colour in ((one, "red"), (two, "blue")):
        name = await harness.media.keep(f"{shot.id}/start.png", draw_png([colour]))
        await harness.store.clips.add_frame(Frame(shot.id, "start", name))
    facts = await harness.store.card_facts.read(one.id)
    assert facts is not None
    for shot in (one, two, three):
        await Thumbnails(harness.media).make(shot, facts)
    small = [await harness.media.read(thumbnail_path(shot.id)) for shot in (one, two, three)]
    assert small[0] != small[1]
    # An extend has no picture of its own.
    assert small[2] == small[0]


async def test_a_shot_is_delivered_whatever_became_of_the_others_clips(harness: WorkerHarness) -> None:
    db = DbFixture(harness.db, harness.store, harness.clock.now)
    one, two = await db.queued_shots(2)
    await db.finish_shot(one)
    (submitting,) = await db.admit(two)
    await db.succeed(await db.claim(await db.accept(submitting)))
    await db.db_write("update clip set message_id = 70, attachment_id = 700 where job_id = $1", two.id)
    harness.clock.now = db.now
    async with harness.working():
        done = await harness.until_state(two, State.DONE)
    assert (done.error_code, done.undelivered) == (None, 0)
