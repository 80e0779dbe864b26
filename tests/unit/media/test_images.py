"""Pictures are judged by decoding them, never by their name or their host's word."""

import io
import struct
import threading
import warnings
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from bot.errors import BadImage, ImageProblem
from bot.media import (
    CARD_SIDE,
    LIST_SIDE,
    MAX_IMAGE_BYTES,
    MAX_PIXELS,
    MAX_RESULT_PIXELS,
    check_image,
    check_result,
    thumbnail,
)
from bot.media.decode import MAX_WEBP_PIXELS
from bot.media.image_process import image_process
from bot.media.images import Copies, check_for_card


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 80).convert(mode).save(out, kind, **options)
    return out.getvalue()


def a_sky(kind: str, size: tuple[int, int]) -> bytes:
    """Draw what is dark at its left and upper sides, and red where it is bright."""
    out, down = io.BytesIO(), Image.linear_gradient("L")
    sky = Image.merge("RGB", (down, down.transpose(Image.Transpose.ROTATE_90), down))
    sky.transform(size, Image.Transform.EXTENT, (0, 0, *sky.size)).save(out, kind)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_that_claims(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def large_png(side: int) -> bytes:
    """Write a black square line by line: as a picture it would take the memory of all its pixels."""
    packer = zlib.compressobj()
    lines = b"".join(packer.compress(bytes(1 + side)) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def webp_that_claims(width: int, height: int) -> bytes:
    data = bytearray(picture("WEBP", lossless=True))
    data[21:25] = struct.pack("<I", (height - 1) << 14 | (width - 1))
    return bytes(data)


def gif(width: int, height: int, frames: int) -> bytes:
    one = b"\x2c" + struct.pack("<HHHH", 0, 0, 1, 1) + b"\0\x02\x02\x44\x01\0"
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0\0\0\0\xff\xff\xff" + one * frames + b";"


def scans(count: int) -> bytes:
    """Make a progressive JPEG of as many scans, each but the first few bytes long; a segment hides an early end."""
    out = io.BytesIO()
    Image.new("L", (64, 64), 99).save(out, "JPEG", progressive=True, comment=b"\xff\xd9 and on")
    data = out.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * (count - data.count(b"\xff\xda") + 1) + data[-2:]


def problem_of(data: bytes, place: str = "start") -> BadImage:
    with pytest.raises(BadImage) as caught:
        check_image(data, place)
    return caught.value


@pytest.mark.parametrize(
    ("kind", "extension", "content_type"),
    [
        ("PNG", "png", "image/png"),
        ("JPEG", "jpg", "image/jpeg"),
        ("WEBP", "webp", "image/webp"),
        ("GIF", "gif", "image/gif"),
    ],
)
def test_the_four_formats_are_known_by_their_content(kind: str, extension: str, content_type: str) -> None:
    data = picture(kind)
    checked = check_image(data)
    assert (checked.width, checked.height) == (64, 48)
    assert (checked.extension, checked.content_type) == (extension, content_type)
    assert checked.data == data


def test_a_phones_photo_with_a_second_picture_behind_it_is_a_jpeg() -> None:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (32, 24))])
    checked = check_image(out.getvalue())
    assert (checked.width, checked.extension, checked.content_type) == (64, "jpg", "image/jpeg")
    assert Image.open(io.BytesIO(thumbnail(out.getvalue(), 32))).size == (32, 24)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_kind_of_jpeg_is_read_and_made_small(mode: str) -> None:
    data = picture("JPEG", mode=mode)
    assert check_image(data).width == 64
    assert Image.open(io.BytesIO(thumbnail(data, 16))).mode == "RGB"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_pixel_is_read_and_made_small(mode: str) -> None:
    data = picture(mode=mode)
    assert check_image(data).width == 64
    assert Image.open(io.BytesIO(thumbnail(data, 16))).size == (16, 12)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"just text in a file named .png",
        b"<!doctype html><title>404</title>",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        b"\0\0\0\x18ftypisom\0\0\0\0isomiso2",
        b"%PDF-1.7",
        b"BM" + bytes(60),
        b"P6 1 1 255 abc",
    ],
    ids=["empty", "text", "html", "svg", "mp4", "pdf", "bmp", "ppm"],
)
def test_what_is_no_picture_is_called_so(data: bytes) -> None:
    assert problem_of(data, "end").problem is ImageProblem.NOT_AN_IMAGE
    assert problem_of(data, "end").role == "end"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_picture_is_broken(kind: str, share: float) -> None:
    data = picture(kind, (300, 200))
    assert problem_of(data[: int(len(data) * share)]).problem is ImageProblem.BROKEN


