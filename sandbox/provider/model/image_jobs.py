"""Picture jobs, free of any vendor's wire format: what is asked for, and what was drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sandbox.provider.model.job import Job, Order

Kind = Literal[
    "imagine", "pick", "vary", "enlarge", "widen", "square", "reroll", "blend", "repaint", "describe", "seed"
]
Speed = Literal["relax", "fast", "turbo"]
SINGLES = frozenset({"pick", "enlarge"})
"""The kinds that end in one picture; all others that draw end in a grid of four, as under Midjourney's own buttons."""


@dataclass(frozen=True)
class Stroke:
    """One thing to do; ``slot`` counts the grid's pictures from 0, ``amount`` is a factor or a strength of 0 to 1.

    ``manner`` says more: how to enlarge (``plain``, ``subtle``, ``creative``) or where to widen (``around``, ``left``,
    ``right``, ``up``, ``down``). ``again`` does it to what the given picture was itself made from.
    """

    kind: Kind
    slot: int | None = None
    amount: float = 1.0
    manner: str = ""
    again: bool = False


@dataclass(frozen=True)
class PictureOrder(Order):
    """An order for pictures; ``quota`` is its price, ``aspect`` width to height, ``version`` Midjourney's.

    ``singles`` asks for the grid's pictures one by one too. ``pictures`` and ``mask`` are image files as sent.
    """

    stroke: Stroke = field(kw_only=True)
    quota: int = field(kw_only=True)
    speed: Speed = "fast"
    aspect: tuple[int, int] = (1, 1)
    version: int = 6
    singles: bool = False
    translate: bool = True
    pictures: tuple[bytes, ...] = field(default=(), repr=False)
    mask: bytes | None = field(default=None, repr=False)

    @property
    def price(self) -> int:
        return self.quota


def order_of(job: Job) -> PictureOrder:
    """Return the order of a picture job."""
    if not isinstance(job.order, PictureOrder):
        raise TypeError("not a job for pictures")
    return job.order


def is_picture_job(job: Job) -> bool:
    """Tell picture jobs from video jobs."""
    return isinstance(job.order, PictureOrder)
