"""What can be done with a made picture, as TTAPI's table of actions names it (providers.md, section 1.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Action:
    """Hold an action's button: its words, the row it stands in, and how many pictures come of it."""

    label: str
    row: int
    images: int = 4


ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        **{f"upsample{number}": Action(f"U{number}", 0, 1) for number in range(1, 5)},
        "reroll": Action("🔄", 0),
        **{f"variation{number}": Action(f"V{number}", 1) for number in range(1, 5)},
        "high_variation": Action("Vary strong", 2),
        "low_variation": Action("Vary subtle", 2),
        "zoom_out_1_5": Action("Zoom out 1.5x", 2),
        "zoom_out_2": Action("Zoom out 2x", 2),
        "make_square": Action("Make square", 2),
        "pan_left": Action("⬅️", 3),
        "pan_right": Action("➡️", 3),
        "pan_up": Action("⬆️", 3),
        "pan_down": Action("⬇️", 3),
        "upscale_subtle": Action("Upscale subtle", 4, 1),
        "upscale_creative": Action("Upscale creative", 4, 1),
        "upscale2": Action("Upscale 2x", 4, 1),
        "upscale4": Action("Upscale 4x", 4, 1),
        "redo_upscale_subtle": Action("Redo subtle", 5, 1),
        "redo_upscale_creative": Action("Redo creative", 5, 1),
        "redo_upscale2": Action("Redo 2x", 5, 1),
        "redo_upscale4": Action("Redo 4x", 5, 1),
    }
)
"""Every action, in the order of its buttons."""
