"""What can be done to a finished image, each so that one sees what was done."""

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


def vary(image: Image.Image, name: str, strength: float) -> Image.Image:
    """Return the image in other colours, leaning and partly redrawn; ``strength`` is 0 to 1."""
    random = Random(name)
    hue, saturation, value = image.convert("HSV").split()
    shift = round(random.choice((-1, 1)) * random.uniform(0.6, 1.0) * SHIFT * strength)
    turned = Image.merge("HSV", (Image.eval(hue, lambda step: (step + shift) % HUES), saturation, value))
    lean = random.choice((-1, 1)) * random.uniform(0.6, 1.0) * TURN * strength
    inside = 1 - abs(lean) * image.height / image.width
    matrix = (inside, lean, max(0.0, -lean) * image.height, 0, 1, 0)
    leaning = turned.convert("RGB").transform(image.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
    return Image.blend(leaning, draw_scene(name, image.size), SCENERY * strength)


def enlarge(image: Image.Image, name: str, factor: float, variant: str) -> Image.Image:
    """Return the image ``factor`` times as wide and high: plain, with more contrast (subtle) or with new things."""
    large = scale(image, (round(image.width * factor), round(image.height * factor)))
    match variant:
        case "subtle":
            return ImageEnhance.Contrast(large).enhance(1.0 + Random(name).uniform(0.06, 0.12))
        case "creative":
            scenery = stretch(draw_scene(name, image.size), large.size)
            return ImageEnhance.Color(Image.blend(large, scenery, 0.22)).enhance(1.3)
        case _:
            return large


def widen(image: Image.Image, name: str, factor: float, variant: str) -> Image.Image:
    """Draw what lies around the image (then it shows smaller, in a frame of the same size) or beyond one side."""
    width, height = image.size
    more = round(width * (factor - 1)), round(height * (factor - 1))
    match variant:
        case "left":
            return _surround(image, (width + more[0], height), (more[0], 0), name)
        case "right":
            return _surround(image, (width + more[0], height), (0, 0), name)
        case "up":
            return _surround(image, (width, height + more[1]), (0, more[1]), name)
        case "down":
            return _surround(image, (width, height + more[1]), (0, 0), name)
        case _:
            small = scale(image, (round(width / factor), round(height / factor)))
            return _surround(small, image.size, ((width - small.width) // 2, (height - small.height) // 2), name)


def make_square(image: Image.Image, name: str) -> Image.Image:
    """Draw what lies beyond the longer sides until the image is square."""
    side = max(image.size)
    return _surround(image, (side, side), ((side - image.width) // 2, (side - image.height) // 2), name)


def repaint(image: Image.Image, mask: Image.Image, name: str) -> Image.Image:
    """Return the image with something new where the mask is white; the rest stays as it is, pixel for pixel."""
    white = repeat(mask.convert("L"), image.size)
    return Image.composite(draw_scene(name, image.size), image, white)


def mix(images: list[Image.Image], size: Size, name: str) -> Image.Image:
    """Return all images over one another, the first of a shuffled row the strongest."""
    random = Random(name)
    row = random.sample([ImageOps.fit(image, size) for image in images], len(images))
    mixed = row.pop()
    for image in reversed(row):
        mixed = Image.blend(mixed, image, random.uniform(0.5, 0.65))
    return ImageEnhance.Color(mixed).enhance(random.uniform(0.9, 1.4))


def lay_out(tiles: list[Image.Image]) -> Image.Image:
    """Return a sheet of two by two images at half their size, left to right, top to bottom."""
    width, height = tiles[0].width // 2 * 2, tiles[0].height // 2 * 2
    sheet = Image.new("RGB", (width, height), (24, 24, 28))
    for number, tile in enumerate(tiles):
        half = shrink(tile, (width // 2, height // 2))
        sheet.paste(half, (number % 2 * half.width, number // 2 * half.height))
    return sheet


def _surround(image: Image.Image, size: Size, place: tuple[int, int], name: str) -> Image.Image:
    around = ImageOps.fit(image.reduce(4), size).filter(ImageFilter.BoxBlur(max(size) // 48))
    canvas = Image.blend(around, draw_scene(name, size), 0.5)
    canvas.paste(image, place)
    return canvas
