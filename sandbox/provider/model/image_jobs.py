"""Image jobs, free of any vendor's wire format: what is asked for, and what was drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sandbox.provider.model.job import Job, Order

Kind = Literal[
    "imagine", "pick", "vary", "enlarge", "widen", "square", "reroll", "blend", "repaint", "describe", "seed"
]
Speed = Literal["relax", "fast", "turbo"]
SINGLES = frozenset({"pick", "enlarge"})
"""The kinds that end in one image; all others that draw end in a grid of four, as under Midjourney's own buttons."""


@dataclass(frozen=True)
class ImageOperation:
    """One thing to do; ``slot`` counts the grid's images from 0, ``amount`` is a factor or a strength of 0 to 1.

    ``variant`` says more: how to enlarge (``plain``, ``subtle``, ``creative``) or where to widen (``around``, ``left``,
    ``right``, ``up``, ``down``). ``redo`` does it to what the given image was itself made from.
    """

    kind: Kind
    slot: int | None = None
    amount: float = 1.0
    variant: str = ""
    redo: bool = False


@dataclass(frozen=True)
class ImageOrder(Order):
    """An order for images; ``quota`` is its price, ``aspect`` width to height, ``version`` Midjourney's.

    ``singles`` asks for the grid's images one by one too. ``images`` and ``mask`` are image files as sent.
    """

    operation: ImageOperation = field(kw_only=True)
    quota: int = field(kw_only=True)
    speed: Speed = "fast"
    aspect: tuple[int, int] = (1, 1)
    version: int = 6
    singles: bool = False
    translate: bool = True
    images: tuple[bytes, ...] = field(default=(), repr=False)
    mask: bytes | None = field(default=None, repr=False)

    @property
    def price(self) -> int:
        return self.quota


def image_order_of(job: Job) -> ImageOrder:
    """Return the order of an image job."""
    if not isinstance(job.order, ImageOrder):
        raise TypeError("not a job for images")
    return job.order


def is_image_job(job: Job) -> bool:
    """Tell image jobs from video jobs."""
    return isinstance(job.order, ImageOrder)
