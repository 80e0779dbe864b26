"""Pictures in the same harness as films: drawn, cut, delivered, paid for together, given back together."""

from collections.abc import AsyncGenerator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.job import Job, Kind, Result, State
from bot.domain.params import JobParams
from bot.errors import ErrorKind, ProviderError
from bot.providers.images import ImageSnapshot, ImagineRequest
from bot.providers.polling import TILES
from bot.providers.types import RemoteState, Submitted
from bot.worker.steps import GIVE_UP_TRIES
from bot.worker.submission import UNCONFIRMED_GRACE_MS
from tests.support.sample_images import HEIGHT, WIDTH, draw_png
from tests.support.scripted_provider import Script
from tests.support.worker_harness import COLOURS, WorkerHarness

MADE = RemoteState.SUCCEEDED
KITE = JobParams("a red kite --ar 16:9", motion=None)


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


async def imagine(harness: WorkerHarness) -> Job:
    return await harness.request(Kind.IMAGINE, KITE)


async def parent(harness: WorkerHarness) -> Job:
    """Let four pictures be made that something can be done with."""
    job = await imagine(harness)
    await through(harness, job)
    harness.image_provider.submits = Script(Submitted("picture 2"))
    return await harness.get(job)


async def through(harness: WorkerHarness, job: Job, end: State = State.DONE) -> Job:
    await harness.until_state(job, State.RUNNING)
    await harness.advance_until_due(job)
    return await harness.until_state(job, end)


async def kept(harness: WorkerHarness, job: Job) -> list[bytes]:
    return [await harness.media.read(clip.media_file or "") for clip in await harness.store.clips.clips(job.id)]


def colour_of(picture: bytes) -> tuple[str, tuple[int, int]]:
    with Image.open(BytesIO(picture)) as image:
        names = {Image.new("RGB", (1, 1), name).getpixel((0, 0)): name for name in COLOURS}
        corners = {image.convert("RGB").getpixel((x, y)) for x in (0, image.width - 1) for y in (0, image.height - 1)}
        [corner] = corners
        return names[corner], image.size


async def test_four_pictures_go_all_the_way(harness: WorkerHarness) -> None:
    found = ImageSnapshot(MADE, 100, harness.grid, harness.images, ("upsample1",), seed="7", width=128, cost="3")
    harness.image_provider.polls = Script(found)
    async with harness.working():
        job = await imagine(harness)
        running = await harness.until_state(job, State.RUNNING)
        assert (running.remote_id, running.cost, running.charged) == ("picture 1", 1, True)
        await harness.advance_until_due(job)
        done = await harness.until_state(job, State.DONE)
    [asked] = harness.image_provider.asked
    assert isinstance(asked, ImagineRequest)
    assert (asked.prompt, asked.client_token) == ("a red kite --ar 16:9", running.client_token)
    assert harness.provider.submits.calls == harness.provider.polls.calls == 0
    assert harness.image_provider.checked == ["a red kite --ar 16:9"]
    assert done.result == Result(("upsample1",), (), "7", 128)
    assert done.provider_cost == "3"
    assert await kept(harness, job) == [draw_png([colour]) for colour in COLOURS]
    assert harness.publisher.delivered == [job.id]
    assert await harness.used() == 1


async def test_a_grid_alone_is_cut_into_its_four_pictures(harness: WorkerHarness) -> None:
    harness.image_provider.polls = Script(ImageSnapshot(MADE, grid=harness.grid))
    async with harness.working():
        job = await imagine(harness)
        await through(harness, job)
    clips = await harness.store.clips.clips(job.id)
    assert [clip.remote_url for clip in clips] == [f"{harness.grid}{tile}" for tile in TILES]
    assert [colour_of(picture) for picture in await kept(harness, job)] == [(name, (WIDTH, HEIGHT)) for name in COLOURS]
    assert await harness.used() == 1


async def test_an_upscaled_picture_stays_whole(harness: WorkerHarness) -> None:
    async with harness.working():
        origin = await parent(harness)
        harness.image_provider.polls = Script(ImageSnapshot(MADE, grid=harness.grid))
        params = JobParams("a red kite", clips=1, motion=None, action="upsample2")
        job = await harness.request(Kind.ACTION, params, parent_job_id=origin.id)
        await through(harness, job)
    assert await kept(harness, job) == [draw_png(COLOURS)]
    assert await harness.used() == 2


async def test_a_grid_that_cannot_be_cut_is_given_as_it_is_at_the_provider(harness: WorkerHarness) -> None:
    harness.image_provider.polls = Script(ImageSnapshot(MADE, grid=harness.grid.replace("grid", "dot")))
    async with harness.working():
        job = await imagine(harness)
        await through(harness, job)
    assert [clip.media_file for clip in await harness.store.clips.clips(job.id)] == [None] * 4
    assert harness.publisher.delivered == [job.id]


