"""APIMart's imagine tasks: four pictures that a film may start from, drawn here in the place of Midjourney."""

from __future__ import annotations

import io
import math
import secrets
import time
from colorsys import hsv_to_rgb
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw, ImageOps

PICTURES = 4
SIDE = 1024
RIDGES = 4
STEP = 16
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_task_id() -> str:
    """Return an id as APIMart's samples show them: ``task_`` and a ULID, 48 bits of time and 80 of chance."""
    number = int(time.time() * 1000) << 80 | secrets.randbits(80)
    return "task_" + "".join(ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


@dataclass(eq=False)
class Imagine:
    """A task that made, or still makes, four pictures of a prompt; ``created_at`` is in seconds since 1970."""

    prompt: str
    finished: bool = True
    id: str = field(default_factory=new_task_id)
    created_at: float = field(default_factory=time.time)

    def picture(self, number: int) -> bytes:
        """Return one of the four as a square PNG, counted from 0."""
        return _draw(self.prompt, number)


@lru_cache(maxsize=4 * PICTURES)
def _draw(prompt: str, number: int) -> bytes:
    random = Random(f"{prompt}/{number}")
    hue = random.random()
    light = ImageOps.scale(Image.linear_gradient("L"), SIDE / 256)
    picture = ImageOps.colorize(light, _colour(hue, 0.7, 0.3), _colour(hue + 0.1, 0.4, 1.0))
    pen = ImageDraw.Draw(picture)
    x, y, radius = random.uniform(0.2, 0.8) * SIDE, random.uniform(0.15, 0.4) * SIDE, random.uniform(0.05, 0.12) * SIDE
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_colour(hue + 0.15, 0.15, 1.0))
    for ridge in range(RIDGES):
        pen.polygon(_ridge(random, ridge), fill=_colour(hue + 0.55, 0.5, 0.6 - 0.14 * ridge))
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return file.getvalue()


def _ridge(random: Random, number: int) -> list[tuple[float, float]]:
    foot = SIDE * (0.5 + 0.12 * number)
    waves = [
        (random.uniform(20, 60) / order, random.uniform(1, 3) * order, random.uniform(0, 6)) for order in (1, 2, 4)
    ]
    crest = [
        (float(x), foot + sum(height * math.sin(pace * x / SIDE * math.tau + start) for height, pace, start in waves))
        for x in range(0, SIDE + STEP, STEP)
    ]
    return [(0.0, SIDE), *crest, (float(SIDE), SIDE)]


def _colour(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    red, green, blue = hsv_to_rgb(hue % 1, saturation, value)
    return round(255 * red), round(255 * green), round(255 * blue)
