"""Check masks, which say what of a picture is to be redrawn, and show them over it."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from PIL import Image

from bot.errors import BadImage, BadMask, ImageProblem, MaskProblem
from bot.media.decode import MAX_RESULT_PIXELS, encode, flatten, open_image, resizable, upright, upright_size
from bot.media.images import MAX_IMAGE_BYTES

MAX_MASK_PIXELS = MAX_RESULT_PIXELS
"""Pixels of a mask, which has the size of its picture, whatever that is.

The largest that TTAPI makes comes of `upscale4` (providers.md, section 1.6): 19 million pixels from a quarter of the
grid that its pages show, and 67 million from a picture of 2048 x 2048. No page says what is too large.
"""

TILE = 1024
"""Pixels of both sides of what is judged at once, so that only the decoded mask and its levels are held whole."""

BLACK, WHITE = (0, 0, 0), (255, 255, 255)

DARK, LIGHT = 63, 192
"""The levels, of 0 to 255, up to which a pixel is nearly black or clear, and from which nearly white or opaque."""

_NEARLY = [0 if level <= DARK else 255 if level >= LIGHT else 128 for level in range(256)]
_ERASED = [255 if level < 128 else 0 for level in range(256)]

_mapped: Callable[[Image.Image, list[int]], Image.Image] = Image.Image.point  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # its hints name NumPy


class MaskReading(StrEnum):
    """Name what a mask was taken for: pure black and white, nearly so, or the picture with a hole erased in it."""

    PURE = "pure"
    NEARLY = "nearly"
    HOLE = "hole"


class _Grey(Exception):
    """A pixel is neither nearly black nor nearly white."""


@dataclass(frozen=True)
class CheckedMask:
    """Hold a mask as a grey PNG of 8 bits with nothing but 0 (keep) and 255 (redraw); sizes are pixels."""

    data: bytes
    width: int
    height: int
    reading: MaskReading


def check_mask(mask: bytes, image: bytes) -> CheckedMask:
    """Read a mask that has a picture's size: nearly black and nearly white, where what is clear counts as black.

    What is neither is taken for the picture itself, of which a hole was erased; so is black with a hole. Both sizes are
    judged as they are displayed, after any EXIF turn; where no turn could make them equal, the mask is not decoded.
    Blocks while decoding, with 6 bytes a pixel in use, 17 for WebP (hence its lower limit). Raises `BadMask`:
    WRONG_SIZE, GREY (colours too) or NOTHING_WHITE; and `BadImage` as `check_image` does, its role "mask", or "start"
    where the picture itself cannot be read.
    """
    if len(mask) > MAX_IMAGE_BYTES:
        raise BadImage(ImageProblem.TOO_LARGE, "mask", MAX_IMAGE_BYTES)
    with open_image(image, most_pixels=MAX_RESULT_PIXELS) as opened:
        needed = upright_size(opened)
    with open_image(mask, "mask", most_pixels=MAX_MASK_PIXELS) as opened:
        if opened.size not in (needed, needed[::-1]):
            raise BadMask(MaskProblem.WRONG_SIZE, *needed, *opened.size)
        size = upright_size(opened)
        if size != needed:
            raise BadMask(MaskProblem.WRONG_SIZE, *needed, *size)
        levels, reading = _read(opened)
        return CheckedMask(encode(upright(opened, levels), "PNG"), *needed, reading)


def overlay(image: bytes, mask: bytes, longest: int = 1024) -> bytes:
    """Make a JPEG of a picture with red glass over what a checked mask marks; its longer side is at most `longest`.

    Blocks while decoding. Raises `BadImage`.
    """
    with open_image(mask, "mask", most_pixels=MAX_RESULT_PIXELS) as opened:
        marked = flatten(opened, longest).convert("L")
    with open_image(image, most_pixels=MAX_RESULT_PIXELS) as opened:
        shown = flatten(opened, longest)
        red = Image.blend(shown, Image.new("RGB", shown.size, "red"), 0.5)
        shown.paste(red, mask=marked)
        return encode(shown, "JPEG", quality=85)


def _read(image: Image.Image) -> tuple[Image.Image, MaskReading]:
    """Give the levels 0 and 255 of what is to be redrawn, and how they were found."""
    try:
        levels, reading = _black_and_white(image)
    except _Grey:
        problem = MaskProblem.GREY
    else:
        if levels.getextrema() != (0, 0):
            return levels, reading
        problem = MaskProblem.NOTHING_WHITE
    holes = _holes(image)
    if holes is None:
        raise BadMask(problem)
    return holes, MaskReading.HOLE


def _black_and_white(image: Image.Image) -> tuple[Image.Image, MaskReading]:
    levels, reading = Image.new("L", image.size), MaskReading.PURE
    for place, tile in _tiles(image):
        flat = Image.new("RGB", tile.size, BLACK)
        opacity = tile.getchannel("A")
        flat.paste(tile, mask=opacity)
        if not _few_colours(flat) <= {BLACK, WHITE} or not _few_colours(opacity) <= {0, 255}:
            flat, reading = _mapped(flat, _NEARLY * 3), MaskReading.NEARLY
            if not _few_colours(flat) <= {BLACK, WHITE}:
                raise _Grey
        levels.paste(flat.getchannel("R"), place)
    return levels, reading


def _holes(image: Image.Image) -> Image.Image | None:
    """Give what was erased, more than half, of a picture that is partly clear and partly opaque; None of others."""
    holes, clearest, most_opaque = Image.new("L", image.size), 255, 0
    for place, tile in _tiles(image):
        opacity = tile.getchannel("A")
        least, most = _extremes(opacity)
        clearest, most_opaque = min(clearest, least), max(most_opaque, most)
        holes.paste(_mapped(opacity, _ERASED), place)
    return holes if clearest <= DARK and most_opaque >= LIGHT else None


def _tiles(image: Image.Image) -> Generator[tuple[tuple[int, int], Image.Image]]:
    """Give an image's parts as RGBA, each with its left and upper edge."""
    for left, top in product(range(0, image.width, TILE), range(0, image.height, TILE)):
        right, bottom = min(left + TILE, image.width), min(top + TILE, image.height)
        yield (left, top), resizable(image.crop((left, top, right, bottom))).convert("RGBA")


def _extremes(channel: Image.Image) -> tuple[int, int]:
    histogram = channel.histogram()
    levels = [level for level in range(256) if histogram[level]]
    return levels[0], levels[-1]


def _few_colours(image: Image.Image) -> set[object]:
    """Name an image's colours; more than two are only told as None."""
    found = image.getcolors(2)
    return {None} if found is None else {colour for _, colour in found}
