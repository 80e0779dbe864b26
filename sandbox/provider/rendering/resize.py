"""Bringing a picture to another size; the one place that knows Pillow's ``resize``, whose hints name NumPy."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

Size = tuple[int, int]

resize: Callable[[Image.Image, Size, int], Image.Image] = Image.Image.resize  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - NumPy, which its hints allow for, is not installed


def scale(picture: Image.Image, size: Size) -> Image.Image:
    """Return the picture at this size, smoothly."""
    return resize(picture, size, Image.Resampling.LANCZOS)


def shrink(picture: Image.Image, size: Size) -> Image.Image:
    """Return the picture at a smaller size, each pixel the mean of those it stands for."""
    return resize(picture, size, Image.Resampling.BOX)


def stretch(picture: Image.Image, size: Size) -> Image.Image:
    """Return the picture at this size, quickly."""
    return resize(picture, size, Image.Resampling.BILINEAR)


def repeat(picture: Image.Image, size: Size) -> Image.Image:
    """Return the picture at this size without any colour that it did not have."""
    return resize(picture, size, Image.Resampling.NEAREST)
