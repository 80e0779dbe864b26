"""Make copies of pictures that are small enough for where they go."""

from PIL import Image

from bot.errors import BadImage, ImageProblem
from bot.media.decode import MAX_RESULT_PIXELS, encode, flatten, open_image

QUALITIES = (92, 85, 75)
"""JPEG's, from 0 to 95; a lower one shows more than fewer pixels do."""

SMALLEST = 64
"""Pixels of the longer side below which a picture is not worth showing."""


def resize_to_limit(data: bytes, limit: int, longest: int = 8192) -> bytes | None:
    """Make a JPEG of at most `limit` bytes, upright and as large as it can be up to `longest` pixels a side.

    Blocks, with up to 14 bytes a pixel in use. None when the picture cannot be read, or would become too small to be
    seen.
    """
    try:
        with open_image(data, most_pixels=MAX_RESULT_PIXELS) as image:
            return _within(flatten(image, longest), limit)
    except BadImage:
        return None


def prepare_for_provider(data: bytes, longest: int = 2048, limit: int = 4 * 2**20) -> tuple[str, bytes]:
    """Make a picture ready for a data URI: its MIME type, and a JPEG of at most `limit` bytes.

    It is upright, alpha flattened on white, without metadata, its longer side at most `longest` pixels. Blocks. Raises
    `BadImage`, TOO_LARGE when it cannot be made to fit.
    """
    with open_image(data, most_pixels=MAX_RESULT_PIXELS) as image:
        small = _within(flatten(image, longest), limit)
    if small is None:
        raise BadImage(ImageProblem.TOO_LARGE, limit=limit)
    return "image/jpeg", small


def _within(image: Image.Image, limit: int) -> bytes | None:
    """Lower the quality, then the size, in place, until the JPEG fits."""
    size = 0
    for quality in QUALITIES:
        data = encode(image, "JPEG", quality=quality)
        size = len(data)
        if size <= limit:
            return data
    while True:
        share = min(0.9, 0.95 * (limit / size) ** 0.5)
        longest = int(max(image.size) * share)
        if longest < SMALLEST:
            return None
        image.thumbnail((longest, longest))
        data = encode(image, "JPEG", quality=QUALITIES[-1])
        size = len(data)
        if size <= limit:
            return data
