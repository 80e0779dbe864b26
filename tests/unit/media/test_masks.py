"""Masks: of the picture's size, purely black and white, and shown over the picture before anything is spent."""

import io
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.errors import BadImage, BadMask, ImageProblem, MaskProblem
from bot.media import MAX_IMAGE_BYTES, MaskReading, check_mask, overlay
from bot.media.image_process import image_process
from bot.ui.text.errors import describe_error, not_charged
from tests.unit.media.test_images import png_that_claims, webp_that_claims

SIZE = (60, 40)


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def half(mode: str = "L", size: tuple[int, int] = SIZE) -> Image.Image:
    """Make a mask whose left half is white."""
    image = Image.new("L", size, 0)
    image.paste(255, (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


def turned(size: tuple[int, int] = SIZE) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter to the right
    return exif


PICTURE = saved(Image.new("RGB", SIZE, "teal"))


def refusal_of(mask: bytes, picture: bytes = PICTURE) -> BadMask:
    with pytest.raises(BadMask) as caught:
        check_mask(mask, picture)
    return caught.value


def levels(data: bytes) -> list[int]:
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.mode) == ("PNG", "L")
    return list(image.tobytes())


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_black_and_white_mask_of_any_kind_becomes_a_plain_grey_png(mode: str) -> None:
    checked = check_mask(saved(half(mode)), PICTURE)
    assert (checked.width, checked.height) == SIZE
    assert levels(checked.data) == ([255] * 30 + [0] * 30) * 40


def test_a_mask_of_16_bit_grey_is_read() -> None:
    pixels = b"".join(b"\xff\xff" if x < 30 else b"\0\0" for _ in range(40) for x in range(60))
    checked = check_mask(saved(Image.frombytes("I;16", SIZE, pixels)), PICTURE)
    assert levels(checked.data) == ([255] * 30 + [0] * 30) * 40


@pytest.mark.parametrize(
    ("level", "nearly"),
    [(b"\0\x01", True), (b"\0\x3f", True), (b"\0\x40", False), (b"\0\xbf", False), (b"\xff\xfe", True)],
)
def test_a_grey_among_16_bit_levels_is_judged_as_any(level: bytes, nearly: bool) -> None:
    mask = saved(Image.frombytes("I;16", SIZE, level + b"\xff\xff" * 1_200 + b"\0\0" * 1_199))
    if nearly:
        assert check_mask(mask, PICTURE).reading is MaskReading.NEARLY
    else:
        assert refusal_of(mask).problem is MaskProblem.GREY


@pytest.mark.parametrize(("kind", "options"), [("GIF", {}), ("WEBP", {"lossless": True})])
def test_other_formats_without_loss_are_read(kind: str, options: dict[str, object]) -> None:
    checked = check_mask(saved(half("RGB"), kind, **options), PICTURE)
    assert levels(checked.data) == ([255] * 30 + [0] * 30) * 40


@pytest.mark.parametrize("below", [(0, 0, 0, 0), (255, 255, 255, 0), (9, 99, 199, 0)])
def test_clear_pixels_count_as_black_whatever_colour_they_hide(below: tuple[int, int, int, int]) -> None:
    image = Image.new("RGBA", SIZE, below)
    image.paste((255, 255, 255, 255), (0, 0, 30, 40))
    assert levels(check_mask(saved(image), PICTURE).data) == ([255] * 30 + [0] * 30) * 40


def test_a_clear_colour_counts_as_black() -> None:
    image = Image.new("RGB", SIZE, (9, 99, 199))
    image.paste((255, 255, 255), (0, 0, 30, 40))
    checked = check_mask(saved(image, transparency=(9, 99, 199)), PICTURE)
    assert levels(checked.data) == ([255] * 30 + [0] * 30) * 40


def test_nothing_but_pixels_travels_on() -> None:
    exif = Image.Exif()
    exif[0x010E] = "where the member lives"
    mask = saved(half(), exif=exif, icc_profile=b"a profile", dpi=(300, 300)) + b"a stowaway"
    clean = Image.open(io.BytesIO(check_mask(mask, PICTURE).data))
    clean.load()
    assert clean.info == {}
    assert check_mask(mask, PICTURE).data == check_mask(saved(half("RGBA")), PICTURE).data


@pytest.mark.parametrize("size", [(40, 60), (61, 40), (60, 39), (120, 80), (1, 1)])
def test_a_mask_of_another_size_is_told_both_sizes(size: tuple[int, int]) -> None:
    refusal = refusal_of(saved(half(size=size)))
    assert refusal.problem is MaskProblem.WRONG_SIZE
    assert (refusal.width, refusal.height, refusal.given_width, refusal.given_height) == (*SIZE, *size)
    said = describe_error(refusal)
    assert f"{size[0]} × {size[1]}" in said
    assert "60 × 40" in said


def test_a_mask_of_another_size_is_refused_before_it_is_decoded() -> None:
    # It claims to be as large as a mask may be and has no pixels at all.
    assert refusal_of(png_that_claims(10_000, 10_000)).problem is MaskProblem.WRONG_SIZE


LARGEST = """
import io, re, sys
from pathlib import Path
from PIL import Image
from bot.media import check_mask, overlay

def saved(image):
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()

SIZE = (8_192, 8_192)
picture = saved(Image.new(sys.argv[1], SIZE))
mask = Image.new("L", SIZE)
mask.paste(255, (0, 0, 4_096, 8_192))
mask = saved(mask if sys.argv[2] == "L" else mask.convert(sys.argv[2]))
checked = check_mask(mask, picture)
assert overlay(picture, checked.data)
white = Image.open(io.BytesIO(checked.data)).histogram()[255]
# Not ru_maxrss: that counts what the process that started this one held.
peak_kb = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
print(checked.width, white, int(peak_kb) // 1024)
"""


@pytest.mark.slow  # two processes that decode 67 million pixels each
@pytest.mark.parametrize(("picture_mode", "mask_mode"), [("L", "RGBA"), ("RGB", "1")])
def test_a_mask_of_the_largest_picture_is_read_within_bounds(picture_mode: str, mask_mode: str) -> None:
    """What `upscale4` makes of 2048 x 2048 pixels; in a process of its own, whose memory can be told."""
    done = subprocess.run(
        [sys.executable, "-c", LARGEST, picture_mode, mask_mode],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    width, white, peak_mb = map(int, done.stdout.split())
    assert (width, white) == (8_192, 8_192 * 4_096)
    assert peak_mb < 600


def test_sizes_are_compared_as_they_are_displayed() -> None:
    photo = saved(Image.new("RGB", (40, 60), "teal"), "JPEG", exif=turned())
    assert check_mask(saved(half()), photo).width == 60
    assert refusal_of(saved(half(size=(40, 60))), photo).problem is MaskProblem.WRONG_SIZE


def test_a_turned_mask_is_kept_upright() -> None:
    checked = check_mask(saved(half(size=(40, 60)), exif=turned()), PICTURE)
    assert levels(checked.data) == [255] * 60 * 20 + [0] * 60 * 20


PALE, VEILED = (192, 200, 255, 255), (255, 255, 255, 192)
DIM, VEILED_BLACK, FAINT = (63, 0, 20, 255), (0, 0, 0, 1), (255, 255, 255, 63)


@pytest.mark.parametrize(
    ("colour", "white"), [(PALE, True), (VEILED, True), (DIM, False), (VEILED_BLACK, False), (FAINT, False)]
)
def test_what_is_nearly_black_or_white_counts(colour: tuple[int, ...], white: bool) -> None:
    mask = half("RGBA")
    mask.putpixel((5, 5), colour)
    mask.putpixel((55, 5), colour)
    checked = check_mask(saved(mask), PICTURE)
    found = levels(checked.data)
    assert checked.reading is MaskReading.NEARLY
    assert [found[5 * 60 + 5], found[5 * 60 + 55]] == [255 if white else 0] * 2
    assert set(found) == {0, 255}


@pytest.mark.parametrize(
    "colour", [(191, 255, 255, 255), (64, 0, 0, 255), (255, 0, 0, 255), (255, 255, 255, 191), (255, 255, 255, 64)]
)
def test_one_pixel_that_is_neither_nearly_black_nor_nearly_white_is_refused(colour: tuple[int, ...]) -> None:
    mask = half("RGBA")
    mask.putpixel((5, 5), colour)
    assert refusal_of(saved(mask)).problem is MaskProblem.GREY


@pytest.mark.parametrize("quality", [60, 75, 95])
def test_the_blur_of_a_jpeg_does_not_matter(quality: int) -> None:
    image = Image.new("L", SIZE, 0)
    image.paste(255, (3, 3, 33, 33))
    checked = check_mask(saved(image, "JPEG", quality=quality), PICTURE)
    assert checked.reading is MaskReading.NEARLY
    assert levels(checked.data) == list(image.tobytes())


def erased(picture: Image.Image) -> Image.Image:
    """Erase a hole of 10 x 10 pixels into a picture, with a soft edge."""
    image = picture.convert("RGBA")
    opacity = Image.new("L", SIZE, 255)
    opacity.paste(100, (20, 10, 30, 20))
    opacity.paste(0, (21, 11, 29, 19))
    image.putalpha(opacity)
    return image


@pytest.mark.parametrize(
    "picture",
    [Image.effect_noise(SIZE, 90), Image.new("RGB", SIZE, "teal"), Image.new("RGB", SIZE, "black")],
    ids=["noise", "teal", "black"],
)
@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("WEBP", {"lossless": True})])
def test_of_a_picture_with_a_hole_the_hole_is_redrawn(
    picture: Image.Image, kind: str, options: dict[str, object]
) -> None:
    checked = check_mask(saved(erased(picture), kind, **options), PICTURE)
    wanted = Image.new("L", SIZE)
    wanted.paste(255, (20, 10, 30, 20))
    assert checked.reading is MaskReading.HOLE
    assert levels(checked.data) == list(wanted.tobytes())


