"""Check pictures by decoding them, and make small ones for the card."""

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from PIL import Image

from bot.errors import BadImage, ImageProblem
from bot.media import jpeg
from bot.media.decode import MAX_RESULT_PIXELS, MOST_KEPT_PIXELS, encode, flatten, open_image

MAX_IMAGE_BYTES = 12 * 1024 * 1024
"""The smallest limit among the providers (providers.md, section 7), used for all."""

SCALED_SIDE = 2_048
"""Pixels of the longer side of what was scaled down: as much as is sent to providers."""

SCALED = "scaled.jpg"
"""The extension of what was scaled down."""

CARD_SIDE = 1_280
"""Pixels of the longer side of a picture on a card: enough to make another film from."""

LIST_SIDE = 160
"""Pixels of the longer side of a picture in a list; Discord shows it at about half of that on a plain screen."""

MOST_SHOWN_BYTES = 512 * 1024
"""Bytes of a picture that a card shows as it is."""

MOST_COPIES = {CARD_SIDE: 32, LIST_SIDE: 512}
"""Copies that are remembered until they are asked for, by their longer side: some hundred kilobytes, and some five."""

MAX_GRID_PIXELS = 50_000_000
"""Pixels of a grid, all of which is held twice."""

QUALITY = 85
"""JPEG's, of what people are shown."""

RESULT_FORMATS = ("PNG", "JPEG", "WEBP")

# MPO is what Pillow calls a JPEG with a second picture behind it, as phones make them.
_FORMATS = {
    "PNG": ("png", "image/png"),
    "JPEG": ("jpg", "image/jpeg"),
    "MPO": ("jpg", "image/jpeg"),
    "WEBP": ("webp", "image/webp"),
    "GIF": ("gif", "image/gif"),
}


@dataclass(frozen=True)
class CheckedImage:
    """Hold a picture that was decoded; `width` and `height` are pixels as stored, before any EXIF turn."""

    data: bytes
    width: int
    height: int
    extension: str
    content_type: str


class Copies:
    """Remember a few copies by the picture that they were made of; each is given as often as it was put here."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._copies: dict[bytes, tuple[bytes, int]] = {}

    def put(self, picture: bytes, copy: bytes) -> None:
        key = sha256(picture).digest()
        _, times = self._copies.pop(key, (copy, 0))
        self._copies[key] = (copy, times + 1)
        while len(self._copies) > self._most:
            del self._copies[next(iter(self._copies))]

    def take(self, picture: bytes) -> bytes | None:
        key = sha256(picture).digest() if self._copies else b""
        copy, times = self._copies.pop(key, (None, 0))
        if copy is not None and times > 1:
            self._copies[key] = (copy, times - 1)
        return copy


_copies = {side: Copies(most) for side, most in MOST_COPIES.items()}
"""Those of this process, which is the one that decodes pictures."""


def check_image(data: bytes, role: str = "start") -> CheckedImage:
    """Decode a PNG, JPEG, WebP or GIF picture wholly; of an animation the first frame.

    One of more than `MOST_KEPT_PIXELS` becomes a JPEG of `SCALED_SIDE`. Blocks for as long as the decoding takes; a
    JPEG is decoded at an eighth of its size, which reads all of its data. Raises `BadImage`: NOT_AN_IMAGE, BROKEN,
    TOO_LARGE (bytes), or TOO_MANY_PIXELS, which is read from the header before anything is decoded.
    """
    if len(data) > MAX_IMAGE_BYTES:
        raise BadImage(ImageProblem.TOO_LARGE, role, MAX_IMAGE_BYTES)
    with open_image(data, role) as image:
        if image.width * image.height > MOST_KEPT_PIXELS:
            return _scaled(image)
        return _checked(data, image)


def check_for_card(data: bytes, role: str = "start") -> CheckedImage:
    """Do what `check_image` does, and remember the copies for card and list: decoding costs most, and is done once.

    Blocks, and raises, as `check_image` does.
    """
    if len(data) <= MAX_IMAGE_BYTES:
        with suppress(BadImage), open_image(data, role) as image:
            if image.width * image.height <= MOST_KEPT_PIXELS:
                width, height = image.size
                extension, content_type = _FORMATS[image.format or ""]
                if _is_its_own_copy(data, image):
                    _copies[CARD_SIDE].put(data, jpeg.without_metadata(data))
                    flat = flatten(image, LIST_SIDE, spare=1)
                else:
                    flat = flatten(image, CARD_SIDE)
                    _copies[CARD_SIDE].put(data, encode(flat, "JPEG", quality=QUALITY))
                    flat.thumbnail((LIST_SIDE, LIST_SIDE))
                _copies[LIST_SIDE].put(data, encode(flat, "JPEG", quality=QUALITY))
                return CheckedImage(data, width, height, extension, content_type)
    return check_image(data, role)


def _is_its_own_copy(data: bytes, image: Image.Image) -> bool:
    """Tell whether a card may show a picture as it is: nothing of it but its pixels would be in a copy either."""
    plain = image.format == "JPEG" and image.mode == "RGB" and not image.getexif()
    small = max(image.size) <= CARD_SIDE and len(data) <= MOST_SHOWN_BYTES
    return plain and small and data.endswith(jpeg.END)


def check_result(data: bytes) -> CheckedImage:
    """Decode a finished PNG, JPEG or WebP picture, which may be larger than a member's.

    Blocks. A JPEG is decoded at an eighth of its size, which reads all of its data; others take 4 bytes a pixel, WebP
    16 (hence its lower limit). Raises `BadImage`: NOT_AN_IMAGE, BROKEN or TOO_MANY_PIXELS.
    """
    with open_image(data, most_pixels=MAX_RESULT_PIXELS, formats=RESULT_FORMATS) as image:
        return _checked(data, image)


def thumbnail(data: bytes, longest: int = 320) -> bytes:
    """Make a JPEG whose longer side is at most `longest` pixels: turned as EXIF says, alpha flattened on white.

    Blocks while decoding. Raises `BadImage` as `check_image` does, but takes what a provider made, up to
    `MAX_RESULT_PIXELS`.
    """
    if longest in _copies and (copy := _copies[longest].take(data)) is not None:
        return copy
    with open_image(data, most_pixels=MAX_RESULT_PIXELS) as image:
        return encode(flatten(image, longest), "JPEG", quality=QUALITY)


def split_grid(grid: bytes) -> list[bytes]:
    """Cut a grid of two by two into four PNGs: left to right, top to bottom.

    Of an odd number of pixels the right or lower picture has the one more. Alpha is flattened on white. Blocks. Raises
    `BadImage` as `check_image` does; BROKEN too when a side is a single pixel.
    """
    with open_image(grid, most_pixels=MAX_GRID_PIXELS) as image:
        flat = flatten(image, max(image.size))
        width, height = flat.size
        across, down = (0, width // 2, width), (0, height // 2, height)
        boxes = [(across[x], down[y], across[x + 1], down[y + 1]) for y in (0, 1) for x in (0, 1)]
        return [encode(flat.crop(box), "PNG") for box in boxes]


def _checked(data: bytes, image: Image.Image) -> CheckedImage:
    width, height = image.size
    extension, content_type = _FORMATS[image.format or ""]
    image.draft(None, (1, 1))
    image.load()
    return CheckedImage(data, width, height, extension, content_type)


def _scaled(image: Image.Image) -> CheckedImage:
    small = flatten(image, SCALED_SIDE)
    return CheckedImage(encode(small, "JPEG", quality=92), small.width, small.height, SCALED, "image/jpeg")
