"""From an accepted job to the files of its clips; runs in a thread."""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from sandbox.provider.model.job import Job
from sandbox.provider.model.settings import ProviderSettings
from sandbox.provider.rendering.cached_clips import ready_made_clip
from sandbox.provider.rendering.camera import WHOLE, CameraMove, View, choose_move
from sandbox.provider.rendering.codec import encode, images_of, last_frame
from sandbox.provider.rendering.video import (
    LATER,
    QUALITY,
    Shot,
    frame_size,
    open_image,
    render_clip,
)


def make_clip(folder: Path, job: Job, slot: int, settings: ProviderSettings, stop: threading.Event) -> Path:
    """Make one clip of a job and return its file.

    Raises:
        StoppedError: when ``stop`` is set meanwhile.
    """
    path = folder / f"{slot}.mp4"
    if settings.ready_made:
        path.write_bytes(ready_made_clip(slot, f"{job.id}/{slot}"))
    else:
        render_clip(path, _shot(job, slot, settings), stop)
    if job.parent is not None and settings.extend_holds_parent:
        repeated = int(settings.extend_repeats_frame and not settings.ready_made)
        _put_behind(job.parent.clips[job.index or 0], path, repeated, QUALITY[job.options.resolution])
    return path


def _put_behind(parent: Path, path: Path, repeated: int, quality: str) -> None:
    """Let a clip begin with its parent's images, and leave out the first ones of its own that repeat the last."""
    alone = path.with_suffix(".alone.mp4")
    path.rename(alone)
    size = last_frame(parent).size
    encode(path, chain(images_of(parent), islice(images_of(alone), repeated, None)), size, quality)
    alone.unlink()


def _shot(job: Job, slot: int, settings: ProviderSettings) -> Shot:
    path, _ = _opening(job)
    image = open_image(path.read_bytes())
    start = None if job.parent is None else last_frame(job.parent.clips[job.index or 0])
    size = frame_size(image.size, job.options.resolution, settings.clip_scale) if start is None else start.size
    end = None if job.end_image_path is None else open_image(job.end_image_path.read_bytes())
    shot = Shot(image, _move(job, slot), size, QUALITY[job.options.resolution], start, end)
    return shot if settings.extend_repeats_frame or start is None else replace(shot, start=None, begins=LATER)


def _opening(job: Job) -> tuple[Path, View]:
    """Return the image that a job's clips begin in and where the camera stands then."""
    if job.parent is not None:
        return _ending(job.parent, job.index or 0)
    if job.image_path is None:
        raise ValueError("a job starts from an image or from its parent")
    return job.image_path, WHOLE


def _ending(job: Job, slot: int) -> tuple[Path, View]:
    if job.end_image_path is not None:
        return job.end_image_path, WHOLE
    return _opening(job)[0], _move(job, slot).end


def _move(job: Job, slot: int) -> CameraMove:
    _, origin = _opening(job)
    return replace(choose_move(job.options.motion, slot, job.number, origin), loops=job.options.loop)
