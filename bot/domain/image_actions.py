"""What can be done with a made picture, as TTAPI's table of actions names it (providers.md, section 1.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Action:
    """Hold the row that an action's button stands in, and how many pictures come of it."""

    row: int
    images: int = 4


ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        **{f"upsample{number}": Action(0, 1) for number in range(1, 5)},
        "reroll": Action(0),
        **{f"variation{number}": Action(1) for number in range(1, 5)},
        "high_variation": Action(2),
        "low_variation": Action(2),
        "zoom_out_1_5": Action(2),
        "zoom_out_2": Action(2),
        "make_square": Action(2),
        "pan_left": Action(3),
        "pan_right": Action(3),
        "pan_up": Action(3),
        "pan_down": Action(3),
        "upscale_subtle": Action(4, 1),
        "upscale_creative": Action(4, 1),
        "upscale2": Action(4, 1),
        "upscale4": Action(4, 1),
        "redo_upscale_subtle": Action(5, 1),
        "redo_upscale_creative": Action(5, 1),
        "redo_upscale2": Action(5, 1),
        "redo_upscale4": Action(5, 1),
    }
)
"""Every action, in the order of its buttons."""
