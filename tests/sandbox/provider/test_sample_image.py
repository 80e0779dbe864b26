from __future__ import annotations

import io

from PIL import Image

from sandbox.provider.rendering.sample_image import draw_sample


def test_the_sample_is_a_wide_png_and_always_the_same(image: bytes) -> None:
    with Image.open(io.BytesIO(image)) as opened:
        assert (opened.format, opened.size) == ("PNG", (1280, 720))
    assert draw_sample.__wrapped__() == image
