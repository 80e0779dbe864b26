"""Images that tests draw."""

import functools
import io
from collections.abc import Sequence

from PIL import Image, ImageChops

WIDTH, HEIGHT = 64, 48
"""Pixels of a single picture."""


def draw_png(colours: Sequence[str], width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """Draw a PNG of one colour, or of four: left to right, top to bottom."""
    across = 1 if len(colours) == 1 else 2
    picture = Image.new("RGB", (across * width, across * height))
    for number, colour in enumerate(colours):
        picture.paste(colour, (number % across * width, number // across * height, *picture.size))
    return _png(picture)


@functools.cache
def small_photo() -> bytes:
    """Draw a PNG in the shape of a film, no two parts of which are alike; it takes little to draw and to decode."""
    down, around = Image.linear_gradient("L"), Image.radial_gradient("L")
    whole = Image.merge("RGB", (down, around, ImageChops.difference(down.rotate(90), around)))
    return _png(whole.crop((0, 0, 256, 144)))


def _png(picture: Image.Image) -> bytes:
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()