@pytest.mark.parametrize("pictures", [1, 2, 3])
async def test_fewer_pictures_cost_as_much_as_four(harness: WorkerHarness, pictures: int) -> None:
    harness.image_provider.polls = Script(ImageSnapshot(MADE, images=harness.images[:pictures]))
    async with harness.working():
        job = await imagine(harness)
        await through(harness, job)
    assert len(await kept(harness, job)) == pictures
    assert await harness.used() == 1


@pytest.mark.parametrize("kind", [ErrorKind.UPSTREAM, ErrorKind.MODERATED_PROMPT, ErrorKind.JOB_TIMEOUT])
async def test_a_failed_picture_job_gives_all_credits_back(harness: WorkerHarness, kind: ErrorKind) -> None:
    harness.image_provider.polls = Script(
        ImageSnapshot(RemoteState.FAILED, error=ProviderError(kind, "yes", "it failed"))
    )
    async with harness.working():
        job = await imagine(harness)
        await through(harness, job, State.FAILED)
    assert [data for _, data in harness.publisher.told] == [{"reason": str(kind), "provider": "TTAPI", "final": True}]
    assert await harness.used() == 0
    assert harness.image_provider.submits.calls == 1


async def test_a_forbidden_prompt_is_refused_before_anything_is_paid_or_sent(harness: WorkerHarness) -> None:
    harness.image_provider.checks = Script(("gore",))
    async with harness.working():
        job = await imagine(harness)
        failed = await harness.until_state(job, State.FAILED)
    assert (failed.error_code, failed.charged, harness.image_provider.asked) == ("banned_words", False, [])
    assert await harness.used() == 0


async def test_a_prompt_that_its_provider_refuses_afterwards_is_a_strike_once(harness: WorkerHarness) -> None:
    harness.image_provider.submits = Script(ProviderError(ErrorKind.MODERATED_PROMPT, "no"))
    async with harness.working():
        job = await imagine(harness)
        await harness.until_state(job, State.FAILED)
    assert await harness.store.strikes.count(11, "2026-11-18") == 1
    assert await harness.used() == 0


@pytest.mark.parametrize(
    ("kind", "found", "result"),
    [
        (Kind.DESCRIBE, ImageSnapshot(MADE, texts=("a kite", "a sea")), Result(texts=("a kite", "a sea"))),
        (Kind.SEED, ImageSnapshot(MADE, seed="42"), Result(seed="42")),
    ],
)
async def test_a_result_without_pictures_is_delivered(
    harness: WorkerHarness, kind: Kind, found: ImageSnapshot, result: Result
) -> None:
    async with harness.working():
        origin = await parent(harness)
        harness.image_provider.polls = Script(found)
        pictures = (harness.image,) if kind is Kind.DESCRIBE else ()
        params = JobParams("", clips=1, motion=None, images=pictures)
        job = await harness.request(kind, params, parent_job_id=None if pictures else origin.id)
        done = await through(harness, job)
    assert done.result == result
    assert await harness.store.clips.clips(job.id) == []
    assert harness.publisher.delivered == [origin.id, job.id]
    assert await harness.used() == 1 + done.cost


async def test_an_ambiguous_picture_job_is_never_repeated_and_given_back(harness: WorkerHarness) -> None:
    harness.image_provider.submits = Script(ProviderError(ErrorKind.OUTCOME_UNKNOWN, "maybe"))
    async with harness.working():
        job = await imagine(harness)

        def waits(job: Job) -> bool:
            return job.state is State.SUBMITTING and job.lease is None and (job.due_ms or 0) > harness.clock.now

        while (await harness.until(job, lambda job: waits(job) or job.state is State.FAILED)).state is State.SUBMITTING:
            assert await harness.used() == 1
            await harness.advance_until_due(job)
        failed = await harness.get(job)
    assert (failed.finished_ms or 0) - (failed.submitted_ms or 0) >= UNCONFIRMED_GRACE_MS
    assert harness.image_provider.submits.calls == 1
    assert await harness.used() == 0


async def test_pictures_that_stay_incomplete_are_given_up_and_given_back(harness: WorkerHarness) -> None:
    missing = ProviderError(ErrorKind.RESULT_MISSING, "yes")
    harness.image_provider.polls = Script(ImageSnapshot(RemoteState.RUNNING, 100, error=missing))
    async with harness.working():
        job = await imagine(harness)
        await harness.until_state(job, State.RUNNING)
        for tries in range(1, GIVE_UP_TRIES):
            await harness.advance_until_due(job)
            await harness.until_rescheduled(job, tries)
        await harness.advance_until_due(job)
        await harness.until_state(job, State.FAILED)
    assert await harness.used() == 0
