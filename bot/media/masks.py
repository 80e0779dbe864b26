"""Check masks, which say what of a picture is to be redrawn, and show them over it."""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class CheckedMask:
    """Hold a mask as a grey PNG of 8 bits with nothing but 0 (keep) and 255 (redraw); sizes are pixels."""

    data: bytes
    width: int
    height: int


def check_mask(mask: bytes, image: bytes) -> CheckedMask:
    """Read a mask that has a picture's size and is purely black and white; what is wholly clear counts as black.

    Both sizes are judged as they are displayed, after any EXIF turn; where no turn could make them equal, the mask is
    not decoded. Blocks while decoding, with 6 bytes a pixel in use, 17 for WebP (hence its lower limit). Raises
    `BadMask`: WRONG_SIZE, GREY (colours and half-clear pixels too) or NOTHING_WHITE; and `BadImage` as
    `check_image` does, its role "mask", or "start" where the picture itself cannot be read.
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
        levels = upright(opened, _black_and_white(opened))
        return CheckedMask(encode(levels, "PNG"), *needed)


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


def _black_and_white(image: Image.Image) -> Image.Image:
    """Give the levels 0 and 255 of an image that has no others."""
    levels = Image.new("L", image.size)
    for left, top in product(range(0, image.width, TILE), range(0, image.height, TILE)):
        right, bottom = min(left + TILE, image.width), min(top + TILE, image.height)
        levels.paste(_levels_of(image.crop((left, top, right, bottom))), (left, top))
    if levels.getextrema() == (0, 0):
        raise BadMask(MaskProblem.NOTHING_WHITE)
    return levels


def _levels_of(tile: Image.Image) -> Image.Image:
    tile = resizable(tile).convert("RGBA")
    opacity = tile.getchannel("A")
    flat = Image.new("RGB", tile.size, BLACK)
    flat.paste(tile, mask=opacity)
    if not _few_colours(flat) <= {BLACK, WHITE} or not _few_colours(opacity) <= {0, 255}:
        raise BadMask(MaskProblem.GREY)
    return flat.getchannel("R")


def _few_colours(image: Image.Image) -> set[object]:
    """Name an image's colours; more than two are only told as None."""
    found = image.getcolors(2)
    return {None} if found is None else {colour for _, colour in found}
