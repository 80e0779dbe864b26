"""Pictures on the same bench as films: drawn, cut, delivered, paid for together, given back together."""

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
from tests.support.scripted_provider import Script
from tests.support.worker_harness import COLOURS, HEIGHT, WIDTH, Bench, drawn

MADE = RemoteState.SUCCEEDED
KITE = JobParams("a red kite --ar 16:9", motion=None)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncGenerator[Bench]:
    async with Bench.open(tmp_path) as bench:
        yield bench


async def imagine(bench: Bench) -> Job:
    return await bench.ask_for(Kind.IMAGINE, KITE)


async def parent(bench: Bench) -> Job:
    """Let four pictures be made that something can be done with."""
    job = await imagine(bench)
    await through(bench, job)
    bench.maker.submits = Script(Submitted("picture 2"))
    return await bench.get(job)


async def through(bench: Bench, job: Job, end: State = State.DONE) -> Job:
    await bench.until_state(job, State.RUNNING)
    await bench.turn_to_due(job)
    return await bench.until_state(job, end)


async def kept(bench: Bench, job: Job) -> list[bytes]:
    return [await bench.media.read(clip.media_file or "") for clip in await bench.store.clips.clips(job.id)]


def colour_of(picture: bytes) -> tuple[str, tuple[int, int]]:
    with Image.open(BytesIO(picture)) as image:
        names = {Image.new("RGB", (1, 1), name).getpixel((0, 0)): name for name in COLOURS}
        corners = {image.convert("RGB").getpixel((x, y)) for x in (0, image.width - 1) for y in (0, image.height - 1)}
        [corner] = corners
        return names[corner], image.size


async def test_four_pictures_go_all_the_way(bench: Bench) -> None:
    found = ImageSnapshot(MADE, 100, bench.grid, bench.images, ("upsample1",), seed="7", width=128, cost="3")
    bench.maker.polls = Script(found)
    async with bench.working():
        job = await imagine(bench)
        running = await bench.until_state(job, State.RUNNING)
        assert (running.remote_id, running.cost, running.charged) == ("picture 1", 1, True)
        await bench.turn_to_due(job)
        done = await bench.until_state(job, State.DONE)
    [asked] = bench.maker.asked
    assert isinstance(asked, ImagineRequest)
    assert (asked.prompt, asked.client_token) == ("a red kite --ar 16:9", running.client_token)
    assert bench.provider.submits.calls == bench.provider.polls.calls == 0
    assert bench.maker.checked == ["a red kite --ar 16:9"]
    assert done.result == Result(("upsample1",), (), "7", 128)
    assert done.provider_cost == "3"
    assert await kept(bench, job) == [drawn([colour]) for colour in COLOURS]
    assert bench.publisher.delivered == [job.id]
    assert await bench.used() == 1


async def test_a_grid_alone_is_cut_into_its_four_pictures(bench: Bench) -> None:
    bench.maker.polls = Script(ImageSnapshot(MADE, grid=bench.grid))
    async with bench.working():
        job = await imagine(bench)
        await through(bench, job)
    clips = await bench.store.clips.clips(job.id)
    assert [clip.remote_url for clip in clips] == [f"{bench.grid}{tile}" for tile in TILES]
    assert [colour_of(picture) for picture in await kept(bench, job)] == [(name, (WIDTH, HEIGHT)) for name in COLOURS]
    assert await bench.used() == 1


async def test_an_upscaled_picture_stays_whole(bench: Bench) -> None:
    async with bench.working():
        origin = await parent(bench)
        bench.maker.polls = Script(ImageSnapshot(MADE, grid=bench.grid))
        params = JobParams("a red kite", clips=1, motion=None, action="upsample2")
        job = await bench.ask_for(Kind.ACTION, params, parent_job_id=origin.id)
        await through(bench, job)
    assert await kept(bench, job) == [drawn(COLOURS)]
    assert await bench.used() == 2


async def test_a_grid_that_cannot_be_cut_is_given_as_it_is_at_the_provider(bench: Bench) -> None:
    bench.maker.polls = Script(ImageSnapshot(MADE, grid=bench.grid.replace("grid", "dot")))
    async with bench.working():
        job = await imagine(bench)
        await through(bench, job)
    assert [clip.media_file for clip in await bench.store.clips.clips(job.id)] == [None] * 4
    assert bench.publisher.delivered == [job.id]