def test_a_picture_without_a_hole_is_no_mask() -> None:
    assert refusal_of(PICTURE).problem is MaskProblem.GREY
    assert refusal_of(saved(Image.new("RGBA", SIZE, (0, 128, 128, 128)))).problem is MaskProblem.GREY
    assert refusal_of(saved(Image.new("RGBA", SIZE, (0, 128, 128, 0)))).problem is MaskProblem.NOTHING_WHITE


def test_a_pure_mask_is_known_as_one() -> None:
    assert check_mask(saved(half("RGBA")), PICTURE).reading is MaskReading.PURE


@pytest.mark.parametrize("image", [Image.new("L", SIZE, 0), Image.new("RGBA", SIZE, (255, 255, 255, 0))])
def test_a_mask_without_white_is_refused(image: Image.Image) -> None:
    assert refusal_of(saved(image)).problem is MaskProblem.NOTHING_WHITE


def test_a_mask_that_is_all_white_redraws_everything() -> None:
    assert set(levels(check_mask(saved(Image.new("1", SIZE, 1)), PICTURE).data)) == {255}


@pytest.mark.parametrize(
    ("mask", "problem"),
    [
        (b"", ImageProblem.NOT_AN_IMAGE),
        (b"<html>", ImageProblem.NOT_AN_IMAGE),
        (saved(half())[:60], ImageProblem.BROKEN),
        (png_that_claims(*SIZE), ImageProblem.BROKEN),
        (png_that_claims(10_001, 10_001), ImageProblem.TOO_MANY_PIXELS),
        (webp_that_claims(8_192, 8_192), ImageProblem.TOO_MANY_PIXELS),
        (png_that_claims(2**31 - 1, 2**31 - 1), ImageProblem.TOO_MANY_PIXELS),
        (bytes(MAX_IMAGE_BYTES + 1), ImageProblem.TOO_LARGE),
    ],
    ids=["empty", "html", "short", "no pixels", "large", "large webp", "huge", "heavy"],
)
def test_what_is_wrong_with_any_picture_is_said_of_the_mask(mask: bytes, problem: ImageProblem) -> None:
    with pytest.raises(BadImage) as caught:
        check_mask(mask, PICTURE)
    assert (caught.value.problem, caught.value.role) == (problem, "mask")
    assert describe_error(caught.value).startswith("The mask ")


