"""A folder and a bucket keep the same promises: whole files or none, and none deleted but the bot's own."""

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import MediaFull
from bot.media import SCALED, FileStore, MediaStore
from bot.media.store import thumbnail_path
from tests.support.s3_server import S3Server

JOB, OTHER, STRANGE = "01k3v9x2abcdef", "01k3v9x3abcdef", "01k3v9x4abcdef"
PIECES = [bytes([number]) * 3_000_000 for number in range(4)]
"""Of a film that goes over the wire in parts."""

AN_HOUR_MS = 3_600_000


class Places:
    """Make stores of one kind."""

    def __init__(self, kind: str, folder: Path, request: pytest.FixtureRequest) -> None:
        self._folder = folder
        server: S3Server | None = request.getfixturevalue("s3") if kind == "bucket" else None
        self._bucket = server.bucket() if server is not None else None

    def store(self, most_bytes: int | None = None) -> MediaStore:
        """Make one on what others made of it keep, too."""
        if self._bucket is None:
            return FileStore(self._folder / "media", most_bytes=most_bytes)
        return self._bucket.store("deep/down", most_bytes=most_bytes)

    def put(self, name: str) -> None:
        """Put something there that the bot did not write."""
        if self._bucket is not None:
            self._bucket.put(f"deep/down/{name}", b"dear to somebody")
            return
        path = self._folder / "media" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"dear to somebody")


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.s3)])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Places:
    return Places(request.param, tmp_path, request)


@pytest.fixture
def store(places: Places) -> MediaStore:
    return places.store()


async def known(ids: Sequence[str]) -> list[str]:
    """Know two jobs."""
    return [one for one in ids if one in (JOB, OTHER)]


def now_ms() -> int:
    return time.time_ns() // 1_000_000


async def there(store: MediaStore, *names: str) -> list[str]:
    """Name those of some files that are there."""
    return [name for name in names if await store.has(name)]


