"""What phones make is scaled down, and however large a picture is, there is a bound to what it takes."""

import io
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from bot.errors import BadImage, ImageProblem
from bot.media import MAX_PIXELS, SCALED, check_image, prepare_for_provider, thumbnail
from bot.media.image_process import image_process

MOST_MIB = 500
"""Memory that a picture may take beyond what the process holds anyway."""

WORK = """
import re, sys
from pathlib import Path
from bot import media

def peak():
    # Not ru_maxrss: that counts what the process that started this one held.
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024

media.check_image(Path(sys.argv[2]).read_bytes())
before = peak()
getattr(media, sys.argv[1])(Path(sys.argv[3]).read_bytes())
print(peak() - before)
"""


PHONE = """
import sys
from PIL import Image
image = Image.new("L", (8_160, 6_144), 40)
image.paste(200, (0, 0, 4_080, 6_144))
exif = Image.Exif()
exif[0x0112] = 6
image.save(sys.stdout.buffer, "JPEG", exif=exif)
"""


@cache
def phone() -> bytes:
    """Make what phones of 50 megapixels do, to be turned a quarter to the right; in a process of its own."""
    return subprocess.run([sys.executable, "-c", PHONE], capture_output=True, check=True, timeout=120).stdout


def test_a_phones_photo_is_scaled_down_and_stands_upright() -> None:
    checked = image_process.run(check_image, phone())
    assert (checked.width, checked.height) == (1_542, 2_048)
    assert (checked.extension, checked.content_type) == (SCALED, "image/jpeg")
    small = Image.open(io.BytesIO(checked.data))
    assert (small.format, small.size) == ("JPEG", (1_542, 2_048))
    levels = [small.getpixel((700, y)) for y in (200, 1_800)]
    assert levels == [pytest.approx((200,) * 3, abs=2), pytest.approx((40,) * 3, abs=2)]
    assert check_image(checked.data).extension == "jpg"


@pytest.mark.parametrize("make", [check_image, thumbnail, prepare_for_provider])
def test_a_phones_photo_that_was_cut_short_is_broken_all_the_same(make: Callable[[bytes], object]) -> None:
    with pytest.raises(BadImage) as caught:
        image_process.run(make, phone()[: len(phone()) // 2])
    assert caught.value.problem is ImageProblem.BROKEN


DRAW = """
import sys
from PIL import Image
mode, kind, size, file = sys.argv[1:]
side = tuple(map(int, size.split("x")))
options = {"PNG": {"compress_level": 1}, "JPEG": {"progressive": True, "subsampling": 0}}
Image.new(mode, side, "teal").save(file, kind, **options[kind])
"""


@pytest.fixture(scope="module", params=[("RGBA", "PNG"), ("RGB", "JPEG")], ids=["PNG", "JPEG"])
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Draw a small picture and a large one; in a process of its own, for it takes memory."""
    folder = tmp_path_factory.mktemp("pictures")
    width, height = 10_328, 7_745
    assert 79_900_000 < width * height <= MAX_PIXELS
    for name, size in (("small", "64x64"), ("large", f"{width}x{height}")):
        subprocess.run([sys.executable, "-c", DRAW, *request.param, size, folder / name], check=True, timeout=120)
    return folder / "small", folder / "large"


@pytest.mark.slow  # it draws and reads 80 million pixels
@pytest.mark.parametrize("work", ["check_image", "thumbnail", "prepare_for_provider", "check_result"])
def test_80_million_pixels_are_scaled_down_within_bounds(drawn: tuple[Path, Path], work: str) -> None:
    """In a process of its own, whose memory can be told."""
    command = [sys.executable, "-c", WORK, work, *drawn]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert int(done.stdout) < MOST_MIB
