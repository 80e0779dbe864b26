"""What of a JPEG is read before its pixels are: its segments, its scans and its end (ITU-T T.81, annex B)."""

import hashlib
import io
import re
from collections.abc import Generator, Iterable
from itertools import islice

from PIL import Image

SIGNATURE = b"\xff\xd8\xff"

MAX_SCANS = 64
"""Scans of one JPEG, where encoders write a dozen: a few bytes can make each cost a pass over the whole picture."""

MAX_MARKERS = 5_000

# Neither stuffed bytes nor what stands alone between a JPEG's entropy-coded data (table B.1).
_MARKER = re.compile(rb"\xff[^\x00\x01\xff\xd0-\xd7]")
_START_OF_SCAN = b"\xff\xda"
END = b"\xff\xd9"
"""What a whole JPEG ends with."""

_PROGRESSIVE = b"\xff\xc2"
_WAVES = 64
_COMMENT = 0xFE
_APPLICATION = range(0xE0, 0xF0)
_JFIF, _EXIF, _ADOBE = 0xE0, 0xE1, 0xEE

_STRIP = 64
"""Lines of a picture that are compared at once."""


def without_metadata(jpeg: bytes) -> bytes:
    """Keep of a JPEG's comments and applications' segments only what says how its pixels are meant, and how they stand.

    What cannot be told apart stays as it is.
    """
    kept, place = [jpeg[:2]], 2
    while jpeg[place : place + 1] == b"\xff":
        if jpeg[place + 1 : place + 2] == b"\xff":  # a byte that only fills
            place += 1
            continue
        marker, end = jpeg[place + 1 : place + 2], place + 2 + int.from_bytes(jpeg[place + 2 : place + 4])
        if marker == _START_OF_SCAN[1:] or end < place + 4 or end > len(jpeg):
            break
        if _is_needed(marker[0], jpeg[place + 4 : place + 10]):
            kept.append(jpeg[place:end])
        place = end
    return b"".join((*kept, jpeg[place:]))


def has_endless_scans(jpeg: bytes) -> bool:
    """Tell whether a JPEG would take for ever to be read."""
    markers = [marker for marker, _ in islice(_segments(jpeg), MAX_MARKERS + 1)]
    return len(markers) > MAX_MARKERS or markers.count(_START_OF_SCAN) > MAX_SCANS


def with_end(jpeg: bytes) -> bytes:
    """Put the end marker behind a JPEG that lacks nothing else; any other stays as it is. May decode it twice."""
    segments = list(_segments(jpeg))
    if segments[-1:] == [(END, b"")] or not _has_all_scans(segments):
        return jpeg
    body = jpeg.removesuffix(b"\xff")
    # Pixels that were lost are made of whatever follows: a whole picture is the same with any tail.
    return body + END if _digest(body + _tail(0x00)) == _digest(body + _tail(0xAA)) else jpeg


def _is_needed(marker: int, begin: bytes) -> bool:
    if marker in _APPLICATION:
        return marker in (_JFIF, _ADOBE) or (marker == _EXIF and begin == b"Exif\0\0")
    return marker != _COMMENT


def _segments(jpeg: bytes) -> Generator[tuple[bytes, bytes]]:
    """List a JPEG's markers up to its end and with it, each with the segment that it opens."""
    found = _MARKER.search(jpeg, 2)
    while found:
        if found.group() == END:
            yield END, b""
            return
        end = found.end() + int.from_bytes(jpeg[found.end() : found.end() + 2])
        yield found.group(), jpeg[found.end() + 2 : end]
        found = _MARKER.search(jpeg, end)


def _has_all_scans(segments: Iterable[tuple[bytes, bytes]]) -> bool:
    """Tell whether the scans of a progressive JPEG bring all bits of all waves of each colour (annex G)."""
    lacking: set[tuple[int, int]] = set()
    for marker, body in segments:
        if marker == _PROGRESSIVE:
            lacking = {(colour, wave) for colour in body[6::3] for wave in range(_WAVES)}
        elif marker == _START_OF_SCAN and len(body) > 3 and not body[-1] & 0x0F:
            lacking -= {(colour, wave) for colour in body[1:-3:2] for wave in range(body[-3], body[-2] + 1)}
    return not lacking


def _tail(filling: int) -> bytes:
    """Make what a decoder takes for pixels, in one piece and after each of the markers that a scan may be parted by."""
    parts = (bytes([0xFF, 0xD0 + number % 8]) + bytes([filling]) * 64 for number in range(32))
    return bytes([filling]) * 4_096 + b"".join(parts) + END


def _digest(jpeg: bytes) -> bytes:
    """Sum a picture up at half its size, at which its finest waves do not count."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
        image.draft(None, (image.width // 2, image.height // 2))
        image.load()
        found = hashlib.blake2b()
        for top in range(0, image.height, _STRIP):
            found.update(image.crop((0, top, image.width, min(top + _STRIP, image.height))).tobytes())
        return found.digest()