def test_a_picture_that_cannot_be_read_is_not_blamed_on_the_mask() -> None:
    with pytest.raises(BadImage) as caught:
        check_mask(saved(half()), b"gone")
    assert caught.value.role == "start"


@pytest.mark.parametrize("problem", MaskProblem)
def test_each_refusal_says_that_nothing_was_charged_and_what_to_do(problem: MaskProblem) -> None:
    what, then = describe_error(BadMask(problem, 1, 2, 3, 4)).split(f" {not_charged()} ")
    assert "mask" in what
    assert then


def colours_at(data: bytes, *places: tuple[int, int]) -> list[tuple[int, ...]]:
    image = Image.open(io.BytesIO(data)).convert("RGB")
    found = [image.getpixel(place) for place in places]
    return [colour for colour in found if isinstance(colour, tuple)]


def test_the_overlay_reddens_what_is_white_and_leaves_the_rest() -> None:
    picture = saved(Image.new("RGB", SIZE, (0, 0, 200)))
    shown = overlay(picture, check_mask(saved(half()), picture).data)
    (red, _, blue), (other_red, _, other_blue) = colours_at(shown, (10, 20), (50, 20))
    assert 110 < red < 145
    assert 85 < blue < 115
    assert other_red < 15
    assert other_blue > 185
    assert Image.open(io.BytesIO(shown)).format == "JPEG"


def test_the_overlay_of_a_large_turned_photo_is_small_and_upright() -> None:
    photo = saved(Image.new("RGB", (1_000, 2_000), "white"), "JPEG", exif=turned())
    mask = check_mask(saved(half(size=(2_000, 1_000))), photo)
    shown = overlay(photo, mask.data, 500)
    assert Image.open(io.BytesIO(shown)).size == (500, 250)
    marked, kept = colours_at(shown, (100, 125), (400, 125))
    assert marked[1] < 150 < kept[1]


def test_an_overlay_of_what_does_not_fit_together_is_refused() -> None:
    for picture, mask in ((PICTURE, b"no mask"), (b"no picture", saved(half())), (PICTURE, saved(half(size=(9, 9))))):
        with pytest.raises(BadImage):
            overlay(picture, mask)


@given(
    st.sampled_from(["PNG", "GIF", "WEBP", "JPEG"]),
    st.lists(st.tuples(st.integers(0, 100_000), st.binary(min_size=1, max_size=8)), min_size=1, max_size=8),
)
def test_a_damaged_mask_is_either_purely_black_and_white_or_refused(kind: str, damage: list[tuple[int, bytes]]) -> None:
    data = bytearray(saved(half("RGB"), kind))
    for place, junk in damage:
        start = place % len(data)
        data[start : start + len(junk)] = junk
    with suppress(BadImage, BadMask):
        assert set(levels(image_process.run(check_mask, bytes(data), PICTURE).data)) <= {0, 255}
