"""Going on from a clip, worked on to its end: by an extend, or by a video that starts at the clip's last frame."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.db.rows import dump
from bot.domain.job import Frame, Job, Kind, State
from bot.domain.params import Motion
from bot.errors import ClipGone, ErrorKind, LostLease, NoLastFrame, ProviderError
from bot.media import Transcoder
from bot.providers.acedata import ACEDATA
from bot.providers.apimart.videos import APIMART
from bot.providers.capabilities import Capabilities, apply_defaults
from bot.providers.cometapi import COMETAPI
from bot.providers.ttapi.videos import TTAPI
from bot.providers.types import RemoteState, Snapshot, Submitted
from bot.services.extends import extend_params
from bot.services.requests import ExtendOptions
from bot.worker.submission import CARD_TRIES
from tests.support.db_fixture import DbFixture
from tests.support.scripted_provider import Gate, Script
from tests.support.worker_harness import MP4, WorkerHarness

LINK = "https://cdn.example/start.jpg"


class ToldTranscoder(Transcoder):
    """Give what a clip ends on without looking."""

    async def last_frame(self, source: Path) -> bytes | None:
        return await asyncio.to_thread(source.read_bytes)


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    async with WorkerHarness.open(tmp_path) as harness:
        harness.transcoder = ToldTranscoder()
        harness.publisher.link = LINK
        yield harness


async def made(harness: WorkerHarness, job: Job) -> Job:
    """Have a job made while a worker runs."""
    await harness.advance_until_due(await harness.until_state(job, State.RUNNING))
    return await harness.until_state(job, State.DONE)


async def film(harness: WorkerHarness) -> Job:
    """Have a film made while a worker runs."""
    return await made(harness, await harness.request_video())


async def extend(harness: WorkerHarness, parent: Job, slot: int = 1, **options: Any) -> Job:
    able = harness.provider.capabilities
    params = apply_defaults(able, extend_params(parent, ExtendOptions(**options), able), Kind.EXTEND)
    harness.provider.submits = Script(Submitted("remote 2"))
    return await harness.request(Kind.EXTEND, params, parent_job_id=parent.id, parent_slot=slot)


@pytest.mark.parametrize(
    ("able", "prompt", "from_last_frame"),
    [
        (TTAPI, None, False),
        (TTAPI, "it sinks", True),
        (ACEDATA, None, False),
        (ACEDATA, "it sinks", False),
        (COMETAPI, None, False),
        (COMETAPI, "it sinks", False),
        (APIMART, None, True),
        (APIMART, "it sinks", True),
    ],
)
async def test_each_provider_goes_on_as_it_can(
    harness: WorkerHarness, able: Capabilities, prompt: str | None, from_last_frame: bool
) -> None:
    harness.provider.capabilities = able
    async with harness.working():
        parent = await film(harness)
        job = await made(harness, await extend(harness, parent, prompt=prompt))
    assert (job.kind, job.cost, await harness.used()) == (Kind.EXTEND, 8, 16)
    if not from_last_frame:
        [request] = harness.provider.extends
        assert (request.parent_ref, request.index, request.prompt) == ("remote 1", 1, prompt or "a paper boat")
        return
    assert harness.provider.extends == []
    request = harness.provider.requests[-1]
    assert (request.prompt, request.clips, request.image_url) == (prompt or "a paper boat", 4, LINK)
    assert request.motion is Motion.LOW
    start = (await harness.store.clips.frames(job.id))["start"]
    assert await harness.media.read(start.media_file) == MP4


async def test_a_clip_that_was_swept_is_fetched_again(harness: WorkerHarness) -> None:
    harness.provider.capabilities = APIMART
    async with harness.working():
        parent = await film(harness)
        await harness.media.remove(f"{parent.id}/2.mp4")
        await made(harness, await extend(harness, parent))
    assert await harness.media.has(f"{parent.id}/2.mp4")


async def lose(harness: WorkerHarness, parent: Job, link: str) -> None:
    """Sweep a film's second clip, and let nothing but a link lead to it."""
    await harness.media.remove(f"{parent.id}/2.mp4")
    async with harness.db.transaction() as tx:
        await tx.fetch("update clip set remote_url = $2 where job_id = $1", parent.id, link)
    harness.provider.polls = Script[Snapshot](ProviderError(ErrorKind.NOT_FOUND, "no"))


async def test_a_clip_that_is_gone_for_good_is_told_once_and_charged_never(harness: WorkerHarness) -> None:
    harness.provider.capabilities = APIMART
    async with harness.working():
        parent = await film(harness)
        await lose(harness, parent, "ftp://nowhere")
        job = await harness.until_state(await extend(harness, parent), State.FAILED)
    assert harness.publisher.told == [(ClipGone.code, {"parent": parent.id, "clip": 2, "final": True})]
    assert (await harness.used(), job.charged, len(harness.provider.requests)) == (8, False, 1)


