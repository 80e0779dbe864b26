"""The images of APIMart's imagine tasks, drawn in the place of Midjourney."""

from __future__ import annotations

import io
import math
from colorsys import hsv_to_rgb
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw, ImageOps

from sandbox.provider.model.imagine_tasks import IMAGES

SIDE = 1024
RIDGES = 4
STEP = 16


@lru_cache(maxsize=4 * IMAGES)
def draw_imagine_image(prompt: str, number: int) -> bytes:
    """Return one of the four images of an imagine task as a square PNG; ``number`` counts from 0."""
    random = Random(f"{prompt}/{number}")
    hue = random.random()
    light = ImageOps.scale(Image.linear_gradient("L"), SIDE / 256)
    image = ImageOps.colorize(light, _colour(hue, 0.7, 0.3), _colour(hue + 0.1, 0.4, 1.0))
    pen = ImageDraw.Draw(image)
    x, y, radius = random.uniform(0.2, 0.8) * SIDE, random.uniform(0.15, 0.4) * SIDE, random.uniform(0.05, 0.12) * SIDE
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_colour(hue + 0.15, 0.15, 1.0))
    for ridge in range(RIDGES):
        pen.polygon(_ridge(random, ridge), fill=_colour(hue + 0.55, 0.5, 0.6 - 0.14 * ridge))
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
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
