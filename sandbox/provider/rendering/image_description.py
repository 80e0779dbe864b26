"""Describing an image in four prompts, from its colours, light and shape alone."""

from __future__ import annotations

import hashlib
from math import gcd

from PIL import Image, ImageStat

from sandbox.provider.rendering.resize import shrink

COLOURS = {
    "black": (20, 20, 24),
    "white": (240, 240, 240),
    "grey": (128, 128, 128),
    "crimson": (190, 40, 50),
    "orange": (235, 140, 60),
    "golden": (235, 205, 110),
    "olive": (120, 120, 50),
    "green": (60, 140, 70),
    "teal": (40, 130, 130),
    "sky blue": (130, 180, 230),
    "navy blue": (30, 40, 100),
    "violet": (120, 80, 170),
    "pink": (235, 150, 190),
    "brown": (110, 70, 45),
    "cream": (245, 225, 190),
}
MOST = 99


def describe_image(image: Image.Image) -> tuple[str, ...]:
    """Return four prompts that name the image's main colours, its light and its proportions (``--ar``)."""
    first, second, third = _main_colours(image)
    light = ("a dark", "a dim", "a bright", "a glaring")[min(3, int(ImageStat.Stat(image.convert("L")).mean[0]) // 64)]
    shape = _shape(image)
    flag = "{}:{}".format(*_proportions(image.size))
    return (
        f"{light} {shape} in {first} and {second}, with a touch of {third} --ar {flag}",
        f"{first} hills under {second} light, a quiet {shape} --ar {flag}",
        f"an abstract {shape}, shapes of {third} and {first}, flat colours --ar {flag}",
        f"{light} study of {second} over {first}, grainy paper, {shape} --ar {flag}",
    )


def seed_of(name: str) -> int:
    """Return a number of 32 bits that follows from a name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])


def _main_colours(image: Image.Image) -> list[str]:
    pixels = shrink(image.convert("RGB"), (48, 48)).tobytes()
    found: dict[str, int] = dict.fromkeys(COLOURS, 0)
    for start in range(0, len(pixels), 3):
        found[_name(pixels[start : start + 3])] += 1
    return sorted(found, key=lambda name: -found[name])[:3]


def _name(pixel: bytes) -> str:
    return min(COLOURS, key=lambda name: sum((a - b) ** 2 for a, b in zip(COLOURS[name], pixel, strict=True)))


def _shape(image: Image.Image) -> str:
    if image.width == image.height:
        return "square picture"
    return "wide landscape" if image.width > image.height else "tall portrait"


def _proportions(size: tuple[int, int]) -> tuple[int, int]:
    """Return width to height in lowest terms, or near it where these would be large numbers."""
    common = gcd(*size)
    width, height = size[0] // common, size[1] // common
    if max(width, height) <= MOST:
        return width, height
    return max(1, round(MOST * width / max(width, height))), max(1, round(MOST * height / max(width, height)))
