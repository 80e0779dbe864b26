"""Looking at the frames of a clip."""

from __future__ import annotations

import io
from typing import cast

from PIL import Image, ImageChops, ImageStat

from sandbox.provider.rendering.codec import open_media


def frames_of(clip: bytes, *numbers: int) -> list[Image.Image]:
    """Return some frames of a clip, counted from 0."""
    with open_media(io.BytesIO(clip)) as container:
        return [
            cast("Image.Image", frame.to_image())
            for number, frame in enumerate(container.decode(video=0))
            if number in numbers
        ]


def difference(first: Image.Image, second: Image.Image) -> float:
    """Return the mean difference of two images' pixels, 0 to 255."""
    bands = ImageStat.Stat(ImageChops.difference(first, second)).mean
    return sum(bands) / len(bands)
