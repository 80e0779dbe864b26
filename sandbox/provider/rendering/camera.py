"""Camera moves over a still image: where the camera looks at each moment of a clip."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

Affine = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class View:
    """What the camera sees: zoom (1 = the whole image), centre as shares of the image, roll in degrees."""

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5
    roll: float = 0.0

    def towards(self, other: View, share: float) -> View:
        """Return the view that lies a share of the way to another."""
        return View(
            zoom=self.zoom + (other.zoom - self.zoom) * share,
            x=self.x + (other.x - self.x) * share,
            y=self.y + (other.y - self.y) * share,
            roll=self.roll + (other.roll - self.roll) * share,
        )

    def distance(self, other: View) -> float:
        return abs(self.zoom - other.zoom) + 2 * abs(self.x - other.x) + 2 * abs(self.y - other.y)


WHOLE = View()
GOALS = (
    View(1.85, 0.47, 0.58, 0.0),
    View(1.5, 0.66, 0.53, -4.0),
    View(1.5, 0.34, 0.6, 4.0),
    View(1.5, 0.53, 0.36, -1.6),
    View(1.05, 0.5, 0.5, 0.0),
    View(1.7, 0.36, 0.38, 3.0),
    View(1.7, 0.64, 0.64, -3.0),
)
"""Views worth going to: closer, to a side, up, and back to nearly the whole image."""
CLIPS = 4
LOW_SHARE = 0.22
"""How far low motion goes on the way that high motion goes whole."""


@dataclass(frozen=True)
class CameraMove:
    """A way from one view to another, with a handheld sway of some share of the frame that ends where it began.

    A looping one turns round half way and ends in the view that it started from.
    """

    origin: View
    target: View
    sway: float = 0.0
    loops: bool = False

    @property
    def end(self) -> View:
        """The view at the last moment."""
        return self.origin if self.loops else self.target

    def at(self, moment: float) -> View:
        """Return the view at a moment, 0 to 1."""
        share = ease(1 - abs(2 * moment - 1) if self.loops else moment)
        swing = self.sway * share * math.sin(4 * math.pi * moment)
        view = self.origin.towards(self.target, share)
        return View(view.zoom, view.x + swing, view.y + swing / 2, view.roll + 20 * swing)


def choose_move(motion: Literal["low", "high"], slot: int, seed: int, origin: View = WHOLE) -> CameraMove:
    """Choose the move of one of a job's four clips; the seed varies it.

    The four go to the views farthest from where the camera stands, so an extend of a push-in may pull back.
    """
    nearest_last = sorted(GOALS, key=origin.distance, reverse=True)
    goal = [goal for goal in GOALS if goal in nearest_last[:CLIPS]][slot % CLIPS]
    random = Random(f"{seed}/{slot}/{motion}")
    goal = replace(goal, x=goal.x + random.uniform(-0.02, 0.02), y=goal.y + random.uniform(-0.02, 0.02))
    if motion == "low":
        return CameraMove(origin, origin.towards(goal, LOW_SHARE))
    return CameraMove(origin, goal, sway=0.012)


def ease(moment: float) -> float:
    """Start and stop gently: 0 to 1 with no speed at either end."""
    moment = min(1.0, max(0.0, moment))
    return moment * moment * (3 - 2 * moment)


def affine(view: View, source: tuple[int, int], frame: tuple[int, int]) -> Affine:
    """Return Pillow's coefficients from frame to source pixels, kept inside the source whatever the view asks for."""
    angle = math.radians(view.roll)
    cos, sin = math.cos(angle), math.sin(angle)
    width, height = source
    across = width * abs(cos) + height * abs(sin)
    down = width * abs(sin) + height * abs(cos)
    zoom = max(view.zoom, across / width, down / height)
    half_x, half_y = across / zoom / 2, down / zoom / 2
    centre_x = min(max(view.x * width, half_x), width - half_x)
    centre_y = min(max(view.y * height, half_y), height - half_y)
    scale_x, scale_y = width / frame[0] / zoom, height / frame[1] / zoom
    a, b = cos * scale_x, -sin * scale_y
    d, e = sin * scale_x, cos * scale_y
    middle_x, middle_y = frame[0] / 2, frame[1] / 2
    return a, b, centre_x - a * middle_x - b * middle_y, d, e, centre_y - d * middle_x - e * middle_y