async def test_a_clip_that_cannot_be_had_just_now_is_tried_again(harness: WorkerHarness) -> None:
    harness.provider.capabilities = APIMART
    async with harness.working():
        parent = await film(harness)
        await lose(harness, parent, "http://127.0.0.1:1/2.mp4")
        job = await harness.until_rescheduled(await extend(harness, parent), 1)
        assert job.state is State.RECEIVED
        async with harness.db.transaction() as tx:
            await tx.fetch("update clip set remote_url = $2 where job_id = $1", parent.id, harness.clips[1])
        harness.provider.polls = Script(Snapshot(RemoteState.SUCCEEDED, 100, harness.clips))
        await harness.advance_until_due(job)
        await made(harness, job)


@pytest.mark.slow  # a process reads clips
async def test_a_clip_that_cannot_be_read_is_told_once_and_charged_never(harness: WorkerHarness) -> None:
    harness.provider.capabilities = APIMART
    harness.transcoder = Transcoder()
    async with harness.working():
        # What the host serves only looks like a film.
        parent = await film(harness)
        await harness.until_state(await extend(harness, parent), State.FAILED)
    assert harness.publisher.told == [(NoLastFrame.code, {"parent": parent.id, "clip": 2, "read": True})]
    assert await harness.used() == 8


async def charged_before(harness: WorkerHarness, parent: Job) -> Job:
    """Write down an extend that is charged as if its parent were still to be made: it has no start image yet."""
    job = await extend(harness, parent)
    async with harness.db.transaction() as tx:
        await tx.fetch(
            "update job set state = 'queued', due_ms = null, period = 'never', cost = 0 where id = $1", job.id
        )
    harness.wake()
    return job


async def test_an_extend_that_was_charged_before_its_parent_was_made_finds_its_frame_when_it_is_sent(
    harness: WorkerHarness,
) -> None:
    harness.provider.capabilities = APIMART
    async with harness.working():
        parent = await film(harness)
    job = await charged_before(harness, parent)
    assert await harness.store.clips.frames(job.id) == {}
    async with harness.working():
        await made(harness, job)
    assert await harness.store.clips.frames(job.id) == {"start": Frame(job.id, "start", f"{parent.id}/2.last.jpg")}
    assert harness.provider.requests[-1].image_url == LINK


async def test_such_an_extend_waits_for_a_clip_and_is_not_sent_without_it(harness: WorkerHarness) -> None:
    harness.provider.capabilities = APIMART
    async with harness.working():
        parent = await film(harness)
    await lose(harness, parent, "http://127.0.0.1:1/2.mp4")
    job = await charged_before(harness, parent)
    async with harness.working():
        for tries in (1, 2, 3):
            waiting = await harness.until_rescheduled(job, tries)
            assert waiting.state is State.QUEUED
            await harness.advance_until_due(job)
        await harness.until_state(job, State.FAILED)
    assert harness.publisher.told == [(ClipGone.code, {"parent": parent.id, "clip": 2, "final": False})]
    assert len(harness.provider.requests) == 1


async def with_a_card(harness: WorkerHarness, parent: Job, tries: int = 0) -> Job:
    """Write down an extend that waits to be sent for the given time, and whose card does not carry its image."""
    harness.publisher.link = None
    job = await charged_before(harness, parent)
    async with harness.db.transaction() as tx:
        await tx.fetch("update job set message_id = 7, tries = $2 where id = $1", job.id, tries)
    return job


async def test_a_job_whose_card_does_not_show_its_last_frame_yet_waits_for_that(harness: WorkerHarness) -> None:
    harness.provider.capabilities = APIMART
    async with harness.working():
        parent = await film(harness)
    job = await with_a_card(harness, parent)
    async with harness.working():
        waiting = await harness.until_rescheduled(job, 1)
        assert (waiting.state, waiting.client_token) == (State.QUEUED, None)
        harness.publisher.link = LINK
        await harness.advance_until_due(waiting)
        await made(harness, job)
    assert harness.provider.requests[-1].image_url == LINK


async def test_a_job_without_a_card_waits_for_no_last_frame_on_it(harness: WorkerHarness) -> None:
    harness.provider.capabilities = APIMART
    async with harness.working():
        parent = await film(harness)
        harness.publisher.link = None
        failed = await harness.until_state(await extend(harness, parent), State.FAILED)
    assert (failed.error_data or {})["reason"] == ErrorKind.BAD_IMAGE_LINK


async def test_a_card_that_never_shows_a_last_frame_is_not_waited_for_without_end(harness: WorkerHarness) -> None:
    harness.provider.capabilities = APIMART
    async with harness.working():
        parent = await film(harness)
    job = await with_a_card(harness, parent, CARD_TRIES)
    async with harness.working():
        failed = await harness.until_state(job, State.FAILED)
    assert (failed.error_data or {})["reason"] == ErrorKind.BAD_IMAGE_LINK
    assert len(harness.provider.requests) == 1