def test_a_png_with_damaged_pixels_is_broken() -> None:
    data = bytearray(picture())
    data[len(data) // 2] ^= 0xFF
    assert problem_of(bytes(data)).problem is ImageProblem.BROKEN


def test_too_many_bytes_are_refused_before_they_are_looked_at() -> None:
    error = problem_of(bytes(MAX_IMAGE_BYTES + 1))
    assert (error.problem, error.limit) == (ImageProblem.TOO_LARGE, MAX_IMAGE_BYTES)


@pytest.mark.parametrize(("width", "height"), [(10_001, 8_000), (12_000, 9_000), (50_000, 50_000), (2**31 - 1, 1)])
def test_a_bomb_is_refused_from_its_header(width: int, height: int) -> None:
    error = problem_of(png_that_claims(width, height))
    assert (error.problem, error.limit) == (ImageProblem.TOO_MANY_PIXELS, MAX_PIXELS)


def test_as_many_pixels_as_allowed_pass_the_header_check() -> None:
    assert problem_of(png_that_claims(10_000, 8_000)).problem is ImageProblem.BROKEN


def test_a_jpeg_of_many_scans_is_read_and_one_of_endless_scans_is_not() -> None:
    assert check_image(scans(64)).width == 64
    assert problem_of(scans(65)).problem is ImageProblem.BROKEN
    assert problem_of(scans(50_000)).problem is ImageProblem.BROKEN


def test_a_jpeg_of_endless_segments_is_refused() -> None:
    data = picture("JPEG")
    assert problem_of(data[:-2] + b"\xff\xfe\0\2" * 6_000 + data[-2:]).problem is ImageProblem.BROKEN


def test_what_looks_like_scans_behind_a_jpegs_end_is_none() -> None:
    assert check_image(picture("JPEG") + b"\xff\xda\0\0" * 60_000).width == 64


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_finished_picture_is_known_by_its_content(kind: str) -> None:
    data = picture(kind, (333, 222))
    result = check_result(data)
    assert result == check_image(data)
    assert (result.width, result.height) == (333, 222)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_result_is_broken(kind: str, share: float) -> None:
    data = picture(kind, (300, 200))
    with pytest.raises(BadImage) as caught:
        check_result(data[: int(len(data) * share)])
    assert caught.value.problem is ImageProblem.BROKEN


def test_a_result_may_have_more_pixels_than_a_members_picture() -> None:
    assert image_process.run(check_result, large_png(8_192)).width == 8_192


@pytest.mark.parametrize(
    ("data", "problem", "limit"),
    [
        (png_that_claims(10_001, 10_000), ImageProblem.TOO_MANY_PIXELS, MAX_RESULT_PIXELS),
        (png_that_claims(50_000, 50_000), ImageProblem.TOO_MANY_PIXELS, MAX_RESULT_PIXELS),
        (webp_that_claims(8_192, 8_192), ImageProblem.TOO_MANY_PIXELS, MAX_WEBP_PIXELS),
        (gif(10, 10, 1), ImageProblem.NOT_AN_IMAGE, None),
        (b"<html>", ImageProblem.NOT_AN_IMAGE, None),
    ],
    ids=["many pixels", "huge", "large webp", "gif", "html"],
)
def test_a_result_beyond_its_limits_is_refused(data: bytes, problem: ImageProblem, limit: int | None) -> None:
    with pytest.raises(BadImage) as caught:
        check_result(data)
    assert (caught.value.problem, caught.value.limit) == (problem, limit)


def test_a_modest_animation_passes() -> None:
    assert check_image(gif(200, 100, 40)).width == 200


def test_a_thumbnail_of_a_bomb_is_refused_too() -> None:
    with pytest.raises(BadImage):
        thumbnail(png_that_claims(10_001, 10_000))


def test_a_thumbnail_stands_upright() -> None:
    image = Image.new("RGB", (400, 200), "blue")
    image.paste("red", (0, 0, 200, 200))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter to the right
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    small = Image.open(io.BytesIO(thumbnail(out.getvalue(), 100)))
    assert (small.format, small.size) == ("JPEG", (50, 100))
    top, bottom = (small.convert("RGB").getpixel((25, y)) for y in (10, 90))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > 50 > top[2]
    assert bottom[2] > 200 > 50 > bottom[0]
    assert not small.getexif()


def test_a_thumbnail_of_a_turned_palette_picture_stands_upright_too() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert Image.open(io.BytesIO(thumbnail(picture(mode="P", size=(400, 200), exif=exif), 100))).size == (50, 100)


def test_a_thumbnail_shows_clear_pixels_as_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert Image.open(io.BytesIO(thumbnail(out.getvalue()))).getpixel((10, 10)) == (255, 255, 255)


def test_a_small_picture_is_not_blown_up() -> None:
    assert Image.open(io.BytesIO(thumbnail(picture(size=(30, 20)), 320))).size == (30, 20)


def test_a_thumbnail_of_16_bit_grey_keeps_its_brightness() -> None:
    out = io.BytesIO()
    Image.new("I;16", (40, 40), 100 * 256).save(out, "PNG")
    level = Image.open(io.BytesIO(thumbnail(out.getvalue()))).convert("L").getpixel((20, 20))
    assert isinstance(level, int)
    assert 97 <= level <= 103


def test_damaged_metadata_does_not_spoil_a_photo() -> None:
    data = picture("JPEG", exif=b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x05garbage")
    assert check_image(data).width == 64
    assert thumbnail(data)


def test_checking_in_many_threads_leaves_the_warning_filters_alone() -> None:
    before = list(warnings.filters)
    data = picture(size=(200, 200))
    threads = [threading.Thread(target=check_image, args=(data,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(warnings.filters) == before


@given(
    st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]),
    st.lists(st.tuples(st.integers(0, 100_000), st.binary(min_size=1, max_size=8)), min_size=1, max_size=8),
)
def test_damage_anywhere_is_either_survived_or_refused(kind: str, damage: list[tuple[int, bytes]]) -> None:
    data = bytearray(picture(kind, (24, 16)))
    for place, junk in damage:
        start = place % len(data)
        data[start : start + len(junk)] = junk
    with suppress(BadImage):
        assert image_process.run(check_image, bytes(data)).data == data
    with suppress(BadImage):
        assert max(Image.open(io.BytesIO(image_process.run(thumbnail, bytes(data), 16))).size) <= 16


def test_a_thumbnail_is_made_of_a_result_larger_than_any_attachment_may_be() -> None:
    side = 9_000
    assert MAX_PIXELS < side * side < MAX_RESULT_PIXELS
    small = image_process.run(thumbnail, large_png(side), 64)
    assert Image.open(io.BytesIO(small)).size == (64, 64)


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB").tobytes()


@pytest.mark.parametrize(("kind", "size"), [("PNG", (64, 48)), ("JPEG", (1600, 900)), ("WEBP", (64, 48))])
def test_a_copy_that_was_made_with_the_check_is_that_which_is_made_later(kind: str, size: tuple[int, int]) -> None:
    data = picture(kind, size)
    later = thumbnail(data, CARD_SIDE)
    assert check_for_card(data) == check_image(data)
    assert thumbnail(data, CARD_SIDE) == later
    assert thumbnail(data, CARD_SIDE) == later  # it is given once, and then made


def test_a_small_jpeg_is_shown_as_it_is_without_what_others_wrote_into_it() -> None:
    data = picture("JPEG", comment=b"somebody's home")
    assert check_for_card(data) == check_image(data)
    shown = thumbnail(data, CARD_SIDE)
    assert b"home" not in shown
    assert pixels(shown) == pixels(data)


def test_a_jpeg_that_says_how_it_was_held_is_drawn_anew() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = picture("JPEG", exif=exif)
    check_for_card(data)
    with Image.open(io.BytesIO(thumbnail(data, CARD_SIDE))) as shown:
        assert (shown.size, dict(shown.getexif())) == ((48, 64), {})


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_is_no_whole_picture_is_refused_for_a_card_as_elsewhere(kind: str) -> None:
    with pytest.raises(BadImage, match=str(ImageProblem.BROKEN)):
        check_for_card(picture(kind, (640, 480))[:-2000])


def test_a_png_with_damaged_pixels_is_refused_for_a_card_as_elsewhere() -> None:
    data = bytearray(picture())
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(BadImage, match=str(ImageProblem.BROKEN)):
        check_for_card(bytes(data))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (1600, 900), (640, 480), (90, 60)])
def test_the_small_copy_that_was_made_with_the_check_looks_like_that_which_is_made_later(
    kind: str, size: tuple[int, int]
) -> None:
    data = a_sky(kind, size)
    later = thumbnail(data, LIST_SIDE)
    assert check_for_card(data) == check_image(data)
    with Image.open(io.BytesIO(thumbnail(data, LIST_SIDE))) as small, Image.open(io.BytesIO(later)) as usual:
        assert (small.format, small.mode, small.size) == (usual.format, usual.mode, usual.size)
        assert max(ImageStat.Stat(ImageChops.difference(small, usual)).mean) < 4
    assert thumbnail(data, LIST_SIDE) == later  # it is given once, and then made


def test_few_copies_are_remembered_and_each_is_given_as_often_as_it_was_made() -> None:
    copies = Copies(3)
    for number in (0, 1, 2, 2, 3):
        copies.put(bytes([number]), b"copy")
    assert copies.take(bytes([0])) is None
    assert [copies.take(bytes([1])) for _ in range(2)] == [b"copy", None]
    assert [copies.take(bytes([2])) for _ in range(3)] == [b"copy", b"copy", None]
