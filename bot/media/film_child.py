"""The process in which films are decoded, encoded and joined: started by its path, so that it holds nothing of the bot.

A stranger's film can make the decoder take any time and memory, or break it: here that costs the film alone.
"""

import importlib
import importlib.util
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

WITHOUT_PYAV = 3
"""What the process ends with where PyAV (the extra `film`) is missing."""

LONGEST_CLIP = 120.0
"""Seconds of film that are re-encoded; what these providers make lasts a few."""

MAX_PIXELS = 8_192 * 8_192
"""Pixels of a frame; a vendor's largest have two million."""

LONGEST_SIDE, SCALED_SIDE = 1_920, 1_280
"""Pixels of the longer side up to which a film keeps its size, and what a larger one gets."""

SHARES = (0.85, 0.6)
"""The parts of the limit that are aimed at, in two tries; the rest is the container's and the encoder's buffer."""

QUALITY = "18"
"""The constant rate factor; the limit's bit rate only caps it."""

_FRUGAL = {"x264-params": "rc-lookahead=0:mbtree=0:bframes=0:ref=1"}
"""How a film is encoded whose frames take most of the memory to be read."""


class HopelessError(Exception):
    """The film cannot be made smaller."""


def main(verb: str, seconds: str, mebibytes: str, *values: str) -> None:
    """Do one thing with films, within seconds and mebibytes beside what the libraries take."""
    bounds = _neighbour("child_bounds")
    bounds.end_with_the_bot()
    try:
        av: Any = importlib.import_module("av")
    except ImportError:
        sys.exit(WITHOUT_PYAV)
    av.logging.set_level(av.logging.PANIC)
    bounds.bound(int(seconds), int(mebibytes) * 2**20)
    os.nice(10)
    verbs: dict[str, Callable[..., None]] = {"shrink": shrink, "last-frame": save_last_frame, "join": join}
    try:
        verbs[verb](av, *values)
    except Exception as error:  # noqa: BLE001  # a stranger's film makes the decoder raise nearly anything
        sys.exit(repr(error)[:500])
    sys.stderr.write(f"{bounds.held('VmHWM') // 2**20} MiB")


def shrink(av: Any, source: str, to: str, limit: str) -> None:
    """Write a film again: H.264, yuv420p, playable from its beginning on, without sound, of at most `limit` bytes."""
    draft = Path(to)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most := 2 * int(limit) + 2**16, most))
    for share in SHARES:
        _encode(av, source, draft, int(limit) * share)
        if draft.stat().st_size <= int(limit):
            return
    raise HopelessError("it does not become small enough")


def save_last_frame(av: Any, source: str, to: str) -> None:
    """Write the frame that a film ends on, as a JPEG."""
    last = None
    with av.open(source) as film:
        for frame in film.decode(_picture_of(film)):
            last = frame
    if last is None:
        raise HopelessError("it has no frames")
    width, height = _within(last.width, last.height)
    last.to_image(width=width, height=height).save(to, "JPEG", quality=92)


def join(av: Any, to: str, facts: str, *sources: str) -> None:
    """Put films behind each other, and write what came of it, as `film_join` says."""
    _neighbour("film_join").join(av, _picture_of, _neighbour("film_sound"), to, facts, *sources)


def _neighbour(name: str) -> Any:
    """Load a file beside this one; its folder is no place to import from, for it has names of other libraries."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _encode(av: Any, source: str, to: Path, aim: float) -> None:
    """Write a film again with a bit rate at which it takes `aim` bytes at most."""
    options = {"movflags": "+faststart"}
    with av.open(source) as film, av.open(str(to), "w", format="mp4", options=options) as smaller:
        old = _picture_of(film)
        seconds = float(film.duration or 0) / av.time_base
        if not 0 < seconds <= LONGEST_CLIP:
            raise HopelessError(f"it lasts {seconds} s")
        rate = int(aim * 8 / seconds)
        cap = {"preset": "veryfast", "crf": QUALITY, "maxrate": str(rate), "bufsize": str(rate // 2)}
        size = _within(old.width, old.height)
        cap |= {} if old.width <= size[0] + 1 else _FRUGAL
        new = smaller.add_stream("libx264", rate=old.average_rate or 24, options=cap)
        new.width, new.height = size
        new.pix_fmt = "yuv420p"
        new.thread_count = 1
        for frame in film.decode(old):
            fitting = frame.reformat(width=new.width, height=new.height, format="yuv420p")
            del frame  # it may be the largest thing that is held
            fitting.pict_type = 0
            smaller.mux(new.encode(fitting))
        smaller.mux(new.encode())


def _picture_of(film: Any) -> Any:
    """Give a film's moving picture, if its header is within the limits, to be decoded by one thread."""
    stream = film.streams.video[0]
    if not 0 < stream.width * stream.height <= MAX_PIXELS:
        raise HopelessError(f"it has {stream.width} x {stream.height} pixels")
    stream.thread_count = 1
    return stream


def _within(width: int, height: int) -> tuple[int, int]:
    """Scale a size down that is too large, and make it even, as the encoder needs it."""
    share = SCALED_SIDE / max(width, height) if max(width, height) > LONGEST_SIDE else 1.0
    return max(2, int(width * share) // 2 * 2), max(2, int(height * share) // 2 * 2)


if __name__ == "__main__":
    main(*sys.argv[1:])
