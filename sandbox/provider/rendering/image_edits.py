"""What can be done to a finished picture, each so that one sees what was done."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from sandbox.provider.rendering.resize import (
    Size,
    repeat,
    scale,
    shrink,
    stretch,
)
from sandbox.provider.rendering.scenes import draw_scene

HUES = 256
SHIFT, TURN, SCENERY = 60, 0.12, 0.3
"""The most that a variation changes: hue in steps of 256, slant as a share of the size, share of new scenery."""


def vary(picture: Image.Image, name: str, strength: float) -> Image.Image:
    """Return the picture in other colours, leaning and partly redrawn; ``strength`` is 0 to 1."""
    random = Random(name)
    hue, saturation, value = picture.convert("HSV").split()
    shift = round(random.choice((-1, 1)) * random.uniform(0.6, 1.0) * SHIFT * strength)
    turned = Image.merge("HSV", (Image.eval(hue, lambda step: (step + shift) % HUES), saturation, value))
    lean = random.choice((-1, 1)) * random.uniform(0.6, 1.0) * TURN * strength
    inside = 1 - abs(lean) * picture.height / picture.width
    matrix = (inside, lean, max(0.0, -lean) * picture.height, 0, 1, 0)
    leaning = turned.convert("RGB").transform(picture.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
    return Image.blend(leaning, draw_scene(name, picture.size), SCENERY * strength)


def enlarge(picture: Image.Image, name: str, factor: float, manner: str) -> Image.Image:
    """Return the picture ``factor`` times as wide and high: plain, with more contrast (subtle) or with new things."""
    large = scale(picture, (round(picture.width * factor), round(picture.height * factor)))
    match manner:
        case "subtle":
            return ImageEnhance.Contrast(large).enhance(1.0 + Random(name).uniform(0.06, 0.12))
        case "creative":
            scenery = stretch(draw_scene(name, picture.size), large.size)
            return ImageEnhance.Color(Image.blend(large, scenery, 0.22)).enhance(1.3)
        case _:
            return large


def widen(picture: Image.Image, name: str, factor: float, manner: str) -> Image.Image:
    """Draw what lies around the picture (then it shows smaller, in a frame of the same size) or beyond one side."""
    width, height = picture.size
    more = round(width * (factor - 1)), round(height * (factor - 1))
    match manner:
        case "left":
            return _surround(picture, (width + more[0], height), (more[0], 0), name)
        case "right":
            return _surround(picture, (width + more[0], height), (0, 0), name)
        case "up":
            return _surround(picture, (width, height + more[1]), (0, more[1]), name)
        case "down":
            return _surround(picture, (width, height + more[1]), (0, 0), name)
        case _:
            small = scale(picture, (round(width / factor), round(height / factor)))
            return _surround(small, picture.size, ((width - small.width) // 2, (height - small.height) // 2), name)


def make_square(picture: Image.Image, name: str) -> Image.Image:
    """Draw what lies beyond the longer sides until the picture is square."""
    side = max(picture.size)
    return _surround(picture, (side, side), ((side - picture.width) // 2, (side - picture.height) // 2), name)


def repaint(picture: Image.Image, mask: Image.Image, name: str) -> Image.Image:
    """Return the picture with something new where the mask is white; the rest stays as it is, pixel for pixel."""
    white = repeat(mask.convert("L"), picture.size)
    return Image.composite(draw_scene(name, picture.size), picture, white)


def mix(pictures: list[Image.Image], size: Size, name: str) -> Image.Image:
    """Return all pictures over one another, the first of a shuffled row the strongest."""
    random = Random(name)
    row = random.sample([ImageOps.fit(picture, size) for picture in pictures], len(pictures))
    mixed = row.pop()
    for picture in reversed(row):
        mixed = Image.blend(mixed, picture, random.uniform(0.5, 0.65))
    return ImageEnhance.Color(mixed).enhance(random.uniform(0.9, 1.4))


def lay_out(tiles: list[Image.Image]) -> Image.Image:
    """Return a sheet of two by two pictures at half their size, left to right, top to bottom."""
    width, height = tiles[0].width // 2 * 2, tiles[0].height // 2 * 2
    sheet = Image.new("RGB", (width, height), (24, 24, 28))
    for number, tile in enumerate(tiles):
        half = shrink(tile, (width // 2, height // 2))
        sheet.paste(half, (number % 2 * half.width, number // 2 * half.height))
    return sheet


def _surround(picture: Image.Image, size: Size, place: tuple[int, int], name: str) -> Image.Image:
    around = ImageOps.fit(picture.reduce(4), size).filter(ImageFilter.BoxBlur(max(size) // 48))
    canvas = Image.blend(around, draw_scene(name, size), 0.5)
    canvas.paste(picture, place)
    return canvas
