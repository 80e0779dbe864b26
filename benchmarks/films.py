"""How long a film of eight parts takes to be joined: matching parts are copied, so that nothing is encoded."""

import asyncio
import resource
import tempfile
import time
from pathlib import Path
from statistics import median
from threading import Event

from benchmarks.figures import Figure, at_most
from bot.media.transcode import Transcoder
from sandbox.provider.rendering.camera import choose_move
from sandbox.provider.rendering.sample_image import draw_sample
from sandbox.provider.rendering.video import QUALITY, SECONDS, Shot, frame_size, open_image, render_clip

PARTS = 8
ROUNDS = 5
LIMIT_SECONDS = 2.0


async def measure() -> list[Figure]:
    """Join clips as the local provider renders them, in SD; each of the eight is read, though four are the same."""
    with tempfile.TemporaryDirectory() as folder:
        clips = await asyncio.gather(*(asyncio.to_thread(_rendered, Path(folder), slot) for slot in range(4)))
        begun = _processors()
        took = [await _joined([clips[number % 4] for number in range(PARTS)], Path(folder)) for _ in range(ROUNDS)]
        used = (_processors() - begun) / ROUNDS
    name = f"film of {PARTS} parts of {SECONDS} s joined"
    return [
        at_most(f"{name}, p50 of {ROUNDS}", median(took), LIMIT_SECONDS),
        at_most(f"{name}: CPU", used, LIMIT_SECONDS),
    ]


def _processors() -> float:
    """Tell how long the processes that have ended had a processor, in seconds: other work does not change that."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _rendered(folder: Path, slot: int) -> Path:
    image = open_image(draw_sample())
    shot = Shot(image, choose_move("low", slot, 1), frame_size(image.size, "sd"), QUALITY["sd"])
    return render_clip(folder / f"{slot}.mp4", shot, Event())


async def _joined(clips: list[Path], folder: Path) -> float:
    begun = time.perf_counter()
    film = await Transcoder().join(clips, folder / "film.mp4")
    if film is None or not film.copied:
        raise RuntimeError(f"the parts were not copied: {film}")
    return time.perf_counter() - begun
