"""Films for tests: moving pictures whose frames can be told apart, with or without a tone."""

import math
from array import array
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from PIL import Image, ImageDraw, ImageOps

FRAMES_PER_SECOND = 24
RATE = 48_000

open_film: Any = av.open
VideoFrame: Any = av.VideoFrame
AudioFrame: Any = av.AudioFrame


def moving(size: tuple[int, int], begins: int, frames: int) -> Iterator[Image.Image]:
    """Draw a bar that goes its way from the moment `begins` on; a moment's image is the same in every film."""
    for number in range(begins, begins + frames):
        image = Image.new("RGB", size, (40, 60, 90))
        pen = ImageDraw.Draw(image)
        at = number * 5 % size[0]
        pen.rectangle((at, 0, at + size[0] // 4, size[1]), fill=(230, number * 3 % 200, 60))
        yield image


def make_film(
    path: Path,
    frames: Iterator[Image.Image],
    *,
    size: tuple[int, int] = (160, 96),
    codec: str = "libx264",
    tone: int | None = None,
    rate: int = RATE,
    options: dict[str, str] | None = None,
) -> Path:
    """Write frames as an MP4, with a tone of so many vibrations a second if one is given."""
    with open_film(path, "w", format="mp4") as film:
        stream = film.add_stream(codec, rate=FRAMES_PER_SECOND, options={"crf": "12", **(options or {})})
        stream.width, stream.height = size
        stream.pix_fmt, stream.thread_count = "yuv420p", 1
        sound = film.add_stream("aac", rate=rate, layout="mono") if tone else None
        count = 0
        for image in frames:
            film.mux(stream.encode(VideoFrame.from_image(image)))
            count += 1
        film.mux(stream.encode())
        if sound is not None and tone is not None:
            for block in _tone(tone, rate, count / FRAMES_PER_SECOND):
                film.mux(sound.encode(block))
            film.mux(sound.encode())
    return path


def _tone(vibrations: int, rate: int, seconds: float) -> Iterator[Any]:
    samples = round(seconds * rate)
    for first in range(0, samples, 1024):
        number = min(1024, samples - first)
        frame = AudioFrame("flt", "mono", number)
        wave = array("f", (0.5 * math.sin(math.tau * vibrations * (first + at) / rate) for at in range(number)))
        frame.planes[0].update(wave.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
        frame.sample_rate, frame.pts, frame.time_base = rate, first, Fraction(1, rate)
        yield frame


def frames_of(path: Path) -> list[tuple[Fraction, Image.Image]]:
    """Decode a film: when each frame is shown, in seconds, and its image."""
    with open_film(path) as film:
        return [(frame.pts * Fraction(frame.time_base), frame.to_image()) for frame in film.decode(video=0)]


def seconds_of(path: Path) -> float:
    """Tell how long a film's picture is."""
    with open_film(path) as film:
        stream = film.streams.video[0]
        return float(stream.duration * stream.time_base)


def loudness(path: Path) -> list[tuple[float, float]]:
    """Tell of every piece of a film's sound when it is heard, in seconds, and how loud it is, from 0 to 1."""
    heard: list[tuple[float, float]] = []
    with open_film(path) as film:
        if not film.streams.audio:
            return heard
        for frame in film.decode(audio=0):
            values = array("f", bytes(frame.planes[0])[: 4 * frame.samples])
            heard.append((float(frame.pts * frame.time_base), max(map(abs, values), default=0.0)))
    return heard


def distance(one: Image.Image, other: Image.Image) -> float:
    """Tell how far two images are apart on average, in steps of 256."""
    pairs = zip(one.convert("RGB").tobytes(), other.convert("RGB").tobytes(), strict=True)
    return sum(abs(a - b) for a, b in pairs) / (3 * one.width * one.height)


def fitted(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Give an image in another size."""
    return ImageOps.fit(image, size)