async def test_a_provider_that_finds_nothing_at_its_address_says_nothing_of_a_last_frame(
    harness: WorkerHarness,
) -> None:
    harness.provider.capabilities = APIMART
    async with harness.working():
        parent = await film(harness)
        job = await extend(harness, parent)
        harness.provider.submits = Script[Submitted](ProviderError(ErrorKind.NOT_FOUND, "no"))
        failed = await harness.until_state(job, State.FAILED)
    # Whoever goes on from what the provider made would be told that this is gone.
    assert (failed.error_data or {})["reason"] == ErrorKind.BAD_RESPONSE


def fixture(harness: WorkerHarness) -> DbFixture:
    return DbFixture(harness.db, harness.store, harness.clock.now)


async def two_shots(harness: WorkerHarness) -> tuple[Job, Job]:
    """Let two shots wait, of which the second starts where the first ends."""
    db = fixture(harness)
    one, two = await db.queued_shots(2)
    params = dump(replace(two.params, from_last_frame=True, image=None).to_json())
    await db.db_write("update job set params = $2 where id = $1", two.id, params)
    return one, two


class LookingTranscoder(ToldTranscoder):
    """See whether a clip is written down as kept when it is asked what that ends on."""

    def __init__(self, harness: WorkerHarness, job: Job) -> None:
        super().__init__()
        self._harness = harness
        self._job = job
        self.kept: list[bool] = []

    async def last_frame(self, source: Path) -> bytes | None:
        (clip,) = await self._harness.store.clips.clips(self._job.id)
        self.kept.append(clip.media_file is not None)
        return await super().last_frame(source)


@pytest.mark.slow  # a process reads clips
async def test_a_shot_finds_its_frame_made_before_it_may_be_sent_and_waits_for_the_card_to_show_it(
    harness: WorkerHarness,
) -> None:
    harness.provider.capabilities = APIMART
    one, two = await two_shots(harness)
    harness.transcoder = looking = LookingTranscoder(harness, one)
    uploading = Gate(answer=True)
    harness.publisher.deliveries = Script(uploading, True)
    async with harness.working():
        await harness.advance_until_due(await harness.until_state(one, State.RUNNING))
        async with asyncio.timeout(20):
            await uploading.reached.wait()
        assert await harness.store.clips.frames(two.id) == {"start": Frame(two.id, "start", f"{one.id}/1.last.jpg")}
        (clip,) = await harness.store.clips.clips(one.id)
        assert clip.media_file is not None
        assert await harness.store.queue.next_in_line("ttapi", 100, 100, harness.clock.now) == []
        harness.provider.submits = Script(Submitted("remote 2"))
        uploading.open()
        await made(harness, two)
    assert looking.kept == [False]
    assert harness.provider.requests[-1].image_url == LINK


@pytest.mark.slow  # a process reads clips
async def test_a_shot_whose_frame_could_not_be_made_with_the_clip_makes_it_when_it_is_sent(
    harness: WorkerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness.provider.capabilities = APIMART
    one, two = await two_shots(harness)
    tried: list[Path] = []

    async def fail_once(source: Path) -> bytes | None:
        tried.append(source)
        if len(tried) == 1:
            raise BlockingIOError("no process can be begun")
        return MP4

    monkeypatch.setattr(harness.transcoder, "last_frame", fail_once)
    async with harness.working():
        await harness.advance_until_due(await harness.until_state(one, State.RUNNING))
        harness.provider.submits = Script(Submitted("remote 2"))
        await made(harness, two)
    assert len(tried) == 2


async def test_a_job_whose_process_stopped_before_its_frame_was_there_is_sent_after_all(harness: WorkerHarness) -> None:
    harness.provider.capabilities = APIMART
    async with harness.working():
        parent = await film(harness)
    job = await charged_before(harness, parent)
    (stopped,) = await fixture(harness).admit(job, lease="a process that is gone")
    assert stopped.state is State.SUBMITTING
    async with harness.working():
        await made(harness, job)
    assert len(harness.provider.requests) == 2
    assert harness.publisher.told == []


async def test_who_makes_a_frame_too_slowly_to_keep_the_job_sends_nothing(harness: WorkerHarness) -> None:
    harness.provider.capabilities = APIMART
    async with harness.working():
        parent = await film(harness)
    job = await charged_before(harness, parent)
    with harness.names.hold() as name:
        (slow,) = await fixture(harness).admit(job, lease=name)
        await fixture(harness).db_write("update job set epoch = epoch + 1 where id = $1", job.id)
        with pytest.raises(LostLease):
            await harness.provider_requests().send(harness.provider, slow, None)
    assert await harness.store.clips.frames(job.id) == {}
    assert len(harness.provider.requests) == 1
