"""Open pictures that nobody vouches for: one at a time, within limits, and whatever is wrong as one kind of error."""

import io
import threading
import warnings
from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager

from PIL import ExifTags, Image

from bot.errors import AnimaticError, BadImage, ImageProblem
from bot.media import jpeg, png

MAX_PIXELS = 80_000_000
"""Pixels of what a member gives, of an animation of its first frame; decoded they take up to 320 MB.

Phones make 8160 x 6144.
"""

MAX_WEBP_PIXELS = 50_000_000
"""Pixels of a WebP, whoever made it: its decoder takes 16 bytes for each."""

MAX_RESULT_PIXELS = 100_000_000
"""Pixels of what a provider made, where a fourfold upscale has 67 million."""

MOST_KEPT_PIXELS = 50_000_000
"""Pixels above which a member's picture is scaled down, for nobody promises to take more."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")

# One picture at a time: it bounds the memory, and warnings.catch_warnings is not safe among threads.
_one_at_a_time = threading.Lock()

_STRIP = 256
"""Lines of a picture that are turned into plain colours at once."""

_SMOOTH = 1.5
"""How many times larger than wanted a picture is when it is last resized, after it was divided."""

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

_Box = tuple[float, float, float, float]
_resize: Callable[[Image.Image, tuple[int, int], int, _Box], Image.Image] = Image.Image.resize  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # its hints name NumPy


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
            plain = _without_metadata(data)
            with Image.open(io.BytesIO(plain), formats=tuple(formats)) as image:
                _refuse_too_many_pixels(image, role, most_pixels)
                whole = _with_end(image, plain, role)
                if whole is plain:
                    yield image
                    return
            with Image.open(io.BytesIO(whole), formats=tuple(formats)) as image:
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


def flatten(image: Image.Image, longest: int, *, spare: int = 2) -> Image.Image:
    """Make an RGB copy without metadata: upright, alpha on white, its longer side at most `longest` pixels.

    Beside the decoded picture only the copy is held, and of a JPEG not much more is decoded than is needed: `spare`
    times the sides, for what the decoder itself shrinks is a little less sharp.
    """
    turn = _UPRIGHT.get(_orientation(image))
    share = min(1.0, longest / max(image.size))
    width, height = (max(1, round(side * share)) for side in image.size)
    spare = 1 if image.width * image.height > MOST_KEPT_PIXELS else spare
    image.draft(None, (spare * width, spare * height))
    by = max(1, int(max(image.size) / max(width, height) / _SMOOTH))
    flat = _coloured(image, by)
    if flat.size != (width, height):
        shown = (0, 0, image.width / by, image.height / by)
        flat = _resize(flat, (width, height), Image.Resampling.BICUBIC, shown)
    if turn is not None:
        flat = flat.transpose(turn)
    flat.info = {}
    return flat


def resizable(image: Image.Image) -> Image.Image:
    """Turn the kinds of pixels that Pillow cannot shrink well: palettes, bits, a clear colour, and grey of 16 bits."""
    if image.mode == "I;16":
        return Image.frombytes("L", image.size, image.tobytes()[1::2])  # the high byte of each pixel
    return image.convert("RGBA") if image.mode in ("1", "P", "PA") or "transparency" in image.info else image


def _coloured(image: Image.Image, by: int) -> Image.Image:
    """Give a picture's colours on white, each side divided by a whole number, without a second copy at full size."""
    image.load()
    if by == 1 and image.mode == "RGB" and not image.has_transparency_data:
        return image
    size = (-(-image.width // by), -(-image.height // by))
    flat = Image.new("RGB", size)
    lines = -(-_STRIP // by) * by
    for top in range(0, image.height, lines):
        strip = _on_white(image.crop((0, top, image.width, min(top + lines, image.height))))
        flat.paste(strip.reduce(by) if by > 1 else strip, (0, top // by))
    return flat


def _on_white(strip: Image.Image) -> Image.Image:
    strip = resizable(strip)
    if not strip.has_transparency_data:
        return strip if strip.mode == "RGB" else strip.convert("RGB")
    clear = strip if strip.mode == "RGBA" else strip.convert("RGBA")
    flat = Image.new("RGB", clear.size, "white")
    flat.paste(clear, mask=clear)
    return flat


def encode(image: Image.Image, kind: str, **options: int) -> bytes:
    """Write a picture as PNG or JPEG."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _orientation(image: Image.Image) -> int:
    """Read how the camera was held; a picture is no worse for EXIF data that cannot be read."""
    if image.format == "PNG":
        image.load()  # reading EXIF would do so, and what is broken is no EXIF data that cannot be read
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001  # hostile bytes make the reader raise nearly anything
        return 1


def _refuse_too_many_pixels(image: Image.Image, role: str, most: int) -> None:
    if image.format == "WEBP":
        most = min(most, MAX_WEBP_PIXELS)
    if image.width * image.height > most:
        raise BadImage(ImageProblem.TOO_MANY_PIXELS, role, most)


def _without_metadata(data: bytes) -> bytes:
    if data.startswith(png.SIGNATURE):
        return png.without_metadata(data)
    return jpeg.without_metadata(data) if data.startswith(jpeg.SIGNATURE) else data


def _with_end(image: Image.Image, data: bytes, role: str) -> bytes:
    if image.format not in ("JPEG", "MPO"):
        return data
    if jpeg.has_endless_scans(data):
        raise BadImage(ImageProblem.BROKEN, role)
    return jpeg.with_end(data)


def _begins_like(data: bytes, formats: Collection[str]) -> bool:
    return any(
        name in formats and data.startswith(start) and data[8:].startswith(rest)
        for name, start, rest in (
            ("PNG", png.SIGNATURE, b""),
            ("JPEG", jpeg.SIGNATURE, b""),
            ("GIF", b"GIF8", b""),
            ("WEBP", b"RIFF", b"WEBP"),
        )
    )
