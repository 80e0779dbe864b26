"""What a finished MP4 really is, read by decoding it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from av.error import FFmpegError

from sandbox.provider.rendering.codec import open_media

MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class ClipInfo:
    """The measured facts of a clip: codec name, frame size in pixels, length, frames decoded, size in bytes."""

    codec: str
    width: int
    height: int
    seconds: float
    frames: int
    bytes: int


def read_clip_info(data_or_path: bytes | str | Path) -> ClipInfo:
    """Decode a clip whole and return its facts.

    Raises:
        ValueError: when it is no video that FFmpeg reads.
    """
    data = data_or_path if isinstance(data_or_path, bytes) else Path(data_or_path).read_bytes()
    try:
        with open_media(io.BytesIO(data)) as container:
            stream = container.streams.video[0]
            frames = sum(1 for _ in container.decode(stream))
            return ClipInfo(
                codec=stream.codec_context.name,
                width=stream.codec_context.width,
                height=stream.codec_context.height,
                seconds=(container.duration or 0) / MICROSECONDS,
                frames=frames,
                bytes=len(data),
            )
    except (FFmpegError, IndexError) as error:
        raise ValueError("not a video") from error
