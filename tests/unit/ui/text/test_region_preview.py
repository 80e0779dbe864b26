"""What the preview of a part says of its mask."""

from bot.media import MaskReading
from bot.ui.text.region_preview import reading


def test_what_a_mask_was_taken_for_is_said_where_it_is_not_plain() -> None:
    assert {one: reading(one) for one in MaskReading} == {
        MaskReading.PURE: "",
        MaskReading.NEARLY: (
            "The mask has greys: what is at most 25 % light counts as black, and from 75 % on as white."
        ),
        MaskReading.HOLE: "The mask is the picture with a hole: what was erased is redrawn.",
    }
