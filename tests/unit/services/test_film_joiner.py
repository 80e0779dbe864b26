"""Clips joined into a film that is kept; each is had again before, or it is said which one is missing."""

import asyncio
from pathlib import Path

import pytest

from bot.domain.job import Job
from bot.errors import ClipGone, FilmNotJoined, FilmPartGone, FilmsOff, MediaFull
from bot.media import FileStore, Transcoder
from bot.services.clip_files import ClipFiles
from bot.services.film_joiner import FilmJoiner, film_file
from tests.support.db_fixture import DbFixture
from tests.support.films import frames_of, make_film, moving
from tests.unit.services.conftest import CountingTranscoder, Services

SIZE = (160, 96)


@pytest.fixture
def joiner(services: Services) -> FilmJoiner:
    return FilmJoiner(services.media, Transcoder(), services.clip_files)


async def kept(db: DbFixture, services: Services, folder: Path, begins: int) -> Job:
    """Give a finished film of one clip, whose file is here."""
    job = await db.done(clips=1)
    path = await asyncio.to_thread(make_film, folder / "clip.mp4", moving(SIZE, begins, 12))
    size = await services.media.keep_file(f"{job.id}/1.mp4", path)
    await db.store.clips.set_file(job.id, 0, f"{job.id}/1.mp4", size)
    return job


@pytest.mark.slow  # a process joins clips
async def test_clips_are_joined_into_a_file_of_the_media_store(
    db: DbFixture, services: Services, joiner: FilmJoiner, tmp_path: Path
) -> None:
    jobs = [await kept(db, services, tmp_path, begins) for begins in (0, 40)]
    name = film_file(jobs[1].id, 0)
    film = await joiner.join([(job.id, 0) for job in jobs], name)
    path = services.media.path(name)
    assert (film.media_file, film.parts, film.bytes) == (name, 2, path.stat().st_size)
    assert film.seconds == pytest.approx(1.0)
    assert len(frames_of(path)) == 24
    await services.media.discard(jobs[1].id)
    assert not path.exists()


async def test_it_is_said_which_part_is_missing(
    db: DbFixture, services: Services, joiner: FilmJoiner, tmp_path: Path
) -> None:
    here, gone = await kept(db, services, tmp_path, 0), await db.done(clips=2)
    await db.db_write("update clip set remote_url = 'https://localhost:1/gone.mp4' where job_id = $1", gone.id)
    with pytest.raises(FilmPartGone) as refused:
        await joiner.join([(here.id, 0), (gone.id, 1)], film_file(gone.id, 1))
    assert (refused.value.part, refused.value.job_id, refused.value.clip) == (2, gone.id, 2)
    with pytest.raises(FilmPartGone) as unknown:
        await joiner.join([("nothing", 0), (here.id, 0)], film_file(here.id, 0))
    assert (unknown.value.part, unknown.value.final) == (1, True)


async def test_whether_it_may_come_back_is_passed_on(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away(ClipFiles):
        async def bring_back(self, job_id: str, slot: int) -> str:
            raise ClipGone(job_id, slot + 1, final=False)

    away = Away(None, services.media, services.downloader, {})  # pyright: ignore[reportArgumentType]  # nothing is read
    with pytest.raises(FilmPartGone) as refused:
        await FilmJoiner(services.media, Transcoder(), away).join([("a job", 0)], "1m7wte9b7e357w/film1.mp4")
    assert not refused.value.final


@pytest.mark.slow  # a process joins clips
async def test_what_is_no_film_is_not_joined_and_nothing_stays(
    db: DbFixture, services: Services, joiner: FilmJoiner, tmp_path: Path
) -> None:
    job = await kept(db, services, tmp_path, 0)
    await services.media.keep(f"{job.id}/1.mp4", b"no film")
    with pytest.raises(FilmNotJoined):
        await joiner.join([(job.id, 0), (job.id, 0)], film_file(job.id, 0))
    assert not await services.media.has(film_file(job.id, 0))


async def test_nothing_is_joined_without_what_reads_films_or_without_room(
    db: DbFixture, services: Services, tmp_path: Path
) -> None:
    job = await kept(db, services, tmp_path, 0)
    without = CountingTranscoder()
    without.installed = False
    with pytest.raises(FilmsOff):
        await FilmJoiner(services.media, without, services.clip_files).join([(job.id, 0)], film_file(job.id, 0))
    full = FileStore(tmp_path / "media", most_bytes=1)
    await full.sweep(0, db.store.clips.known)
    with pytest.raises(MediaFull):
        await FilmJoiner(full, Transcoder(), services.clip_files).join([(job.id, 0)], film_file(job.id, 0))
