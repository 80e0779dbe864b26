"""TTAPI's names for Midjourney's buttons: what each does, what it costs, and where it is offered (its image page)."""

from __future__ import annotations

from fractions import Fraction

from sandbox.provider.model.image_jobs import ImageOperation, Speed, image_order_of
from sandbox.provider.model.job import Job
from sandbox.provider.model.settings import ProviderSettings

SPEEDS: tuple[Speed, ...] = ("relax", "fast", "turbo")
QUOTA: dict[Speed, int] = {"relax": 1, "fast": 3, "turbo": 6}
"""What four images cost. The page's sample names 3 for an imagine in the default speed, fast; the rest is assumed."""
SMALL_QUOTA = 1
"""What it costs to take one image out of a grid, to ask for its seed or to describe one; assumed."""
CHEAP = frozenset({"pick", "seed", "describe"})

ACTIONS = {
    **{f"upsample{slot + 1}": ImageOperation("pick", slot) for slot in range(4)},
    **{f"variation{slot + 1}": ImageOperation("vary", slot, 0.6) for slot in range(4)},
    "high_variation": ImageOperation("vary", amount=1.0),
    "low_variation": ImageOperation("vary", amount=0.25),
    "upscale2": ImageOperation("enlarge", amount=2.0, variant="plain"),
    "upscale4": ImageOperation("enlarge", amount=4.0, variant="plain"),
    "zoom_out_2": ImageOperation("widen", amount=2.0, variant="around"),
    "zoom_out_1_5": ImageOperation("widen", amount=1.5, variant="around"),
    **{f"pan_{side}": ImageOperation("widen", amount=1.5, variant=side) for side in ("left", "right", "up", "down")},
    "upscale_creative": ImageOperation("enlarge", amount=2.0, variant="creative"),
    "upscale_subtle": ImageOperation("enlarge", amount=2.0, variant="subtle"),
    "reroll": ImageOperation("reroll"),
    "redo_upscale2": ImageOperation("enlarge", amount=2.0, variant="plain", redo=True),
    "redo_upscale4": ImageOperation("enlarge", amount=4.0, variant="plain", redo=True),
    "make_square": ImageOperation("square"),
    "redo_upscale_subtle": ImageOperation("enlarge", amount=2.0, variant="subtle", redo=True),
    "redo_upscale_creative": ImageOperation("enlarge", amount=2.0, variant="creative", redo=True),
}
"""The page's table of actions, in its order."""

UPSCALES = {5: ("upscale2", "upscale4"), 6: ("upscale_subtle", "upscale_creative")}
"""Which upscales there are, by Midjourney's version."""
AROUND = ("zoom_out_2", "zoom_out_1_5", "pan_left", "pan_right", "pan_up", "pan_down")


def price(operation: ImageOperation, speed: Speed) -> int:
    """Return the quota that an operation costs."""
    return SMALL_QUOTA if operation.kind in CHEAP else QUOTA[speed]


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


def offered_actions(job: Job, settings: ProviderSettings) -> list[str]:
    """Return the actions that a finished job's result offers, as ``components`` lists them."""
    result, order = job.image_result, image_order_of(job)
    if result is None or not result.tiles:
        return []
    if result.grid:
        slots = range(1, len(result.tiles) + 1)
        picks, variations = [f"upsample{slot}" for slot in slots], [f"variation{slot}" for slot in slots]
        return [*picks, *variations, *(["reroll"] if settings.ttapi_reroll else [])]
    upscales = UPSCALES.get(order.version, ())
    if order.operation.kind == "enlarge":
        upscales = tuple(f"redo_{name}" for name in upscales)
    width, height = result.size or (1, 1)
    square = [] if width == height else ["make_square"]
    return ["high_variation", "low_variation", *upscales, *AROUND, *square]
