"""Files appear whole, stay inside their folder and go when they are old."""

import asyncio
import os
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.media import SCALED, FileStore
from bot.media.file_store import AtomicFile, what_it_holds


def everything_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


async def test_what_was_kept_is_read_back_under_the_name_given_back(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "not" / "there" / "yet")
    name = await store.keep("01k3v9x2/start.png", b"pixels")
    assert name == "01k3v9x2/start.png"
    assert await store.read(name) == b"pixels"
    assert store.path(name).read_bytes() == b"pixels"


async def test_keeping_again_replaces(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    await store.keep("job/0.mp4", b"old and longer")
    await store.keep("job/0.mp4", b"new")
    assert await store.read("job/0.mp4") == b"new"
    assert everything_in(tmp_path / "job") == ["0.mp4"]


async def test_a_removed_file_takes_its_empty_folder_with_it(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    for name in ("job/0.png", "job/1.png", "alone.png"):
        await store.keep(name, b"x")
    await store.remove("job/0.png")
    assert everything_in(tmp_path) == ["alone.png", "job", "job/1.png"]
    await store.remove("job/1.png")
    await store.remove("alone.png")
    await store.remove("job/1.png")
    assert everything_in(tmp_path) == []
    assert tmp_path.name in everything_in(tmp_path.parent)


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/passwd", "", ".", "a/..", "a\0b"])
async def test_a_name_that_leaves_the_root_is_refused(tmp_path: Path, name: str) -> None:
    store = FileStore(tmp_path / "root")
    with pytest.raises(ValueError):  # noqa: PT011  # pathlib's own words for the NUL differ between versions
        await store.keep(name, b"")
    with pytest.raises(ValueError):  # noqa: PT011  # the same
        await store.read(name)
    assert everything_in(tmp_path) == []


async def test_a_link_that_leads_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "out").symlink_to(tmp_path)
    with pytest.raises(ValueError, match="does not name a file"):
        await FileStore(tmp_path / "root").keep("out/x", b"")


def test_an_uncommitted_file_leaves_nothing_and_harms_nothing(tmp_path: Path) -> None:
    place = tmp_path / "clip.mp4"
    place.write_bytes(b"before")
    with AtomicFile(place) as file:
        file.write(b"half of it")
        assert place.read_bytes() == b"before"
    assert place.read_bytes() == b"before"
    assert everything_in(tmp_path) == ["clip.mp4"]


JOB, OTHER, STRANGE = "01k3v9x2abcdef", "01k3v9x3abcdef", "01k3v9x4abcdef"
OLD_MS = 2_000_000


async def known(ids: Sequence[str]) -> list[str]:
    """Know two jobs."""
    return [one for one in ids if one in (JOB, OTHER)]


def make_old(*files: Path) -> None:
    for file in files:
        os.utime(file, (1_000, 1_000))


async def test_a_sweep_takes_old_files_of_its_own_and_empty_folders_only(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    own = (
        "start.png",
        "end.jpg",
        "start.scaled.jpg",
        "given0",
        "given4",
        "1.mp4",
        "4.webp",
        "2.small.mp4",
        "3.last.jpg",
        ".0123456789abcdef.part",
    )
    for name in own:
        await store.keep(f"{JOB}/{name}", b"x")
        make_old(store.path(f"{JOB}/{name}"))
    await store.keep(f"{OTHER}/start.png", b"x")
    await store.keep(f"{OTHER}/1.mp4", b"x")
    make_old(store.path(f"{OTHER}/1.mp4"))
    assert await store.sweep(OLD_MS, known) == len(own) + 1
    assert everything_in(tmp_path) == [OTHER, f"{OTHER}/start.png"]


async def test_a_sweep_leaves_what_the_bot_did_not_write(tmp_path: Path) -> None:
    """A folder that others use as well: backups, settings, the database itself, and what looks like a job's."""
    foreign = (
        "animatic.db",
        "animatic.db-wal",
        ".env",
        "backup-40-days-old.db",
        "photos/1.png",
        ".0123456789abcdef.part",
        f"{STRANGE}/start.png",
        f"{JOB}/notes.txt",
        f"{JOB}/deep/1.mp4",
        f"deep/{JOB}/1.mp4",
    )
    for name in foreign:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"dear to somebody")
        make_old(tmp_path / name)
    (tmp_path / OTHER).symlink_to(tmp_path / "photos")
    before = everything_in(tmp_path)
    assert await FileStore(tmp_path).sweep(OLD_MS, known) == 0
    assert everything_in(tmp_path) == before


async def test_a_sweep_asks_for_a_bounded_number_of_ids_at_once(tmp_path: Path) -> None:
    asked: list[int] = []

    async def count(ids: Sequence[str]) -> list[str]:
        asked.append(len(ids))
        return list(ids)

    store = FileStore(tmp_path)
    for number in range(600):
        folder = tmp_path / f"{number:014}"
        folder.mkdir()
        (folder / "given0").touch()
        make_old(folder / "given0")
    assert await store.sweep(OLD_MS, count) == 600
    assert (sum(asked), max(asked)) == (600, 500)
    assert everything_in(tmp_path) == []


async def test_a_sweep_of_nothing_is_no_trouble(tmp_path: Path) -> None:
    assert await FileStore(tmp_path / "missing").sweep(OLD_MS, known) == 0
    assert not (tmp_path / "missing").exists()


async def test_what_is_discarded_goes_whatever_its_age_and_nothing_else_does(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    for name in (f"{JOB}/start.png", f"{JOB}/end.{SCALED}", f"{JOB}/given0", f"{OTHER}/start.png"):
        await store.keep(name, b"x")
    (tmp_path / OTHER / "notes.txt").touch()
    await store.discard(JOB)
    await store.discard(OTHER)
    await store.discard(STRANGE)
    assert everything_in(tmp_path) == [OTHER, f"{OTHER}/notes.txt"]


async def test_files_and_folders_are_for_the_bots_own_user_alone(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    name = await store.keep(f"{JOB}/start.png", b"x")
    assert stat.S_IMODE(store.path(name).stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path(name).parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("media", "database", "held"),
    [
        ("data", "data/animatic.db", "the database"),
        (".", "data/animatic.db", "the database"),
        ("link", "data/animatic.db", "the database"),
        ("data/media", "data/media/deep/animatic.db", "the database"),
        (".", "../elsewhere/animatic.db", "the folder that the bot works in"),
        ("..", "/var/lib/animatic.db", "the folder that the bot works in"),
        ("data/media", "data/animatic.db", None),
        ("data", "animatic.db", None),
        ("data/media", "data/media.db", None),
    ],
)
def test_a_folder_with_the_database_or_the_bots_own_in_it_is_none_for_media(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, media: str, database: str, held: str | None
) -> None:
    work = tmp_path / "work"
    (work / "data").mkdir(parents=True)
    (work / "link").symlink_to(work / "data")
    monkeypatch.chdir(work)
    assert what_it_holds(Path(media), Path(database)) == held


def test_a_folder_that_was_swept_before_the_draft_is_opened_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Path.mkdir
    made: list[Path] = []

    def make_and_sweep_once(folder: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        make(folder, mode, parents, exist_ok)
        made.append(folder)
        if len(made) == 1:
            folder.rmdir()

    monkeypatch.setattr(Path, "mkdir", make_and_sweep_once)
    with AtomicFile(tmp_path / "job" / "0.mp4") as file:
        file.commit()
    assert everything_in(tmp_path) == ["job", "job/0.mp4"]
    assert len(made) == 2


async def test_keeping_survives_sweeps_at_the_same_time(tmp_path: Path) -> None:
    store = FileStore(tmp_path)

    async def keep_all() -> list[bytes]:
        found: list[bytes] = []
        for number in range(60):
            name = await store.keep(f"{JOB}/{number % 10}.png", b"x")
            found.append(await store.read(name))
            store.path(name).unlink()
        return found

    async def known_all(ids: Sequence[str]) -> Sequence[str]:
        return ids

    async def sweep_on() -> None:
        while not kept.done():
            await store.sweep(0, known_all)

    kept = asyncio.ensure_future(keep_all())
    found, _ = await asyncio.gather(kept, sweep_on())
    assert found == [b"x"] * 60
