"""A finished result's link may fail for a while: nothing that was paid for is given up before the grace is over."""

from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest
from aiohttp import web

from bot.domain.job import Job, Kind, State
from bot.domain.params import JobParams, Speed
from bot.errors import ImageProblem
from bot.media import split_grid
from bot.media.image_process import ImageProcessEnded, image_process
from bot.providers.images import ImageSnapshot
from bot.providers.types import RemoteState, Snapshot
from tests.support.file_hosts import host, png
from tests.support.scripted_provider import Script
from tests.support.worker_harness import GRACE_MS, MP4, WorkerHarness

GOOD = web.Response
FILES = {"mp4": MP4, "png": png()}


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        yield harness


class Results:
    """Serve results badly a number of times, then well."""

    def __init__(self, status: int, body: bytes, times: int) -> None:
        self.asked = 0
        self._bad = status, body
        self._times = times

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        if self.asked <= self._times:
            return web.Response(status=self._bad[0], body=self._bad[1])
        return web.Response(body=FILES[request.path.rpartition(".")[2]])


async def film(harness: WorkerHarness, url: str) -> Job:
    harness.provider.polls = Script(Snapshot(RemoteState.SUCCEEDED, 100, (f"{url}/0.mp4",), "remote 1"))
    return await harness.request_video(clips=1)


async def picture(harness: WorkerHarness, url: str) -> Job:
    found = ImageSnapshot(RemoteState.SUCCEEDED, 100, grid=f"{url}/0.png")
    harness.image_provider.polls = Script(found)
    return await harness.request(Kind.IMAGINE, JobParams("a boat", clips=1, speed=Speed.FAST))


async def made(harness: WorkerHarness, job: Job) -> Job:
    """Let a job be made, and its result be fetched for the first time."""
    await harness.until_state(job, State.RUNNING)
    await harness.advance_until_due(job)
    return await harness.until(job, lambda job: job.lease is None and (job.tries > 0 or job.state is State.DONE))


FAILING = [(404, b""), (403, b"no"), (410, b""), (500, b""), (200, b""), (200, b"<html>please wait</html>"), (204, b"")]


@pytest.mark.parametrize("ask", [film, picture], ids=["clip", "picture"])
@pytest.mark.parametrize(("status", "body"), FAILING)
async def test_a_fresh_link_that_fails_at_first_gives_nothing_up(
    harness: WorkerHarness, ask: object, status: int, body: bytes
) -> None:
    results = Results(status, body, times=3)
    async with host(results.answer) as url, harness.working():
        job = await (film if ask is film else picture)(harness, url)
        waiting = await made(harness, job)
        assert (waiting.state, waiting.fetch_until_ms) == (State.READY, harness.clock.now + GRACE_MS)
        for tries in (2, 3):
            await harness.advance_until_due(job)
            await harness.until_rescheduled(job, tries)
        await harness.advance_until_due(job)
        ended = await harness.until_state(job, State.DONE)
    assert results.asked == 4
    assert (ended.error_code, ended.fetch_until_ms) == (None, None)
    (clip,) = await harness.store.clips.clips(job.id)
    assert clip.media_file is not None


async def test_a_link_that_never_works_is_tried_until_the_grace_is_over(harness: WorkerHarness) -> None:
    results = Results(404, b"", times=1000)
    async with host(results.answer) as url, harness.working():
        job = await film(harness, url)
        await made(harness, job)
        began = harness.clock.now
        while (await harness.get(job)).state is State.READY:
            tries = (await harness.get(job)).tries
            await harness.advance_until_due(job)
            await harness.until(
                job,
                lambda job, tries=tries: job.lease is None and (job.tries > tries or job.state is State.DONE),
            )
    assert harness.clock.now - began == GRACE_MS
    assert 8 <= results.asked <= 12
    ended = await harness.get(job)
    assert (ended.undelivered, ended.error_code) == (1, None)
    assert await harness.used() == 2


async def test_pictures_are_not_given_up_when_the_process_that_cuts_them_is_killed(
    harness: WorkerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, killed = image_process.run, list[str]()

    def run_or_die(work: Callable[..., object], *args: object) -> object:
        if work is split_grid and not killed:
            killed.append(work.__name__)
            raise ImageProcessEnded(ImageProblem.BROKEN)
        return run(work, *args)

    monkeypatch.setattr(image_process, "run", run_or_die)
    harness.image_provider.polls = Script(ImageSnapshot(RemoteState.SUCCEEDED, 100, grid=harness.grid))
    async with harness.working():
        job = await harness.request(Kind.IMAGINE, JobParams("a boat", speed=Speed.FAST))
        assert (await made(harness, job)).state is State.READY
        await harness.advance_until_due(job)
        await harness.until_state(job, State.DONE)
    assert None not in [clip.media_file for clip in await harness.store.clips.clips(job.id)]


@pytest.mark.parametrize(
    ("ask", "body"), [(film, png()), (film, b"RIFF\0\0\0\0WEBPVP8 "), (picture, MP4), (picture, b"%PDF-1.7\n")]
)
async def test_what_can_never_become_a_result_is_not_waited_for(
    harness: WorkerHarness, ask: object, body: bytes
) -> None:
    results = Results(200, body, times=1000)
    async with host(results.answer) as url, harness.working():
        job = await (film if ask is film else picture)(harness, url)
        ended = await made(harness, job)
    assert (ended.state, ended.undelivered, results.asked) == (State.DONE, 1, 1)


async def test_a_job_that_is_shown_again_has_a_grace_of_its_own(harness: WorkerHarness) -> None:
    results = Results(404, b"", times=1000)
    async with host(results.answer) as url, harness.working():
        job = await film(harness, url)
        await made(harness, job)
        harness.advance(GRACE_MS)
        await harness.until_state(job, State.DONE)
        harness.advance(3_600_000)
        shown = await harness.store.history.show_again(
            job.id, channel_id=5, message_id=7, token="t", until_ms=0, file_limit=9, now=harness.clock.now
        )
        assert shown is not None
        harness.wake()
        waiting = await harness.until(job, lambda job: job.lease is None and job.tries > 0)
        assert (waiting.state, waiting.fetch_until_ms) == (State.READY, harness.clock.now + GRACE_MS)


async def test_a_grace_that_a_wrong_clock_wrote_is_over(harness: WorkerHarness) -> None:
    results = Results(404, b"", times=1000)
    async with host(results.answer) as url:
        async with harness.working():
            job = await film(harness, url)
            await made(harness, job)
        harness.clock.now -= 6 * 3_600_000
        async with harness.working():
            ended = await harness.until_state(job, State.DONE)
    assert (ended.undelivered, results.asked) == (1, 2)
