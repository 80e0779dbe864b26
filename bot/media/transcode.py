"""Re-encode clips that Discord finds too large; needs PyAV (the extra `film`), and does without where it is missing."""

import asyncio
import importlib
import logging
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

LONGEST_SECONDS = 90.0
"""How long one re-encoding may take before the clip is linked instead."""

LONGEST_CLIP = 120.0
"""Seconds of film that are re-encoded; what these providers make lasts a few."""

SHARES = (0.85, 0.6)
"""The parts of the limit that are aimed at, in two tries; the rest is the container's and the encoder's buffer."""

QUALITY = "18"
"""The constant rate factor; the limit's bit rate only caps it."""


class _Hopeless(Exception):
    """The clip cannot be made smaller in time."""


class Transcoder:
    """Make clips smaller, one at a time, so that it takes one processor at most."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    async def shrink(self, source: Path, limit: int) -> bytes | None:
        """Re-encode an MP4 to at most `limit` bytes: H.264, yuv420p, playable from its beginning on, without sound.

        None when PyAV is missing or the clip cannot be made to fit in time. The source stays as it is.
        """
        given_up = threading.Event()
        async with self._lock:
            try:
                return await asyncio.to_thread(_shrink, source, limit, given_up)
            finally:
                # A thread cannot be cancelled: it looks at this between two frames.
                given_up.set()


def _shrink(source: Path, limit: int, given_up: threading.Event) -> bytes | None:
    try:
        av: Any = importlib.import_module("av")
    except ImportError:
        log.info("a clip is too large, and PyAV is not installed to make it smaller")
        return None
    until = time.monotonic() + LONGEST_SECONDS
    with tempfile.TemporaryDirectory(prefix="animatic-") as folder:
        draft = Path(folder, "smaller.mp4")
        try:
            for share in SHARES:
                _encode(av, source, draft, limit * share, lambda: given_up.is_set() or time.monotonic() > until)
                if draft.stat().st_size <= limit:
                    return draft.read_bytes()
        except Exception as error:  # noqa: BLE001  # a stranger's film makes the decoder raise nearly anything
            log.warning("a clip could not be made smaller: %r", error)
    return None


def _encode(av: Any, source: Path, to: Path, size: float, is_over: Callable[[], bool]) -> None:
    """Write a film again with a bit rate at which it takes `size` bytes at most."""
    options = {"movflags": "+faststart"}
    with av.open(str(source)) as clip, av.open(str(to), "w", format="mp4", options=options) as smaller:
        old = clip.streams.video[0]
        seconds = float(clip.duration or 0) / av.time_base
        if not 0 < seconds <= LONGEST_CLIP:
            raise _Hopeless(f"it lasts {seconds} s")
        rate = int(size * 8 / seconds)
        cap = {"preset": "veryfast", "crf": QUALITY, "maxrate": str(rate), "bufsize": str(rate // 2)}
        new = smaller.add_stream("libx264", rate=old.average_rate or 24, options=cap)
        new.width, new.height, new.pix_fmt = old.width // 2 * 2, old.height // 2 * 2, "yuv420p"
        new.thread_count = 1
        for frame in clip.decode(old):
            if is_over():
                raise _Hopeless("it takes too long")
            frame.pict_type = 0
            smaller.mux(new.encode(frame))
        smaller.mux(new.encode())
