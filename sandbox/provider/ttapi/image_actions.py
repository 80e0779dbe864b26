"""TTAPI's names for Midjourney's buttons: what each does, what it costs, and where it is offered (its image page)."""

from __future__ import annotations

from fractions import Fraction

from sandbox.provider.model.image_jobs import Speed, Stroke, order_of
from sandbox.provider.model.job import Job
from sandbox.provider.model.settings import Knobs

SPEEDS: tuple[Speed, ...] = ("relax", "fast", "turbo")
QUOTA: dict[Speed, int] = {"relax": 1, "fast": 3, "turbo": 6}
"""What four pictures cost. The page's sample names 3 for an imagine in the default speed, fast; the rest is assumed."""
SMALL_QUOTA = 1
"""What it costs to take one picture out of a grid, to ask for its seed or to describe one; assumed."""
CHEAP = frozenset({"pick", "seed", "describe"})

ACTIONS = {
    **{f"upsample{slot + 1}": Stroke("pick", slot) for slot in range(4)},
    **{f"variation{slot + 1}": Stroke("vary", slot, 0.6) for slot in range(4)},
    "high_variation": Stroke("vary", amount=1.0),
    "low_variation": Stroke("vary", amount=0.25),
    "upscale2": Stroke("enlarge", amount=2.0, manner="plain"),
    "upscale4": Stroke("enlarge", amount=4.0, manner="plain"),
    "zoom_out_2": Stroke("widen", amount=2.0, manner="around"),
    "zoom_out_1_5": Stroke("widen", amount=1.5, manner="around"),
    **{f"pan_{side}": Stroke("widen", amount=1.5, manner=side) for side in ("left", "right", "up", "down")},
    "upscale_creative": Stroke("enlarge", amount=2.0, manner="creative"),
    "upscale_subtle": Stroke("enlarge", amount=2.0, manner="subtle"),
    "reroll": Stroke("reroll"),
    "redo_upscale2": Stroke("enlarge", amount=2.0, manner="plain", again=True),
    "redo_upscale4": Stroke("enlarge", amount=4.0, manner="plain", again=True),
    "make_square": Stroke("square"),
    "redo_upscale_subtle": Stroke("enlarge", amount=2.0, manner="subtle", again=True),
    "redo_upscale_creative": Stroke("enlarge", amount=2.0, manner="creative", again=True),
}
"""The page's table of actions, in its order."""

UPSCALES = {5: ("upscale2", "upscale4"), 6: ("upscale_subtle", "upscale_creative")}
"""Which upscales there are, by Midjourney's version."""
AROUND = ("zoom_out_2", "zoom_out_1_5", "pan_left", "pan_right", "pan_up", "pan_down")


def price(stroke: Stroke, speed: Speed) -> int:
    """Return the quota that a stroke costs."""
    return SMALL_QUOTA if stroke.kind in CHEAP else QUOTA[speed]


def version_of(flags: dict[str, str]) -> int:
    """Return the version that decides the upscales: 5 or 6, 0 for an older one; without ``--v`` or ``--niji`` it is 6.

    The page names v5 and v6 only; a newer version is taken for a 6.
    """
    named = flags.get("niji") or flags.get("v") or flags.get("version") or "6"
    try:
        number = int(Fraction(named))
    except (ValueError, ZeroDivisionError):
        return 6
    return min(number, 6) if number >= 5 else 0


def offered(job: Job, knobs: Knobs) -> list[str]:
    """Return the actions that a finished job's result offers, as ``components`` lists them."""
    drawn, order = job.drawn, order_of(job)
    if drawn is None or not drawn.tiles:
        return []
    if drawn.grid:
        slots = range(1, len(drawn.tiles) + 1)
        picks, variations = [f"upsample{slot}" for slot in slots], [f"variation{slot}" for slot in slots]
        return [*picks, *variations, *(["reroll"] if knobs.ttapi_reroll else [])]
    upscales = UPSCALES.get(order.version, ())
    if order.stroke.kind == "enlarge":
        upscales = tuple(f"redo_{name}" for name in upscales)
    width, height = drawn.size or (1, 1)
    square = [] if width == height else ["make_square"]
    return ["high_variation", "low_variation", *upscales, *AROUND, *square]
