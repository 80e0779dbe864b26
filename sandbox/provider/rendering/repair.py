"""Images as viewers take them, which is more than Pillow does: what is beside the pixels does not matter."""

from __future__ import annotations

PNG = b"\x89PNG\r\n\x1a\n"
ANCILLARY = 0x20
JPEG, JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"


def repaired(data: bytes) -> bytes:
    """Return a PNG without what only describes it, a JPEG with its end marker, and anything else as it is."""
    if data.startswith(PNG):
        return _pixels_of(data)
    return data.removesuffix(b"\xff") + JPEG_END if data.startswith(JPEG) and not data.endswith(JPEG_END) else data


def _pixels_of(png: bytes) -> bytes:
    kept, place = [PNG], len(PNG)
    while place + 12 <= len(png):
        kind, end = png[place + 4 : place + 8], place + 12 + int.from_bytes(png[place : place + 4], "big")
        if not kind[0] & ANCILLARY or kind == b"tRNS":
            kept.append(png[place:end])
        place = end
    return b"".join(kept)
