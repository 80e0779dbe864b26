"""Landscapes out of nothing but a name: the same name gives the same image, another name another one."""

from __future__ import annotations

import math
from colorsys import hsv_to_rgb
from random import Random

from PIL import Image, ImageDraw, ImageOps

from sandbox.provider.rendering.resize import Size, repeat, stretch

SMOOTH = 2
"""Everything is drawn at this many times its size and scaled down, which smooths the edges."""
RIDGES = 4

Colour = tuple[int, int, int]


def draw_scene(name: str, size: Size) -> Image.Image:
    """Return a landscape in RGB: a sky with a sun or moon, hills in the haze, and something that stands or flies."""
    random = Random(name)
    width, height = size[0] * SMOOTH, size[1] * SMOOTH
    hue, night = random.random(), random.random() < 0.3
    image = _sky((width, height), hue, night)
    pen = ImageDraw.Draw(image)
    if night:
        _scatter_stars(pen, random, (width, height))
    _hang_sun(pen, random, (width, height), hue)
    motif = random.choice((_fly_balloons, _fly_birds, _plant_trees, _build_towers))
    for ridge in range(RIDGES):
        depth = (ridge + 1) / RIDGES
        colour = _colour(
            hue + 0.5 + 0.08 * ridge, 0.25 + 0.35 * depth, (0.45 if night else 0.75) * (1.1 - 0.75 * depth)
        )
        crest = _crest(random, ridge, (width, height))
        if ridge == RIDGES - 1:
            motif(pen, random, crest, hue)
        pen.polygon([(0.0, float(height)), *crest, (float(width), float(height))], fill=colour)
    return image.reduce(SMOOTH)


def _sky(size: Size, hue: float, night: bool) -> Image.Image:
    light = stretch(Image.linear_gradient("L"), (1, size[1]))
    if night:
        return repeat(ImageOps.colorize(light, _colour(hue, 0.8, 0.12), _colour(hue + 0.08, 0.55, 0.5)), size)
    return repeat(ImageOps.colorize(light, _colour(hue, 0.6, 0.65), _colour(hue + 0.12, 0.3, 1.0)), size)


def _scatter_stars(pen: ImageDraw.ImageDraw, random: Random, size: Size) -> None:
    for _ in range(70):
        x, y, radius = random.uniform(0, size[0]), random.uniform(0, size[1] * 0.6), random.uniform(1, 4)
        _dot(pen, x, y, radius, (235, 235, 255))


def _hang_sun(pen: ImageDraw.ImageDraw, random: Random, size: Size, hue: float) -> None:
    radius = min(size) * random.uniform(0.06, 0.13)
    x, y = random.uniform(0.15, 0.85) * size[0], random.uniform(0.15, 0.42) * size[1]
    for ring in (1.5, 1.25, 1.0):
        _dot(pen, x, y, radius * ring, _colour(hue + 0.14, 0.35 - 0.28 * (1.6 - ring), 0.92 if ring > 1 else 1.0))


def _crest(random: Random, ridge: int, size: Size) -> list[tuple[float, float]]:
    width, height = size
    foot = height * (0.48 + 0.13 * ridge)
    waves = [
        (random.uniform(0.02, 0.06) * height / order, random.uniform(0.8, 2.4) * order, random.uniform(0, math.tau))
        for order in (1, 2, 5)
    ]
    step = max(2, width // 96)
    return [
        (float(x), foot + sum(tall * math.sin(pace * x / width * math.tau + start) for tall, pace, start in waves))
        for x in range(0, width + step, step)
    ]


def _fly_balloons(pen: ImageDraw.ImageDraw, random: Random, crest: list[tuple[float, float]], hue: float) -> None:
    width, ground = crest[-1][0], crest[0][1]
    for _ in range(random.randint(2, 4)):
        x, y, radius = random.uniform(0.1, 0.9) * width, random.uniform(0.25, 0.7) * ground, width * 0.05
        radius *= random.uniform(0.5, 1.2)
        colour = _colour(hue + random.uniform(0.3, 0.7), 0.75, 0.9)
        _dot(pen, x, y, radius, colour)
        pen.polygon(
            [(x - radius * 0.8, y + radius * 0.6), (x + radius * 0.8, y + radius * 0.6), (x, y + radius * 1.7)], colour
        )
        pen.rectangle((x - radius * 0.2, y + radius * 1.8, x + radius * 0.2, y + radius * 2.1), (70, 50, 40))


def _fly_birds(pen: ImageDraw.ImageDraw, random: Random, crest: list[tuple[float, float]], _: float) -> None:
    width, ground = crest[-1][0], crest[0][1]
    for _ in range(random.randint(5, 9)):
        x, y, span = random.uniform(0.1, 0.9) * width, random.uniform(0.15, 0.6) * ground, width * 0.02
        span *= random.uniform(0.6, 1.4)
        wings = [(x - span, y - span * 0.6), (x, y), (x + span, y - span * 0.6)]
        pen.line(wings, (30, 28, 40), max(2, round(span / 4)), joint="curve")


def _plant_trees(pen: ImageDraw.ImageDraw, random: Random, crest: list[tuple[float, float]], hue: float) -> None:
    width = crest[-1][0]
    for _ in range(random.randint(14, 26)):
        x, foot = random.choice(crest)
        tall = width * random.uniform(0.05, 0.12)
        colour = _colour(hue + random.uniform(0.3, 0.5), 0.55, random.uniform(0.2, 0.4))
        pen.polygon(
            [(x - tall * 0.25, foot + tall * 0.2), (x + tall * 0.25, foot + tall * 0.2), (x, foot - tall)], colour
        )


def _build_towers(pen: ImageDraw.ImageDraw, random: Random, crest: list[tuple[float, float]], hue: float) -> None:
    width = crest[-1][0]
    for _ in range(random.randint(7, 14)):
        x, foot = random.choice(crest)
        broad, tall = width * random.uniform(0.03, 0.06), width * random.uniform(0.08, 0.24)
        pen.rectangle((x - broad / 2, foot - tall, x + broad / 2, foot + tall), _colour(hue + 0.6, 0.3, 0.3))
        for row in range(int(tall / (broad * 0.5))):
            if random.random() < 0.6:
                y = foot - tall + (row + 0.3) * broad * 0.5
                pen.rectangle((x - broad * 0.25, y, x + broad * 0.25, y + broad * 0.15), (255, 222, 140))


def _dot(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: Colour) -> None:
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = hsv_to_rgb(hue % 1, min(1.0, max(0.0, saturation)), min(1.0, max(0.0, value)))
    return round(255 * red), round(255 * green), round(255 * blue)