async def test_what_was_kept_is_read_back_and_may_be_replaced(store: MediaStore) -> None:
    assert await store.keep(f"{JOB}/1.png", b"old and longer") == f"{JOB}/1.png"
    await store.keep(f"{JOB}/1.png", b"new")
    assert await store.read(f"{JOB}/1.png") == b"new"
    assert await there(store, f"{JOB}/1.png", f"{JOB}/2.png") == [f"{JOB}/1.png"]


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/passwd", "", ".", "a/..", "a\0b"])
async def test_a_name_of_nothing_in_the_store_is_refused(store: MediaStore, name: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # pathlib's own words for the NUL differ between versions
        await store.keep(name, b"")
    with pytest.raises(ValueError):  # noqa: PT011  # the same
        await store.read(name)


async def test_what_is_not_there_is_told_so(store: MediaStore) -> None:
    with pytest.raises(FileNotFoundError):
        await store.read(f"{JOB}/1.png")
    with pytest.raises(FileNotFoundError):
        async with store.local(f"{JOB}/1.mp4"):
            pass
    assert await store.serve(f"{JOB}/1.mp4") is None
    await store.remove(f"{JOB}/1.mp4")
    await store.discard(JOB)


@pytest.mark.parametrize("pieces", [PIECES, [b"a small film"]])
async def test_a_film_that_comes_in_pieces_is_there_when_it_is_whole(store: MediaStore, pieces: list[bytes]) -> None:
    async with store.new_file(f"{JOB}/1.mp4") as file:
        for piece in pieces:
            await file.write(piece)
        assert not await store.has(f"{JOB}/1.mp4")
    async with store.local(f"{JOB}/1.mp4") as path:
        assert path.read_bytes() == b"".join(pieces)


@pytest.mark.parametrize("pieces", [PIECES, [b"a small film"]])
async def test_of_a_film_that_broke_off_nothing_stays_and_the_older_one_is_whole(
    store: MediaStore, pieces: list[bytes]
) -> None:
    class BrokenOffError(Exception):
        pass

    async def break_off(name: str) -> None:
        async with store.new_file(name) as file:
            for piece in pieces:
                await file.write(piece)
            raise BrokenOffError

    await store.keep(f"{JOB}/1.mp4", b"older")
    for name in (f"{JOB}/1.mp4", f"{JOB}/2.mp4"):
        with pytest.raises(BrokenOffError):
            await break_off(name)
    assert await store.read(f"{JOB}/1.mp4") == b"older"
    assert not await store.has(f"{JOB}/2.mp4")


async def test_a_file_of_this_machine_is_copied_whole(store: MediaStore, tmp_path: Path) -> None:
    (tmp_path / "made").write_bytes(b"".join(PIECES))
    assert await store.keep_file(f"{JOB}/1.small.mp4", tmp_path / "made") == 12_000_000
    assert await store.read(f"{JOB}/1.small.mp4") == b"".join(PIECES)
    assert (tmp_path / "made").exists()


async def test_what_is_removed_or_discarded_goes_and_nothing_else_does(places: Places, store: MediaStore) -> None:
    own = [f"{JOB}/start.png", f"{JOB}/end.{SCALED}", f"{JOB}/given0", f"{JOB}/1.mp4", f"{OTHER}/start.png"]
    for name in own:
        await store.keep(name, b"x")
    places.put(f"{JOB}/notes.txt")
    await store.remove(f"{JOB}/1.mp4")
    assert await there(store, *own) == [*own[:3], own[4]]
    await store.discard(JOB)
    assert await there(store, *own, f"{JOB}/notes.txt") == [f"{OTHER}/start.png", f"{JOB}/notes.txt"]


async def test_a_sweep_takes_what_is_old_and_the_bots_own(places: Places, store: MediaStore) -> None:
    own = ["start.png", "end.jpg", "start.scaled.jpg", "given0", "given4", "1.mp4", "4.webp", "2.small.mp4"]
    own += [f"{number}.last.jpg" for number in range(1, 9)]
    names = [f"{job}/{name}" for job in (JOB, OTHER) for name in own]
    for name in names:
        await store.keep(name, b"x")
    foreign = [f"{STRANGE}/start.png", f"{JOB}/notes.txt", f"{JOB}/deep/1.mp4", f"deep/{JOB}/1.mp4", "backup.db"]
    for name in foreign:
        places.put(name)
    assert await store.sweep(now_ms() - AN_HOUR_MS, known) == 0
    assert await there(store, *names, *foreign) == [*names, *foreign]
    assert await store.sweep(now_ms() + AN_HOUR_MS, known) == len(names)
    assert await there(store, *names, *foreign) == foreign


async def test_a_sweep_leaves_the_thumbnails_of_old_jobs_until_all_of_a_job_is_discarded(store: MediaStore) -> None:
    thumbnail = thumbnail_path(JOB)
    for name in (thumbnail, f"{JOB}/1.mp4"):
        await store.keep(name, b"x")
    assert await store.sweep(now_ms() + AN_HOUR_MS, known) == 1
    assert await there(store, thumbnail, f"{JOB}/1.mp4") == [thumbnail]
    await store.discard(JOB)
    assert await there(store, thumbnail) == []


async def test_what_is_not_paid_for_is_refused_beyond_the_limit(places: Places) -> None:
    store = places.store(most_bytes=100)
    await store.keep(f"{JOB}/start.png", bytes(99))
    await store.require_room()
    async with store.new_file(f"{JOB}/1.mp4") as file:
        await file.write(bytes(300))
    with pytest.raises(MediaFull):
        await store.require_room()
    # What another process kept is seen by the sweep, and so is what has gone.
    other = places.store(most_bytes=100)
    await other.sweep(0, known)
    with pytest.raises(MediaFull):
        await other.require_room()
    await other.discard(JOB)
    await other.sweep(0, known)
    await other.require_room()


async def test_a_store_that_can_be_written_says_nothing(store: MediaStore) -> None:
    await store.keep(f"{JOB}/1.png", b"x")
    await store.try_write()
