"""Files appear whole, stay inside their folder and go when they are old."""

import asyncio
import os
from pathlib import Path

import pytest

from bot.media import MediaStore
from bot.media.file_store import AtomicFile


def everything_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


async def test_what_was_kept_is_read_back_under_the_name_given_back(tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "not" / "there" / "yet")
    name = await store.keep("01k3v9x2/start.png", b"pixels")
    assert name == "01k3v9x2/start.png"
    assert await store.read(name) == b"pixels"
    assert store.path(name).read_bytes() == b"pixels"


async def test_keeping_again_replaces(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    await store.keep("job/0.mp4", b"old and longer")
    await store.keep("job/0.mp4", b"new")
    assert await store.read("job/0.mp4") == b"new"
    assert everything_in(tmp_path / "job") == ["0.mp4"]


async def test_a_removed_file_takes_its_empty_folder_with_it(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
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
    store = MediaStore(tmp_path / "root")
    with pytest.raises(ValueError):  # noqa: PT011  # pathlib's own words for the NUL differ between versions
        await store.keep(name, b"")
    with pytest.raises(ValueError):  # noqa: PT011  # the same
        await store.read(name)
    assert everything_in(tmp_path) == []


async def test_a_link_that_leads_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "out").symlink_to(tmp_path)
    with pytest.raises(ValueError, match="does not name a file"):
        await MediaStore(tmp_path / "root").keep("out/x", b"")


def test_an_uncommitted_file_leaves_nothing_and_harms_nothing(tmp_path: Path) -> None:
    place = tmp_path / "clip.mp4"
    place.write_bytes(b"before")
    with AtomicFile(place) as file:
        file.write(b"half of it")
        assert place.read_bytes() == b"before"
    assert place.read_bytes() == b"before"
    assert everything_in(tmp_path) == ["clip.mp4"]


async def test_a_sweep_takes_old_files_and_empty_folders_only(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    for name in ("old/start.png", "old/deep/0.mp4", "mixed/0.mp4", "mixed/1.mp4", "new/0.mp4"):
        await store.keep(name, b"x")
    for name in ("old/start.png", "old/deep/0.mp4", "mixed/0.mp4"):
        os.utime(store.path(name), (1_000, 1_000))
    os.utime(store.path("new/0.mp4"), (2_000, 2_000))
    assert await store.sweep(2_000_000) == 3
    assert everything_in(tmp_path) == ["mixed", "mixed/1.mp4", "new", "new/0.mp4"]


async def test_a_sweep_takes_drafts_that_a_crash_left(tmp_path: Path) -> None:
    draft = tmp_path / "job" / ".0123456789abcdef.part"
    draft.parent.mkdir()
    draft.write_bytes(b"half")
    os.utime(draft, (1_000, 1_000))
    assert await MediaStore(tmp_path).sweep(2_000_000) == 1
    assert everything_in(tmp_path) == []


async def test_a_sweep_of_nothing_is_no_trouble(tmp_path: Path) -> None:
    assert await MediaStore(tmp_path / "missing").sweep(2_000_000) == 0
    assert not (tmp_path / "missing").exists()


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
    store = MediaStore(tmp_path)

    async def keep_all() -> list[bytes]:
        found: list[bytes] = []
        for number in range(60):
            name = await store.keep(f"job/{number}.png", b"x")
            found.append(await store.read(name))
            store.path(name).unlink()
        return found

    async def sweep_on() -> None:
        while not kept.done():
            await store.sweep(0)

    kept = asyncio.ensure_future(keep_all())
    found, _ = await asyncio.gather(kept, sweep_on())
    assert found == [b"x"] * 60
