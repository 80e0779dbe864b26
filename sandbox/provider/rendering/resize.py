"""Bringing an image to another size; the one place that knows Pillow's ``resize``, whose hints name NumPy."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

Size = tuple[int, int]

resize: Callable[[Image.Image, Size, int], Image.Image] = Image.Image.resize  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - NumPy, which its hints allow for, is not installed


def scale(image: Image.Image, size: Size) -> Image.Image:
    """Return the image at this size, smoothly."""
    return resize(image, size, Image.Resampling.LANCZOS)


def shrink(image: Image.Image, size: Size) -> Image.Image:
    """Return the image at a smaller size, each pixel the mean of those it stands for."""
    return resize(image, size, Image.Resampling.BOX)


def stretch(image: Image.Image, size: Size) -> Image.Image:
    """Return the image at this size, quickly."""
    return resize(image, size, Image.Resampling.BILINEAR)


def repeat(image: Image.Image, size: Size) -> Image.Image:
    """Return the image at this size without any colour that it did not have."""
    return resize(image, size, Image.Resampling.NEAREST)
