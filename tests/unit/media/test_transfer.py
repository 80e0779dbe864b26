"""What a folder keeps is copied into a bucket, counted, and not twice."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import MediaProblem, MediaUnavailable
from bot.media.transfer import TransferCount, copy_files
from tests.support.s3_server import Bucket

JOBS = [f"01k3v9x{number}abcdef" for number in range(6)]
STRANGE = "01k3v9x9abcdef"


class Target:
    """Take files in memory; break off or lose the file's source where that is said."""

    def __init__(self) -> None:
        self.files: dict[str, int] = {}
        self.taken: list[str] = []
        self.breaks_after = 1000

    async def sizes(self) -> dict[str, int]:
        return dict(self.files)

    async def keep_file(self, name: str, source: Path) -> int:
        if len(self.taken) >= self.breaks_after:
            raise MediaUnavailable(MediaProblem.UNREACHABLE, "the bucket's server does not answer")
        self.files[name] = source.stat().st_size  # noqa: ASYNC240  # small files of a test
        self.taken.append(name)
        return self.files[name]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six jobs with two files each, and what others keep there."""
    own = [f"{job}/{name}" for job in JOBS for name in ("start.png", "1.mp4")]
    foreign = [f"{STRANGE}/1.mp4", f"{JOBS[0]}/notes.txt", f"{JOBS[0]}/.0123456789abcdef.part", "backup.db"]
    for number, name in enumerate([*own, *foreign]):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(bytes(100 + number))
    return tmp_path


async def known(ids: Sequence[str]) -> list[str]:
    return [one for one in ids if one in JOBS]


def ignored(_: TransferCount) -> None:
    return None


SIZE = sum(range(100, 112))


async def test_all_that_the_bot_wrote_is_copied_and_counted(folder: Path) -> None:
    target, told = Target(), list[TransferCount]()
    assert await copy_files(folder, target, known, told.append) == TransferCount(12, SIZE, 12, SIZE, 12)
    assert sorted(target.taken) == sorted(f"{job}/{name}" for job in JOBS for name in ("start.png", "1.mp4"))
    assert [count.files_there for count in told] == list(range(13))
    assert {(count.files, count.size) for count in told} == {(12, SIZE)}


async def test_a_copy_that_broke_off_goes_on_where_it_was(folder: Path) -> None:
    target = Target()
    target.breaks_after = 5
    with pytest.raises(MediaUnavailable):
        await copy_files(folder, target, known, ignored)
    assert len(target.taken) == 5
    target.breaks_after = 1000
    told: list[TransferCount] = []
    assert await copy_files(folder, target, known, told.append) == TransferCount(12, SIZE, 12, SIZE, 7)
    assert (told[0].files_there, told[0].copied) == (5, 0)
    assert len(target.taken) == len(set(target.taken)) == 12
    assert await copy_files(folder, target, known, ignored) == TransferCount(12, SIZE, 12, SIZE, 0)


async def test_a_file_of_another_size_is_copied_again(folder: Path) -> None:
    target = Target()
    target.files[f"{JOBS[0]}/1.mp4"] = 7
    assert (await copy_files(folder, target, known, ignored)).copied == 12
    assert target.files[f"{JOBS[0]}/1.mp4"] == 101


async def test_a_file_that_is_swept_meanwhile_is_counted_no_longer(folder: Path) -> None:
    target, told = Target(), list[TransferCount]()

    def sweep(count: TransferCount) -> None:
        told.append(count)
        if len(told) == 1:
            (folder / JOBS[5] / "1.mp4").unlink()

    assert await copy_files(folder, target, known, sweep) == TransferCount(11, SIZE - 111, 11, SIZE - 111, 11)


async def test_a_folder_that_is_not_there_has_nothing_to_copy(tmp_path: Path) -> None:
    assert await copy_files(tmp_path / "missing", Target(), known, ignored) == TransferCount()


async def test_a_bucket_takes_them_under_their_names(folder: Path, bucket: Bucket) -> None:
    store = bucket.store("moved")
    assert (await copy_files(folder, store, known, ignored)).copied == 12
    assert (await copy_files(folder, store, known, ignored)).copied == 0
    assert await store.read(f"{JOBS[3]}/1.mp4") == bytes(107)
    assert len(await store.sizes()) == 12
