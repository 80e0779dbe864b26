"""Real work on real images: MP4 clips made of a camera move over a still image."""

from __future__ import annotations

import io
import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image, ImageOps

from sandbox.provider.rendering.camera import WHOLE, CameraMove, View, affine, ease
from sandbox.provider.rendering.codec import FRAMES_PER_SECOND, encode
from sandbox.provider.rendering.repair import repaired

SECONDS = 5
AREA = {"sd": 624 * 624, "hd": 1280 * 720}
"""Pixels of a frame: Midjourney's SD is 624x624 or 832x464, its HD is of the 720p class."""
QUALITY = {"sd": "23", "hd": "21"}
ENDING_FROM = 0.55
STARTED_AT = 0.05
"""The moments, 0 to 1, at which an end image begins to show and an extend's first frame has gone."""
LATER = 0.5
"""The moment at which an extend begins that does not repeat the frame it goes on from."""
OVERSCAN = 1.25
"""The image is kept this much larger than the frame, so that a push-in stays sharp."""
MAX_PIXELS = 50_000_000


class NotAnImageError(ValueError):
    """The bytes are no image that Pillow reads, or one of more than 50 million pixels."""


class StoppedError(Exception):
    """The provider closes before the clip is done."""


@dataclass(frozen=True)
class Shot:
    """Everything that decides a clip's pixels.

    ``start`` is the frame that an extend begins with; the camera then goes on over ``image`` from where it stood,
    which looks the same but does not get softer with every extend. ``begins`` is the moment, 0 to 1, of the camera's
    move that is shown first.
    """

    image: Image.Image
    move: CameraMove
    size: tuple[int, int]
    quality: str
    start: Image.Image | None = None
    end: Image.Image | None = None
    begins: float = 0.0


def open_image(data: bytes) -> Image.Image:
    """Return the image upright in RGB, if need be without what is beside its pixels.

    Raises:
        NotAnImageError: when it cannot be read or is too large to unpack.
    """
    try:
        return _opened(data)
    except NotAnImageError:
        plain = repaired(data)
        if plain == data:
            raise
        return _opened(plain)


def _opened(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise NotAnImageError
            upright = ImageOps.exif_transpose(image)
            return upright.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAnImageError from error


def frame_size(image: tuple[int, int], resolution: Literal["sd", "hd"], scale: float = 1) -> tuple[int, int]:
    """Return width and height of a clip: the image's aspect (at most 3:1 either way) in multiples of 16 pixels."""
    aspect = min(3.0, max(1 / 3, image[0] / image[1]))
    width = scale * math.sqrt(AREA[resolution] * aspect)
    return round(width / 16) * 16, round(width / aspect / 16) * 16


def render_clip(path: Path, shot: Shot, stop: threading.Event) -> Path:
    """Write a 5-second H.264 MP4 (24 frames a second, yuv420p, index in front); the same shot gives the same bytes.

    Raises:
        StoppedError: when ``stop`` is set meanwhile.
    """
    encode(path, _frames(shot, stop), shot.size, shot.quality)
    return path


def _frames(shot: Shot, stop: threading.Event) -> Iterator[Image.Image]:
    image = _fill(shot.image, shot.size)
    ending = None if shot.end is None else _fill(shot.end, shot.size)
    count = SECONDS * FRAMES_PER_SECOND
    for number in range(count):
        if stop.is_set():
            raise StoppedError
        moment = shot.begins + (1 - shot.begins) * number / (count - 1)
        frame = _look(image, shot.move.at(moment), shot.size)
        if shot.start is not None and moment < STARTED_AT:
            frame = Image.blend(shot.start, frame, ease(moment / STARTED_AT))
        if ending is not None and moment > ENDING_FROM:
            arrived = (moment - ENDING_FROM) / (1 - ENDING_FROM)
            arriving = _look(ending, shot.move.target.towards(WHOLE, ease(arrived)), shot.size)
            frame = Image.blend(frame, arriving, ease(arrived))
        yield frame


def _fill(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    large = round(size[0] * OVERSCAN), round(size[1] * OVERSCAN)
    return ImageOps.fit(image, large, Image.Resampling.LANCZOS)


def _look(source: Image.Image, view: View, size: tuple[int, int]) -> Image.Image:
    return source.transform(size, Image.Transform.AFFINE, affine(view, source.size, size), Image.Resampling.BILINEAR)
