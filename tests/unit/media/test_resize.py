"""Copies that fit: within the limit, upright, without metadata."""

import io
from contextlib import suppress
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.errors import BadImage, ImageProblem
from bot.media import prepare_for_provider, resize_to_limit
from bot.media.decode import MAX_RESULT_PIXELS
from bot.media.image_process import image_process
from tests.unit.media.test_images import gif, large_png, png_that_claims


@cache
def noise(size: tuple[int, int] = (600, 400), kind: str = "PNG", mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 80).convert(mode).save(out, kind)
    return out.getvalue()


def photo() -> bytes:
    """Make a JPEG to be turned a quarter to the right, its left half red, with a comment and a place."""
    image = Image.new("RGB", (400, 200), "blue")
    image.paste("red", (0, 0, 200, 200))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "where the member lives"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"where the member lives", icc_profile=b"where the member lives")
    return out.getvalue()


def opened(data: bytes | None) -> Image.Image:
    assert data is not None
    image = Image.open(io.BytesIO(data))
    image.load()
    assert (image.format, image.mode) == ("JPEG", "RGB")
    return image


@pytest.mark.parametrize("limit", [200_000, 60_000, 20_000, 5_000])
def test_a_picture_is_made_to_fit_and_fills_a_good_part_of_the_limit(limit: int) -> None:
    data = resize_to_limit(noise(), limit)
    assert data is not None
    assert limit // 3 < len(data) <= limit
    image = opened(data)
    assert abs(image.width / image.height - 1.5) < 0.05


def test_quality_falls_before_the_size_does() -> None:
    full = resize_to_limit(noise(), 10**7)
    assert full is not None
    lower = resize_to_limit(noise(), len(full) - 1)
    assert lower is not None
    assert opened(lower).size == (600, 400)
    assert len(lower) < len(full)
    assert opened(resize_to_limit(noise(), len(full) // 10)).width < 600


def test_a_large_picture_keeps_to_the_pixels_allowed() -> None:
    assert opened(resize_to_limit(noise((900, 600)), 10**7, longest=300)).size == (300, 200)


@pytest.mark.parametrize("limit", [0, 1, 300, 800])
def test_what_would_be_too_small_to_be_seen_is_not_made(limit: int) -> None:
    assert resize_to_limit(noise(), limit) is None


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", noise()[:5_000], png_that_claims(10_001, 10_000), gif(10_001, 10_000, 2)],
    ids=["empty", "html", "short", "bomb", "animated bomb"],
)
def test_what_cannot_be_read_is_not_made_to_fit_and_not_sent(data: bytes) -> None:
    assert resize_to_limit(data, 10**7) is None
    with pytest.raises(BadImage):
        prepare_for_provider(data)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixel_is_made_ready(mode: str) -> None:
    kind, data = prepare_for_provider(noise((60, 40), mode=mode))
    assert kind == "image/jpeg"
    assert opened(data).size == (60, 40)
    assert opened(resize_to_limit(noise((60, 40), mode=mode), 10**6)).size == (60, 40)


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "L"), ("JPEG", "CMYK"), ("WEBP", "RGBA"), ("GIF", "P")])
def test_every_format_is_made_ready(kind: str, mode: str) -> None:
    assert opened(prepare_for_provider(noise((60, 40), kind, mode))[1]).size == (60, 40)


def test_a_picture_for_a_vendor_is_scaled_down_and_never_up() -> None:
    assert opened(prepare_for_provider(noise((600, 400)), longest=150)[1]).size == (150, 100)
    assert opened(prepare_for_provider(noise((60, 40)))[1]).size == (60, 40)


def test_a_picture_for_a_vendor_keeps_to_its_bytes() -> None:
    assert len(prepare_for_provider(noise(), limit=20_000)[1]) <= 20_000


def test_a_picture_that_cannot_be_made_small_enough_for_a_vendor_is_too_large() -> None:
    with pytest.raises(BadImage) as caught:
        prepare_for_provider(noise(), limit=300)
    assert (caught.value.problem, caught.value.limit) == (ImageProblem.TOO_LARGE, 300)


def test_a_turned_photo_stands_upright_and_tells_nothing_else() -> None:
    for data in (prepare_for_provider(photo(), longest=100)[1], resize_to_limit(photo(), 10**6, longest=100)):
        image = opened(data)
        assert image.size == (50, 100)
        top, bottom = (image.getpixel((25, y)) for y in (10, 90))
        assert isinstance(top, tuple)
        assert isinstance(bottom, tuple)
        assert top[0] > 200 > 50 > top[2]
        assert bottom[2] > 200 > 50 > bottom[0]
        assert b"where the member lives" not in (data or b"")


def test_clear_pixels_become_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(prepare_for_provider(out.getvalue())[1]).getpixel((10, 10)) == (255, 255, 255)


def test_a_clear_colour_becomes_white_and_does_not_tinge_what_is_beside_it() -> None:
    image = Image.new("RGB", (40, 40), "white")
    for x in range(0, 40, 2):
        image.paste((0, 200, 0), (x, 0, x + 1, 40))
    out = io.BytesIO()
    image.save(out, "PNG", transparency=(0, 200, 0))
    assert opened(prepare_for_provider(out.getvalue(), longest=20)[1]).getpixel((10, 10)) == (255, 255, 255)


def test_a_provider_may_make_more_pixels_than_a_member_may_send() -> None:
    side = 9_100
    assert side * side < MAX_RESULT_PIXELS
    small = image_process.run(resize_to_limit, large_png(side), 10**6, longest=320)
    assert opened(small).size == (320, 320)


@given(
    st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]),
    st.lists(st.tuples(st.integers(0, 100_000), st.binary(min_size=1, max_size=8)), min_size=1, max_size=8),
)
def test_damage_is_either_survived_or_refused(kind: str, damage: list[tuple[int, bytes]]) -> None:
    data = bytearray(noise((24, 16), kind))
    for place, junk in damage:
        start = place % len(data)
        data[start : start + len(junk)] = junk
    fitting = image_process.run(resize_to_limit, bytes(data), 5_000)
    assert fitting is None or len(fitting) <= 5_000
    with suppress(BadImage):
        assert opened(image_process.run(prepare_for_provider, bytes(data))[1]).format == "JPEG"
