"""Small valid clips made once per process, for tests and benchmarks that do not look at the images."""

from __future__ import annotations

import struct
import tempfile
from functools import lru_cache
from pathlib import Path

from PIL import Image

from sandbox.provider.rendering.codec import FRAMES_PER_SECOND, encode

SIZE = (128, 72)
SECONDS = 5
COLOURS = ((52, 96, 140), (160, 92, 60), (70, 130, 84), (128, 74, 132))


@lru_cache(maxsize=len(COLOURS))
def plain_clip(slot: int) -> bytes:
    """Return a 5-second H.264 MP4 of one colour a slot, a few kilobytes."""
    image = Image.new("RGB", SIZE, COLOURS[slot % len(COLOURS)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "clip.mp4")
        encode(path, (image for _ in range(SECONDS * FRAMES_PER_SECOND)), SIZE, "30")
        return path.read_bytes()


def ready_made_clip(slot: int, name: str) -> bytes:
    """Return the slot's plain clip with a ``free`` box that carries a name, so that no two jobs' clips are equal."""
    return plain_clip(slot) + free_box(name.encode())


def free_box(content: bytes) -> bytes:
    """Return an MP4 box that players skip (ISO/IEC 14496-12, section 8.1.2)."""
    return free_header(len(content)) + content


def free_header(size: int) -> bytes:
    """Return the 8 bytes before a ``free`` box's content of this size."""
    return struct.pack(">I4s", 8 + size, b"free")
