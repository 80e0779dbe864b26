"""A grid is cut into its four pictures."""

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.errors import BadImage, ImageProblem
from bot.media import split_grid
from bot.media.image_process import image_process
from tests.unit.media.test_images import gif, png_that_claims

COLOURS = [(250, 10, 10), (10, 250, 10), (10, 10, 250), (250, 250, 10)]


def grid(size: tuple[int, int], kind: str = "PNG", mode: str = "RGB", **options: object) -> bytes:
    width, height = size
    image = Image.new("RGB", size)
    for index, colour in enumerate(COLOURS):
        left, top = index % 2 * (width // 2), index // 2 * (height // 2)
        image.paste(colour, (left, top, width if index % 2 else width // 2, height if index > 1 else height // 2))
    out = io.BytesIO()
    (image.quantize() if mode == "P" else image.convert(mode)).save(out, kind, **options)
    return out.getvalue()


def tiles(data: bytes) -> list[Image.Image]:
    images: list[Image.Image] = [Image.open(io.BytesIO(tile)) for tile in image_process.run(split_grid, data)]
    assert {image.format for image in images} == {"PNG"}
    return images


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_the_four_come_left_to_right_and_top_to_bottom(mode: str) -> None:
    images = tiles(grid((40, 20), mode=mode))
    assert [image.size for image in images] == [(20, 10)] * 4
    assert [image.getcolors() for image in images] == [[(200, colour)] for colour in COLOURS]


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_grid_of_another_format_is_cut_too(kind: str) -> None:
    for image, colour in zip(tiles(grid((64, 64), kind)), COLOURS, strict=True):
        shown = image.getpixel((16, 16))
        assert isinstance(shown, tuple)
        assert max(abs(one - other) for one, other in zip(shown, colour, strict=True)) < 12


def test_no_pixel_of_an_odd_grid_is_lost() -> None:
    images = tiles(grid((41, 21)))
    assert [image.size for image in images] == [(20, 10), (21, 10), (20, 11), (21, 11)]
    for image, colour in zip(images, COLOURS, strict=True):
        assert image.getcolors() == [(image.width * image.height, colour)]


def test_the_smallest_grid_has_four_pixels() -> None:
    assert [image.getpixel((0, 0)) for image in tiles(grid((2, 2)))] == COLOURS


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 1)])
def test_what_is_a_pixel_wide_cannot_be_cut(size: tuple[int, int]) -> None:
    with pytest.raises(BadImage) as caught:
        split_grid(grid(size))
    assert caught.value.problem is ImageProblem.BROKEN


def test_tiles_carry_no_words_of_their_grid() -> None:
    for image in tiles(grid((40, 20), icc_profile=b"a profile", dpi=(300, 300))):
        image.load()
        assert image.info == {}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", ImageProblem.NOT_AN_IMAGE),
        (b"<html>404</html>", ImageProblem.NOT_AN_IMAGE),
        (grid((400, 400))[:200], ImageProblem.BROKEN),
        (png_that_claims(9_000, 9_000), ImageProblem.TOO_MANY_PIXELS),
        (gif(9_000, 9_000, 2), ImageProblem.TOO_MANY_PIXELS),
    ],
    ids=["empty", "html", "short", "bomb", "animated bomb"],
)
def test_what_is_no_grid_is_refused(data: bytes, problem: ImageProblem) -> None:
    with pytest.raises(BadImage) as caught:
        split_grid(data)
    assert caught.value.problem is problem


@given(
    st.sampled_from(["PNG", "JPEG", "WEBP"]),
    st.lists(st.tuples(st.integers(0, 100_000), st.binary(min_size=1, max_size=8)), min_size=1, max_size=8),
)
def test_a_damaged_grid_is_either_cut_or_refused(kind: str, damage: list[tuple[int, bytes]]) -> None:
    data = bytearray(grid((24, 16), kind))
    for place, junk in damage:
        start = place % len(data)
        data[start : start + len(junk)] = junk
    with suppress(BadImage):
        assert len(tiles(bytes(data))) == 4