@pytest.mark.parametrize("pictures", [1, 2, 3])
async def test_fewer_pictures_cost_as_much_as_four(bench: Bench, pictures: int) -> None:
    bench.maker.polls = Script(ImageSnapshot(MADE, images=bench.images[:pictures]))
    async with bench.working():
        job = await imagine(bench)
        await through(bench, job)
    assert len(await kept(bench, job)) == pictures
    assert await bench.used() == 1


@pytest.mark.parametrize("kind", [ErrorKind.UPSTREAM, ErrorKind.MODERATED_PROMPT, ErrorKind.JOB_TIMEOUT])
async def test_a_failed_picture_job_gives_all_credits_back(bench: Bench, kind: ErrorKind) -> None:
    bench.maker.polls = Script(ImageSnapshot(RemoteState.FAILED, error=ProviderError(kind, "yes", "it failed")))
    async with bench.working():
        job = await imagine(bench)
        await through(bench, job, State.FAILED)
    assert [data for _, data in bench.publisher.told] == [{"reason": str(kind), "provider": "TTAPI", "final": True}]
    assert await bench.used() == 0
    assert bench.maker.submits.calls == 1


async def test_a_forbidden_prompt_is_refused_before_anything_is_paid_or_sent(bench: Bench) -> None:
    bench.maker.checks = Script(("gore",))
    async with bench.working():
        job = await imagine(bench)
        failed = await bench.until_state(job, State.FAILED)
    assert (failed.error_code, failed.charged, bench.maker.asked) == ("banned_words", False, [])
    assert await bench.used() == 0


async def test_a_prompt_that_its_provider_refuses_afterwards_is_a_strike_once(bench: Bench) -> None:
    bench.maker.submits = Script(ProviderError(ErrorKind.MODERATED_PROMPT, "no"))
    async with bench.working():
        job = await imagine(bench)
        await bench.until_state(job, State.FAILED)
    assert await bench.store.strikes.count(11, "2026-11-18") == 1
    assert await bench.used() == 0


@pytest.mark.parametrize(
    ("kind", "found", "result"),
    [
        (Kind.DESCRIBE, ImageSnapshot(MADE, texts=("a kite", "a sea")), Result(texts=("a kite", "a sea"))),
        (Kind.SEED, ImageSnapshot(MADE, seed="42"), Result(seed="42")),
    ],
)
async def test_a_result_without_pictures_is_delivered(
    bench: Bench, kind: Kind, found: ImageSnapshot, result: Result
) -> None:
    async with bench.working():
        origin = await parent(bench)
        bench.maker.polls = Script(found)
        pictures = (bench.image,) if kind is Kind.DESCRIBE else ()
        params = JobParams("", clips=1, motion=None, images=pictures)
        job = await bench.ask_for(kind, params, parent_job_id=None if pictures else origin.id)
        done = await through(bench, job)
    assert done.result == result
    assert await bench.store.clips.clips(job.id) == []
    assert bench.publisher.delivered == [origin.id, job.id]
    assert await bench.used() == 1 + done.cost


async def test_an_ambiguous_picture_job_is_never_repeated_and_given_back(bench: Bench) -> None:
    bench.maker.submits = Script(ProviderError(ErrorKind.OUTCOME_UNKNOWN, "maybe"))
    async with bench.working():
        job = await imagine(bench)

        def waits(job: Job) -> bool:
            return job.state is State.SUBMITTING and job.lease is None and (job.due_ms or 0) > bench.clock.now

        while (await bench.until(job, lambda job: waits(job) or job.state is State.FAILED)).state is State.SUBMITTING:
            assert await bench.used() == 1
            await bench.turn_to_due(job)
        failed = await bench.get(job)
    assert (failed.finished_ms or 0) - (failed.submitted_ms or 0) >= UNCONFIRMED_GRACE_MS
    assert bench.maker.submits.calls == 1
    assert await bench.used() == 0


async def test_pictures_that_stay_incomplete_are_given_up_and_given_back(bench: Bench) -> None:
    missing = ProviderError(ErrorKind.RESULT_MISSING, "yes")
    bench.maker.polls = Script(ImageSnapshot(RemoteState.RUNNING, 100, error=missing))
    async with bench.working():
        job = await imagine(bench)
        await bench.until_state(job, State.RUNNING)
        for tries in range(1, GIVE_UP_TRIES):
            await bench.turn_to_due(job)
            await bench.until_given_back(job, tries)
        await bench.turn_to_due(job)
        await bench.until_state(job, State.FAILED)
    assert await bench.used() == 0
