"""Open pictures that nobody vouches for: one at a time, within limits, and whatever is wrong as one kind of error."""

import io
import re
import threading
import warnings
from collections.abc import Collection, Generator
from contextlib import contextmanager
from itertools import islice

from PIL import ExifTags, Image

from bot.errors import AnimaticError, BadImage, ImageProblem

MAX_PIXELS = 50_000_000
"""Pixels of one frame of what a member gives; decoded they take up to 200 MB, and 800 MB as WebP."""

MAX_RESULT_PIXELS = 100_000_000
"""Pixels of what a provider made, where a fourfold upscale has 67 million; WebP keeps to `MAX_PIXELS`."""

MAX_FRAMES = 1_000
MAX_FRAME_PIXELS = 8 * MAX_PIXELS
"""Pixels of all frames of an animation together; only its first frame is decoded."""

MAX_SCANS = 64
"""Scans of one JPEG, where encoders write a dozen: a few bytes can make each cost a pass over the whole picture."""

MAX_MARKERS = 5_000

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")

# One picture at a time: it bounds the memory, and warnings.catch_warnings is not safe among threads.
_one_at_a_time = threading.Lock()

# Neither stuffed bytes nor what stands alone between a JPEG's entropy-coded data (ITU-T T.81, table B.1).
_MARKER = re.compile(rb"\xff[^\x00\x01\xff\xd0-\xd7]")
_START_OF_SCAN = b"\xff\xda"
_END_OF_IMAGE = b"\xff\xd9"

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_THEIR_SIDE = (5, 6, 7, 8)


@contextmanager
def open_image(
    data: bytes, role: str = "start", *, most_pixels: int = MAX_PIXELS, formats: Collection[str] = FORMATS
) -> Generator[Image.Image]:
    """Open a picture whose header is within the limits, and turn whatever its decoder raises into `BadImage`.

    Not to be nested: a second picture waits until the first is closed.
    """
    with _one_at_a_time, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        try:
            with Image.open(io.BytesIO(data), formats=tuple(formats)) as image:
                _refuse_too_many_pixels(image, role, most_pixels)
                _refuse_endless_scans(image, data, role)
                yield image
        except AnimaticError:
            raise
        except Image.DecompressionBombError:
            raise BadImage(ImageProblem.TOO_MANY_PIXELS, role, most_pixels) from None
        except Exception as error:  # hostile bytes make the decoders raise nearly anything
            problem = ImageProblem.BROKEN if _begins_like(data, formats) else ImageProblem.NOT_AN_IMAGE
            raise BadImage(problem, role) from error


def upright(image: Image.Image, shown: Image.Image) -> Image.Image:
    """Turn what was made of a picture as the picture's EXIF data says."""
    turn = _UPRIGHT.get(_orientation(image))
    return shown if turn is None else shown.transpose(turn)


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Give the size of a picture as it is displayed; a PNG is decoded, for what its end may say about it."""
    width, height = image.size
    return (height, width) if _orientation(image) in _ON_THEIR_SIDE else (width, height)


def flatten(image: Image.Image, longest: int) -> Image.Image:
    """Make an RGB copy without metadata: upright, alpha on white, its longer side at most `longest` pixels."""
    turn = _UPRIGHT.get(_orientation(image))
    smooth = resizable(image)
    smooth.thumbnail((longest, longest))
    if turn is not None:
        smooth = smooth.transpose(turn)
    if smooth.has_transparency_data:
        rgba = smooth if smooth.mode == "RGBA" else smooth.convert("RGBA")
        flat = Image.new("RGB", rgba.size, "white")
        flat.paste(rgba, mask=rgba)
        return flat
    flat = smooth if smooth.mode == "RGB" else smooth.convert("RGB")
    flat.info = {}
    return flat


def resizable(image: Image.Image) -> Image.Image:
    """Turn the kinds of pixels that Pillow cannot shrink well: palettes, bits, a clear colour, and grey of 16 bits."""
    if image.mode == "I;16":
        return Image.frombytes("L", image.size, image.tobytes()[1::2])  # the high byte of each pixel
    return image.convert("RGBA") if image.mode in ("1", "P", "PA") or "transparency" in image.info else image


def encode(image: Image.Image, kind: str, **options: int) -> bytes:
    """Write a picture as PNG or JPEG."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _orientation(image: Image.Image) -> int:
    """Read how the camera was held; a picture is no worse for EXIF data that cannot be read."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001  # hostile bytes make the reader raise nearly anything
        return 1


def _refuse_too_many_pixels(image: Image.Image, role: str, most: int) -> None:
    if image.format == "WEBP":
        most = min(most, MAX_PIXELS)  # its decoder takes 16 bytes a pixel
    pixels = image.width * image.height
    if pixels > most:
        raise BadImage(ImageProblem.TOO_MANY_PIXELS, role, most)
    frames = getattr(image, "n_frames", 1)
    if frames > MAX_FRAMES or frames * pixels > MAX_FRAME_PIXELS:
        raise BadImage(ImageProblem.TOO_MANY_PIXELS, role, MAX_FRAME_PIXELS)


def _refuse_endless_scans(image: Image.Image, data: bytes, role: str) -> None:
    if image.format not in ("JPEG", "MPO"):
        return
    markers = list(islice(_markers(data), MAX_MARKERS + 1))
    if len(markers) > MAX_MARKERS or markers.count(_START_OF_SCAN) > MAX_SCANS:
        raise BadImage(ImageProblem.BROKEN, role)


def _markers(jpeg: bytes) -> Generator[bytes]:
    """List a JPEG's markers up to its end, stepping over the segments that they open."""
    found = _MARKER.search(jpeg, 2)
    while found and found.group() != _END_OF_IMAGE:
        yield found.group()
        length = int.from_bytes(jpeg[found.end() : found.end() + 2])
        found = _MARKER.search(jpeg, found.end() + length)


def _begins_like(data: bytes, formats: Collection[str]) -> bool:
    return any(
        name in formats and data.startswith(start) and data[8:].startswith(rest)
        for name, start, rest in (
            ("PNG", b"\x89PNG\r\n\x1a\n", b""),
            ("JPEG", b"\xff\xd8\xff", b""),
            ("GIF", b"GIF8", b""),
            ("WEBP", b"RIFF", b"WEBP"),
        )
    )
