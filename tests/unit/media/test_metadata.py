"""What a picture says about itself spoils nothing: its pixels decide, wherever it is read."""

import io
import random
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageStat

from bot.errors import BadImage, ImageProblem
from bot.media import (
    Downloader,
    check_image,
    check_mask,
    check_result,
    overlay,
    prepare_for_provider,
    resize_to_limit,
    split_grid,
    thumbnail,
)
from tests.support.file_hosts import answering, host
from tests.unit.media.test_images import chunk, gif, picture

DATA = Path(__file__).with_name("data")
FILES = ("ztxt_workflow_1.8MB.png", "text_bad_crc.png", "baseline_no_eoi.jpg")
LARGE = random.Random(1).randbytes(1_500_000)
"""What does not become small: a profile of more than a mebibyte, packed or not."""

END_OF_IMAGE = b"\xff\xd9"


def given(name: str) -> bytes:
    return (DATA / name).read_bytes()


def with_chunk(kind: bytes, body: bytes, png: bytes, *, wrong: bool = False, last: bool = False) -> bytes:
    """Put a chunk behind a PNG's header, or before its end."""
    place = png.rindex(b"IEND") - 4 if last else 33
    made = chunk(kind, body)
    return png[:place] + (made[:-1] + bytes([made[-1] ^ 1]) if wrong else made) + png[place:]


