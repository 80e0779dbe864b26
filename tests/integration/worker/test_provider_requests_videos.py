"""What a film starts from: a picture that the provider drew itself by its id and number, any other by a link."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.job import Job, Kind, State
from bot.domain.params import ImageUpload, JobImageRef, JobParams, ProviderImageRef
from bot.errors import ErrorKind, ProviderError
from bot.media import Downloader
from bot.providers.types import Submitted, VideoRequest
from tests.support.scripted_provider import Script, ScriptedProvider
from tests.support.worker_harness import WorkerHarness

OPTION = "https://cdn.example/phone.jpg"
LINK = "https://cdn.example/start.jpg"
OWN = replace(ScriptedProvider.capabilities, provider_images=True)
NOT_FOUND = ProviderError(ErrorKind.NOT_FOUND, "no")


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncGenerator[WorkerHarness]:
    """Open a harness whose provider draws pictures and starts films from them."""
    async with WorkerHarness.open(tmp_path) as harness:
        harness.provider.capabilities = OWN
        harness.publisher.link = LINK
        yield harness


async def image_job(harness: WorkerHarness, kind: Kind = Kind.IMAGINE, pictures: int = 4, came: int = 4) -> Job:
    """Write pictures down that the provider knows as "grid", of which some came."""
    job = await harness.request(kind, JobParams("a red kite", clips=pictures, motion=None))
    async with harness.db.transaction() as tx:
        await tx.fetch("update job set state = 'done', remote_id = 'grid', due_ms = null where id = $1", job.id)
        for slot in range(came):
            await tx.fetch(
                "insert into clip (job_id, slot, remote_url, media_file) values ($1, $2, 'https://cdn.example', $3)",
                job.id,
                slot,
                await harness.media.keep(f"{job.id}/{slot + 1}.png", b"a picture"),
            )
    return job


async def film(harness: WorkerHarness, picture: Job, place: str = "3") -> Job:
    return await harness.request(Kind.VIDEO, JobParams("it rises", job_image=JobImageRef(picture.id, place)))


async def sent(harness: WorkerHarness, job: Job) -> VideoRequest:
    """Send a job, and give the last that the provider was asked."""
    await harness.provider_requests().send(harness.provider, replace(job, client_token="token"), None)
    return harness.provider.requests[-1]


@pytest.mark.parametrize(("place", "index"), [("start", 0), ("1", 0), ("3", 2), ("4", 3)])
async def test_a_picture_of_its_own_is_named_by_its_task_and_number(
    harness: WorkerHarness, place: str, index: int
) -> None:
    request = await sent(harness, await film(harness, await image_job(harness), place))
    assert (request.provider_image, request.image_url) == (ProviderImageRef("grid", index), None)
    assert len(harness.provider.requests) == 1


async def test_a_provider_that_cannot_reuse_its_tasks_is_given_a_link(harness: WorkerHarness) -> None:
    harness.provider.capabilities = replace(OWN, provider_images=False)
    request = await sent(harness, await film(harness, await image_job(harness)))
    assert (request.provider_image, request.image_url) == (None, LINK)


async def test_another_providers_picture_is_given_by_a_link(harness: WorkerHarness) -> None:
    job = await film(harness, await image_job(harness))
    harness.provider.name = "apimart"
    request = await sent(harness, replace(job, provider="apimart"))
    assert (request.provider_image, request.image_url) == (None, LINK)


@pytest.mark.parametrize(
    ("kind", "pictures", "came"),
    [(Kind.ACTION, 1, 1), (Kind.ACTION, 4, 4), (Kind.REGION, 4, 4), (Kind.BLEND, 4, 4), (Kind.IMAGINE, 4, 3)],
    ids=["an upscale", "variations", "a redrawn part", "a blend", "fewer than asked for"],
)
async def test_only_a_whole_imagine_task_is_documented_to_be_reused(
    harness: WorkerHarness, kind: Kind, pictures: int, came: int
) -> None:
    request = await sent(harness, await film(harness, await image_job(harness, kind, pictures, came), "1"))
    assert (request.provider_image, request.image_url) == (None, LINK)


async def test_the_start_of_a_film_is_given_by_a_link(harness: WorkerHarness) -> None:
    request = await sent(harness, await film(harness, await harness.request_video(), "start"))
    assert (request.provider_image, request.image_url) == (None, LINK)


async def test_a_task_that_its_provider_does_not_know_any_more_gives_way_to_the_link(harness: WorkerHarness) -> None:
    harness.provider.submits = Script[Submitted](NOT_FOUND, Submitted("remote 1"))
    request = await sent(harness, await film(harness, await image_job(harness)))
    assert (request.provider_image, request.image_url) == (None, LINK)
    assert [one.provider_image for one in harness.provider.requests] == [ProviderImageRef("grid", 2), None]
    assert len(set(harness.provider.tokens)) == 2


@pytest.mark.parametrize(
    "error", [ProviderError(ErrorKind.RATE_LIMITED, "no"), ProviderError(ErrorKind.NOT_FOUND, "maybe")]
)
async def test_no_other_answer_is_followed_by_a_second_request(harness: WorkerHarness, error: ProviderError) -> None:
    harness.provider.submits = Script[Submitted](error)
    with pytest.raises(ProviderError):
        await sent(harness, await film(harness, await image_job(harness)))
    assert harness.provider.submits.calls == 1


async def test_an_end_image_by_its_address_is_fetched_kept_and_given_by_the_cards_own_link(
    harness: WorkerHarness,
) -> None:
    linked = replace(harness.image, filename="picture", size=0)
    async with harness.working():
        job = await harness.request(Kind.VIDEO, JobParams("it rises", image=harness.image, end_image=linked))
        await harness.until_state(job, State.RUNNING)
    kept = (await harness.store.clips.frames(job.id))["end"]
    assert await harness.media.has(kept.media_file)
    [request] = harness.provider.requests
    # The picture at the member's address may be another one by now.
    assert (request.image_url, request.end_url) == (harness.image.url, LINK)


@pytest.mark.parametrize(
    ("address", "problem"),
    [("https://127.0.0.1/a.png", "forbidden_address"), ("https://10.0.0.1/a.png", "forbidden_address")],
)
async def test_an_end_image_by_its_address_is_not_fetched_from_everywhere(
    harness: WorkerHarness, address: str, problem: str
) -> None:
    async with Downloader(allow_private=False) as guarded:
        harness.downloader = guarded
        linked = replace(harness.image, url=address, size=0)
        async with harness.working():
            job = await harness.request(Kind.VIDEO, JobParams("it rises", job_image=None, end_image=linked))
            failed = await harness.until_state(job, State.FAILED)
    assert failed.error_code == "bad_picture"
    assert failed.error_data is not None
    assert (failed.error_data["problem"], failed.error_data["role"]) == (problem, "link")
    assert harness.provider.requests == []
    assert await harness.used() == 0


async def test_a_film_that_goes_to_another_provider_takes_the_link_there(harness: WorkerHarness) -> None:
    other = ScriptedProvider(harness.clips)
    other.name, other.title, other.capabilities = "acedata", "AceData", OWN
    harness.providers[other.name] = other
    harness.provider.submits = Script[Submitted](ProviderError(ErrorKind.QUEUE_FULL, "no"))
    picture = await image_job(harness)
    async with harness.working():
        job = await film(harness, picture)
        moved = await harness.until_state(job, State.RUNNING)
    assert moved.provider == "acedata"
    assert [request.provider_image for request in harness.provider.requests] == [ProviderImageRef("grid", 2)]
    assert [(request.provider_image, request.image_url) for request in other.requests] == [(None, LINK)]
    assert await harness.used() == 8


@pytest.mark.parametrize(
    ("kept", "link"), [("start.scaled.jpg", LINK), ("start.png", OPTION)], ids=["scaled", "as it is"]
)
async def test_a_picture_that_was_scaled_down_is_given_as_the_card_shows_it(
    harness: WorkerHarness, kept: str, link: str
) -> None:
    image = ImageUpload(OPTION, "phone.jpg", 100)
    job = await harness.request(Kind.VIDEO, JobParams("it rises", image=image, end_image=image))
    async with harness.db.transaction() as tx:
        for role in ("start", "end"):
            frame = "insert into frame (job_id, role, media_file) values ($1, $2, $3)"
            await tx.fetch(frame, job.id, role, f"{job.id}/{kept}")
    request = await sent(harness, job)
    assert (request.image_url, request.end_url) == (link, link)
