"""Clips whose files are gone here are had again: from the message that shows them, else from their provider."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.domain.job import Clip, Job, Kind
from bot.domain.params import JobParams
from bot.errors import ClipGone, ErrorKind, MediaFull, ProviderError
from bot.media import FileStore
from bot.providers.types import RemoteState, Snapshot
from bot.services.clip_files import ClipFiles
from tests.support.db_fixture import DbFixture
from tests.support.file_hosts import MP4, answering, host
from tests.support.scripted_provider import Script
from tests.unit.services.conftest import Services


@pytest.fixture
async def link() -> AsyncGenerator[str]:
    """Give a link that leads to a clip."""
    async with host(answering(MP4)) as link:
        yield link


@pytest.fixture
async def dead_link() -> AsyncGenerator[str]:
    """Give a link that leads to nothing any more."""
    async with host(answering(b"gone", 404)) as link:
        yield link


async def film(db: DbFixture, remote_url: str) -> Job:
    """Give a finished film whose first clip was swept."""
    job = await db.done()
    await db.db_write("update clip set remote_url = $2, media_file = $3 where job_id = $1", job.id, remote_url, "1.mp4")
    return job


async def kept(db: DbFixture, services: Services, job: Job) -> bytes:
    clip = (await db.store.clips.clips(job.id))[0]
    assert (clip.media_file, clip.bytes) == (f"{job.id}/1.mp4", len(MP4))
    return await services.media.read(f"{job.id}/1.mp4")


async def test_a_clip_that_is_here_is_not_fetched(db: DbFixture, services: Services, dead_link: str) -> None:
    job = await film(db, dead_link)
    name = await services.media.keep(f"{job.id}/1.mp4", b"film")
    await db.store.clips.set_file(job.id, 0, name, 4)
    assert await services.clip_files.bring_back(job.id, 0) == name
    assert await services.media.read(name) == b"film"


async def test_the_message_that_shows_it_is_asked_first(
    db: DbFixture, services: Services, link: str, dead_link: str
) -> None:
    job = await film(db, dead_link)
    asked: list[tuple[str, int]] = []

    async def shown(of: Job, clip: Clip) -> str:
        asked.append((of.id, clip.slot))
        return link

    services.clip_files.find_on_cards(shown)
    assert await services.clip_files.bring_back(job.id, 0) == f"{job.id}/1.mp4"
    assert await kept(db, services, job) == MP4
    assert asked == [(job.id, 0)]
    assert services.provider.polls.calls == 0


async def test_then_the_link_that_is_known(db: DbFixture, services: Services, link: str) -> None:
    job = await film(db, link)
    await services.clip_files.bring_back(job.id, 0)
    assert await kept(db, services, job) == MP4
    assert services.provider.polls.calls == 0


async def test_then_its_provider_for_a_fresh_one(db: DbFixture, services: Services, link: str, dead_link: str) -> None:
    job = await film(db, dead_link)
    services.provider.polls = Script(Snapshot(RemoteState.SUCCEEDED, 100, (link,)))
    await services.clip_files.bring_back(job.id, 0)
    assert await kept(db, services, job) == MP4


async def test_a_clip_that_nobody_has_is_gone_for_good(db: DbFixture, services: Services, dead_link: str) -> None:
    job = await film(db, dead_link)
    for answer in (
        Snapshot(RemoteState.SUCCEEDED, 100, (dead_link,)),
        Snapshot(RemoteState.FAILED),
        ProviderError(ErrorKind.NOT_FOUND, "no"),
    ):
        services.provider.polls = Script[Snapshot](answer)
        with pytest.raises(ClipGone) as caught:
            await services.clip_files.bring_back(job.id, 0)
        assert caught.value.data == {"parent": job.id, "clip": 1, "final": True}


async def test_a_clip_that_somebody_may_have_in_a_while_is_not_given_up(
    db: DbFixture, services: Services, dead_link: str
) -> None:
    nobody_listens = "http://127.0.0.1:1/1.mp4"
    services.provider.polls = Script(Snapshot(RemoteState.SUCCEEDED, 100))
    with pytest.raises(ClipGone) as caught:
        await services.clip_files.bring_back((await film(db, nobody_listens)).id, 0)
    assert not caught.value.final
    services.provider.polls = Script[Snapshot](ProviderError(ErrorKind.UNREACHABLE, "no"))
    with pytest.raises(ClipGone) as caught:
        await services.clip_files.bring_back((await film(db, dead_link)).id, 0)
    assert not caught.value.final


async def test_what_is_no_clip_is_fetched_from_nowhere(db: DbFixture, services: Services, link: str) -> None:
    images = await db.done(kind=Kind.IMAGINE, params=JobParams("a kite", motion=None))
    job = await film(db, link)
    for job_id, slot in (("nojob", 0), (job.id, 4), (images.id, 0)):
        with pytest.raises(ClipGone) as caught:
            await services.clip_files.bring_back(job_id, slot)
        assert caught.value.clip == slot + 1


async def test_two_that_want_the_same_clip_at_once_both_have_it(db: DbFixture, services: Services, link: str) -> None:
    job = await film(db, link)
    names = await asyncio.gather(*(services.clip_files.bring_back(job.id, 0) for _ in range(2)))
    assert names == [f"{job.id}/1.mp4"] * 2
    assert await kept(db, services, job) == MP4


async def test_where_there_is_no_room_nothing_is_fetched(
    db: DbFixture, services: Services, link: str, tmp_path: Path
) -> None:
    job = await film(db, link)
    full = FileStore(tmp_path / "full", most_bytes=1)
    await full.keep("other/1.mp4", b"film")
    with pytest.raises(MediaFull):
        await ClipFiles(db.store, full, services.downloader, {}).bring_back(job.id, 0)
