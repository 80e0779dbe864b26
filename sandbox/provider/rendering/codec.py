"""Writing and reading MP4 files; the one place that knows PyAV, whose objects are only partly typed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import av
from PIL import Image

FRAMES_PER_SECOND = 24
BT601 = 6
LIMITED_RANGE = 1

open_media: Callable[..., Any] = av.open
frame_of: Callable[[Image.Image], Any] = av.VideoFrame.from_image  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - PyAV leaves the picture untyped


def encode(path: Path, frames: Iterable[Image.Image], size: tuple[int, int], quality: str) -> None:
    """Write frames as an H.264 MP4 (yuv420p) that starts playing before it is loaded whole."""
    with open_media(path, "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND, options={"preset": "veryfast", "crf": quality})
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.thread_count = 1
        coder = stream.codec_context
        coder.colorspace = coder.color_primaries = coder.color_trc = BT601
        coder.color_range = LIMITED_RANGE
        for frame in frames:
            container.mux(stream.encode(frame_of(frame)))
        container.mux(stream.encode())


def images_of(path: Path) -> Iterator[Image.Image]:
    """Go through all images of a clip."""
    with open_media(path) as container:
        yield from (frame.to_image() for frame in container.decode(video=0))


def last_frame(path: Path) -> Image.Image:
    """Return the image that a clip ends on."""
    with open_media(path) as container:
        [last] = deque(container.decode(video=0), maxlen=1)
        return last.to_image()
