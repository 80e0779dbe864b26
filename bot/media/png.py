"""Leave out what a PNG says about itself, so that only its pixels can spoil it (PNG, third edition, section 5)."""

import zlib
from collections.abc import Generator

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_WITHOUT_DATA = 12
"""Bytes of a chunk beside its data: length, type and check sum."""

_ANCILLARY = 0x20
_SHAPE_PIXELS = (b"tRNS", b"eXIf")
"""The ancillary chunks that are needed: what is clear, and how the camera was held."""


def without_metadata(png: bytes) -> bytes:
    """Keep the chunks that pixels are made of; of those that others could do without, any check sum is taken for right.

    An animation becomes its first picture. What cannot be told apart stays as it is.
    """
    return b"".join((SIGNATURE, *_kept(memoryview(png))))


def _kept(png: memoryview) -> Generator[bytes | memoryview]:
    place = len(SIGNATURE)
    while len(png) - place >= _WITHOUT_DATA:
        length, kind = int.from_bytes(png[place : place + 4]), bytes(png[place + 4 : place + 8])
        end = place + length + _WITHOUT_DATA
        if end > len(png) or not kind.isalpha():
            break
        if kind in _SHAPE_PIXELS:
            yield png[place : end - 4]
            yield zlib.crc32(png[place + 4 : end - 4]).to_bytes(4)
        elif not kind[0] & _ANCILLARY:
            yield png[place:end]
        place = end
        if kind == b"IEND":
            return
    yield png[place:]
