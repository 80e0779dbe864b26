"""Clips are put together as far as one request holds, and made smaller where one alone is too large."""

import io
from contextlib import AbstractAsyncContextManager, closing
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.job import Clip, Job, Kind
from bot.errors import BadImage, ImageProblem
from bot.media import FileStore, Transcoder
from bot.publisher.attachment_batches import REQUEST_BYTES, AttachmentBatcher, ClipUpload, SizeLimits
from bot.publisher.discord_messages import BASE_FILE_LIMIT
from bot.ui.attachments import Upload
from tests.support.jobs import JOB_ID, sample_job

MIB = 2**20


class Kept:
    """Hold clips of given sizes in a media store, and batch them."""

    def __init__(self, folder: Path, job: Job | None = None) -> None:
        self.job = job or sample_job()
        self.media = FileStore(folder)
        self.size_limits = SizeLimits()
        self.clips: list[Clip] = []

    async def keep(self, data: bytes, suffix: str = "mp4") -> None:
        slot = len(self.clips)
        name = await self.media.keep(f"{JOB_ID}/{slot + 1}.{suffix}", data)
        self.clips.append(Clip(JOB_ID, slot, "link", name, bytes=len(data)))

    async def slots(self, limit: int = 10 * MIB) -> list[int]:
        async with self.batch(limit) as uploads:
            return [upload.slot for upload in uploads]

    async def sent(self, limit: int) -> dict[str, bytes]:
        """Read what would be sent, as Discord's client does."""
        async with self.batch(limit) as uploads:
            return {upload.upload.filename: read(upload.upload) for upload in uploads}

    def batch(self, limit: int) -> AbstractAsyncContextManager[list[ClipUpload]]:
        return AttachmentBatcher(self.media, Transcoder()).batch(self.job, self.clips, limit, self.size_limits)


def read(upload: Upload) -> bytes:
    with closing(upload.file()) as file:
        return file.fp.read()


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def upload(slot: int, size: int) -> ClipUpload:
    return ClipUpload(slot, Upload(f"{slot}.mp4", bytes(size)))


async def test_as_many_clips_as_one_request_holds_go_together(kept: Kept) -> None:
    for _ in range(4):
        await kept.keep(bytes(8 * MIB))
    assert await kept.slots() == [0, 1, 2]
    kept.clips = kept.clips[3:]
    assert await kept.slots() == [3]
    kept.clips = []
    assert await kept.slots() == []


async def test_clips_whose_rows_tell_no_size_are_measured_as_they_are_read(kept: Kept) -> None:
    for _ in range(4):
        await kept.keep(bytes(8 * MIB))
    kept.clips = [replace(clip, bytes=None) for clip in kept.clips]
    assert await kept.slots() == [0, 1, 2]


async def test_clips_go_alone_once_several_were_too_large(kept: Kept) -> None:
    for _ in range(3):
        await kept.keep(b"clip")
    kept.size_limits.learn([upload(0, 4), upload(1, 4)])
    assert await kept.slots() == [0]


async def test_a_clip_that_was_swept_is_left_out(kept: Kept) -> None:
    await kept.keep(b"clip")
    await kept.keep(b"clip")
    await kept.media.remove(f"{JOB_ID}/1.mp4")
    assert await kept.slots() == [1]


async def test_what_cannot_be_made_small_enough_does_not_keep_the_others(kept: Kept) -> None:
    await kept.keep(b"no film at all" * 100)
    await kept.keep(b"clip")
    assert await kept.slots(limit=100) == [1]


async def test_a_large_picture_is_sent_as_a_smaller_copy_that_is_kept(tmp_path: Path) -> None:
    kept = Kept(tmp_path, sample_job(kind=Kind.IMAGINE))
    out = io.BytesIO()
    Image.effect_noise((300, 300), 90).convert("RGB").save(out, "PNG")
    await kept.keep(out.getvalue(), "png")
    limit = len(out.getvalue()) // 2
    [(name, data)] = (await kept.sent(limit)).items()
    assert len(data) <= limit
    assert name == f"animatic-{JOB_ID}-1.png"
    assert await kept.media.read(f"{JOB_ID}/1.small.jpg") == data
    assert await kept.media.read(f"{JOB_ID}/1.png") == out.getvalue()
    # Another try takes the copy as it is.
    await kept.media.keep(f"{JOB_ID}/1.small.jpg", b"kept")
    assert await kept.sent(limit) == {name: b"kept"}


async def test_a_picture_that_ends_its_process_keeps_no_other_from_being_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise BadImage(ImageProblem.BROKEN)

    monkeypatch.setattr("bot.media.executor.image_process.run", die)
    kept = Kept(tmp_path, sample_job(kind=Kind.IMAGINE))
    for size in (9, 2):
        await kept.keep(bytes(size), "png")
    assert await kept.slots(limit=5) == [1]


def test_each_refusal_of_one_clip_lowers_its_limit() -> None:
    limits = SizeLimits()
    limits.learn([upload(2, REQUEST_BYTES + 1)])
    assert (limits.limits, limits.alone) == ({2: REQUEST_BYTES}, False)
    limits.learn([upload(2, REQUEST_BYTES)])
    assert limits.limits == {2: BASE_FILE_LIMIT}
    limits.learn([upload(2, BASE_FILE_LIMIT)])
    assert limits.limits == {2: 0}


def test_several_clips_that_are_too_large_are_only_sent_alone() -> None:
    limits = SizeLimits()
    limits.learn([upload(0, 5), upload(1, 5)])
    assert (limits.limits, limits.alone) == ({}, True)
