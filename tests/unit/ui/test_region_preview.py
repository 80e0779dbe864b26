"""The preview of a part: what its mask was taken for is told before anything is spent."""

from dataclasses import replace

import pytest
from discord.ui import TextDisplay

from bot.db.store import RegionPreview
from bot.media import MaskReading
from bot.services.region_previews import PricedPreview
from bot.ui.region_preview import draw_preview
from tests.support.jobs import sample_job

PREVIEW = PricedPreview(RegionPreview("draft1", 1, 11, "parent", "", (), 0), sample_job(message_id=7), b"", 1, 40)


def shown(preview: PricedPreview) -> str:
    return "\n".join(one.content for one in draw_preview(preview).walk_children() if isinstance(one, TextDisplay))


@pytest.mark.parametrize(
    ("reading", "said"),
    [(MaskReading.NEARLY, "-# The mask has greys: "), (MaskReading.HOLE, "-# The mask is the picture with a hole: ")],
)
def test_a_mask_that_is_not_plain_is_told_of(reading: MaskReading, said: str) -> None:
    assert said in shown(replace(PREVIEW, reading=reading))
    assert "The mask" not in shown(PREVIEW)
