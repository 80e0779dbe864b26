"""Check pictures by decoding them, and make small ones for the card."""

import io
import threading
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import ExifTags, Image

from bot.errors import BadPicture, PictureProblem

MAX_PICTURE_BYTES = 12 * 1024 * 1024
"""The smallest limit among the providers (providers.md, section 7), used for all."""

MAX_PIXELS = 50_000_000
"""Pixels of one frame; decoded they take up to 200 MB."""

MAX_FRAMES = 1_000
MAX_FRAME_PIXELS = 8 * MAX_PIXELS
"""Pixels of all frames of an animation together; only its first frame is decoded."""

_DECODERS = ("PNG", "JPEG", "WEBP", "GIF")

# MPO is what Pillow calls a JPEG with a second picture behind it, as phones make them.
_FORMATS = {
    "PNG": ("png", "image/png"),
    "JPEG": ("jpg", "image/jpeg"),
    "MPO": ("jpg", "image/jpeg"),
    "WEBP": ("webp", "image/webp"),
    "GIF": ("gif", "image/gif"),
}

# One picture at a time: it bounds the memory, and warnings.catch_warnings is not safe among threads.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class CheckedPicture:
    """Hold a picture that was decoded; `width` and `height` are pixels as stored, before any EXIF turn."""

    data: bytes
    width: int
    height: int
    extension: str
    content_type: str


def check_picture(data: bytes, place: str = "start") -> CheckedPicture:
    """Decode a PNG, JPEG, WebP or GIF picture wholly; of an animation the first frame.

    Blocks for as long as the decoding takes. Raises `BadPicture`: NOT_A_PICTURE, BROKEN, TOO_LARGE (bytes),
    or TOO_MANY_PIXELS, which is read from the header before anything is decoded.
    """
    if len(data) > MAX_PICTURE_BYTES:
        raise BadPicture(PictureProblem.TOO_LARGE, place, MAX_PICTURE_BYTES)
    with _opened(data, place) as image:
        extension, content_type = _FORMATS[image.format or ""]
        _refuse_too_many_pixels(image, place)
        image.load()
        return CheckedPicture(data, image.width, image.height, extension, content_type)


def thumbnail(data: bytes, longest: int = 320) -> bytes:
    """Make a JPEG whose longer side is at most `longest` pixels: turned as EXIF says, alpha flattened on white.

    Blocks while decoding. Raises `BadPicture` as `check_picture` does.
    """
    with _opened(data, "start") as image:
        _refuse_too_many_pixels(image, "start")
        turn = _UPRIGHT.get(_orientation(image))
        smooth = _resizable(image)
        smooth.thumbnail((longest, longest))
        upright = (smooth if turn is None else smooth.transpose(turn)).convert("RGBA")
        small = Image.new("RGB", upright.size, "white")
        small.paste(upright, mask=upright)
        out = io.BytesIO()
        small.save(out, "JPEG", quality=85)
        return out.getvalue()


@contextmanager
def _opened(data: bytes, place: str) -> Generator[Image.Image]:
    """Open a picture and turn whatever its decoder raises into `BadPicture`."""
    with _one_at_a_time, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=_DECODERS) as image:
                yield image
        except BadPicture:
            raise
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise BadPicture(PictureProblem.TOO_MANY_PIXELS, place, MAX_PIXELS) from None
        except Exception as error:  # hostile bytes make the decoders raise nearly anything
            problem = PictureProblem.BROKEN if _begins_like_a_picture(data) else PictureProblem.NOT_A_PICTURE
            raise BadPicture(problem, place) from error


_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _orientation(image: Image.Image) -> int:
    """Read how the camera was held; a picture is no worse for EXIF data that cannot be read."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001  # hostile bytes make the reader raise nearly anything
        return 1


def _resizable(image: Image.Image) -> Image.Image:
    """Turn the kinds of pixels that Pillow cannot shrink well: palettes, bits, and grey of 16 bits."""
    if image.mode == "I;16":
        return Image.frombytes("L", image.size, image.tobytes()[1::2])  # the high byte of each pixel
    return image.convert("RGBA") if image.mode in ("1", "P", "PA") else image


def _refuse_too_many_pixels(image: Image.Image, place: str) -> None:
    pixels = image.width * image.height
    if pixels > MAX_PIXELS:
        raise BadPicture(PictureProblem.TOO_MANY_PIXELS, place, MAX_PIXELS)
    frames = getattr(image, "n_frames", 1)
    if frames > MAX_FRAMES or frames * pixels > MAX_FRAME_PIXELS:
        raise BadPicture(PictureProblem.TOO_MANY_PIXELS, place, MAX_FRAME_PIXELS)


def _begins_like_a_picture(data: bytes) -> bool:
    return data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")) or (
        data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    )
