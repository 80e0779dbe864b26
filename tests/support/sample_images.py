"""Images that tests draw."""

import io
from collections.abc import Sequence

from PIL import Image

WIDTH, HEIGHT = 64, 48
"""Pixels of a single picture."""


def draw_png(colours: Sequence[str], width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """Draw a PNG of one colour, or of four: left to right, top to bottom."""
    across = 1 if len(colours) == 1 else 2
    picture = Image.new("RGB", (across * width, across * height))
    for number, colour in enumerate(colours):
        picture.paste(colour, (number % across * width, number // across * height, *picture.size))
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()