def with_segment(marker: int, body: bytes, jpeg: bytes) -> bytes:
    """Put a segment behind a JPEG's first marker."""
    return jpeg[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


@cache
def png(mode: str = "L") -> bytes:
    out = io.BytesIO()
    image = Image.new("L", (64, 48))
    image.paste(255, (0, 0, 32, 48))
    image.convert(mode).save(out, "PNG")
    return out.getvalue()


@cache
def photo() -> bytes:
    return picture("JPEG")


def with_profile() -> bytes:
    """Make a JPEG with a profile in as many segments as it takes."""
    made = photo()
    parts = [LARGE[place : place + 60_000] for place in range(0, len(LARGE), 60_000)]
    for number in reversed(range(len(parts))):
        made = with_segment(0xE2, b"ICC_PROFILE\0" + bytes([number + 1, len(parts)]) + parts[number], made)
    return made


STRANGE_PNGS: dict[str, Callable[[bytes], bytes]] = {
    "packed text": lambda file: with_chunk(b"zTXt", b"workflow\0\0" + zlib.compress(bytes(2**21)), file),
    "much packed text": lambda file: with_chunk(b"zTXt", b"workflow\0\0" + zlib.compress(bytes(2**26 + 2**20)), file),
    "text of the world": lambda file: with_chunk(
        b"iTXt", b"w\0\1\0\0\0" + zlib.compress(bytes(2**21)), file, last=True
    ),
    "text that breaks off": lambda file: with_chunk(b"zTXt", b"workflow\0\0" + zlib.compress(bytes(99))[:9], file),
    "a profile": lambda file: with_chunk(b"iCCP", b"icc\0\0" + zlib.compress(LARGE), file),
    "a wrong sum": lambda file: with_chunk(b"tEXt", b"a\0b", file, wrong=True),
    "a wrong sum at its end": lambda file: with_chunk(b"tIME", bytes(7), file, wrong=True, last=True),
    "a wrong sum of what is needed": lambda file: with_chunk(b"eXIf", b"MM\0\x2a\0\0\0\x08\0\0", file, wrong=True),
    "a size that is none": lambda file: with_chunk(b"pHYs", b"\0", file),
    "an animation that is none": lambda file: with_chunk(b"acTL", b"\0", file),
}


@pytest.mark.parametrize("name", FILES)
def test_the_files_that_people_sent_are_read_wherever_a_picture_is(name: str) -> None:
    data = given(name)
    checked = check_image(data)
    assert checked.data == data
    assert check_result(data) == checked
    assert max(Image.open(io.BytesIO(thumbnail(data, 100))).size) == 100
    assert prepare_for_provider(data)[0] == "image/jpeg"
    assert resize_to_limit(data, 10_000) is not None
    assert len(split_grid(data)) == 4
    mask = io.BytesIO()
    Image.new("1", (checked.width, checked.height), 1).save(mask, "PNG")
    assert overlay(data, check_mask(mask.getvalue(), data).data)


@pytest.mark.parametrize("name", FILES)
async def test_the_files_that_people_sent_are_fetched_from_members_and_from_providers(
    downloader: Downloader, name: str
) -> None:
    async with host(answering(given(name), headers={"Content-Type": "application/octet-stream"})) as url:
        assert (await downloader.image(url, "end")).data == given(name)
        assert (await downloader.result_image(url)).data == given(name)


@pytest.mark.parametrize("say", STRANGE_PNGS.values(), ids=STRANGE_PNGS)
def test_whatever_a_png_says_of_itself_it_is_read(say: Callable[[bytes], bytes]) -> None:
    plain, strange = png("RGB"), say(png("RGB"))
    assert check_image(strange).data == strange
    assert check_result(strange).width == 64
    assert thumbnail(strange) == thumbnail(plain)
    assert check_mask(say(png()), plain).data == check_mask(png(), strange).data


def test_a_wrong_sum_of_what_is_clear_leaves_it_clear() -> None:
    image = Image.new("P", (20, 20), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    out = io.BytesIO()
    image.save(out, "PNG", transparency=1)
    data = bytearray(out.getvalue())
    place = data.index(b"tRNS")
    data[place + 4 + int.from_bytes(data[place - 4 : place])] ^= 1
    assert Image.open(io.BytesIO(thumbnail(bytes(data)))).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize("kind", [b"IHDR", b"PLTE"])
def test_a_wrong_sum_of_what_pixels_are_made_of_is_still_broken(kind: bytes) -> None:
    data = bytearray(png("P"))
    place = data.index(kind)
    data[place + 4 + int.from_bytes(data[place - 4 : place])] ^= 1
    with pytest.raises(BadImage) as caught:
        check_image(bytes(data))
    assert caught.value.problem is ImageProblem.BROKEN


@pytest.mark.parametrize(
    "strange",
    [
        with_profile(),
        with_segment(0xE2, b"MPF\0MM\0\x2a\xff\xff\xff\xff", photo()),
        with_segment(0xED, b"Photoshop 3.0\x008BIM" + b"\xff" * 40, photo()),
        with_segment(0xFE, b"\xff\xd9 the end? " + bytes(60_000), photo()),
        with_segment(0xE1, b"Exif\0\0MM\0\x2a\0\0\0\x08" + b"\xff" * 300, photo()),
        with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta", photo()),
    ],
    ids=["a profile", "a second picture", "a photo shop", "a comment", "a camera", "a packet"],
)
def test_whatever_a_jpeg_says_of_itself_it_is_read(strange: bytes) -> None:
    assert check_image(strange).extension == "jpg"
    assert check_result(strange).data == strange
    assert thumbnail(strange) == thumbnail(photo())
    assert len(split_grid(strange[:-2])) == 4


def test_a_jpegs_colours_are_still_meant_as_they_were() -> None:
    ink = picture("JPEG", mode="CMYK")
    assert b"Adobe" in ink
    assert thumbnail(with_segment(0xFE, b"words", ink)) == thumbnail(ink)
    shown = Image.open(io.BytesIO(thumbnail(ink, 64))).convert("L")
    meant = Image.open(io.BytesIO(ink)).convert("L")
    assert ImageStat.Stat(shown).mean == pytest.approx(ImageStat.Stat(meant).mean, abs=2)


@pytest.mark.parametrize("lacks", [END_OF_IMAGE, b"\xd9"], ids=["marker", "half of it"])
@pytest.mark.parametrize(
    "options",
    [{}, {"progressive": True}, {"restart_marker_blocks": 1}, {"quality": 95, "subsampling": 0}],
    ids=["plain", "progressive", "in parts", "fine"],
)
def test_a_jpeg_that_lacks_only_its_end_is_whole(lacks: bytes, options: dict[str, Any]) -> None:
    whole = picture("JPEG", **options)
    short = whole.removesuffix(lacks)
    assert check_image(short).data == short
    assert check_result(short).width == 64
    assert thumbnail(short) == thumbnail(whole)


@pytest.mark.parametrize(
    "options",
    [{}, {"progressive": True}, {"restart_marker_blocks": 1}, {"progressive": True, "restart_marker_rows": 1}],
    ids=["plain", "progressive", "in parts", "progressive in parts"],
)
def test_a_jpeg_that_lacks_a_pixel_is_broken_wherever_it_was_cut(options: dict[str, Any]) -> None:
    whole = picture("JPEG", **options)
    for end in range(whole.index(b"\xff\xda"), len(whole) - 2, 7):
        with pytest.raises(BadImage) as caught:
            check_image(whole[:end])
        assert caught.value.problem is ImageProblem.BROKEN


@pytest.mark.parametrize(("side", "frames"), [(1, 1_001), (5_000, 17)], ids=["many frames", "large frames"])
def test_an_animation_counts_by_its_first_frame(side: int, frames: int) -> None:
    animation = gif(side, side, frames)
    assert check_image(animation).width == side
    assert thumbnail(animation)


def test_an_animated_png_is_its_first_picture() -> None:
    out = io.BytesIO()
    first, second = Image.new("RGB", (32, 24), "red"), Image.new("RGB", (32, 24), "blue")
    first.save(out, "PNG", save_all=True, append_images=[second])
    assert b"acTL" in out.getvalue()
    assert check_image(out.getvalue()).width == 32
    small = Image.open(io.BytesIO(thumbnail(out.getvalue()))).convert("RGB").getpixel((16, 12))
    assert isinstance(small, tuple)
    assert small[0] > 200 > 50 > small[2]


def test_segments_that_make_no_sense_are_survived_or_refused() -> None:
    shuffled, whole = random.Random(2), picture("JPEG")
    for _ in range(300):
        strange = with_segment(shuffled.choice([0xE1, 0xE2, 0xED, 0xDB]), b"Exif\0\0" + shuffled.randbytes(40), whole)
        with suppress(BadImage):
            assert check_image(strange).width == 64
