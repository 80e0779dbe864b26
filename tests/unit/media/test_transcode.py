"""Re-encoding: within the limit, playable at once, and nothing lost where it cannot be done."""

import asyncio
import io
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.media.transcode import Transcoder
from sandbox.provider.rendering.codec import FRAMES_PER_SECOND, encode, open_media


@pytest.fixture
def before(noisy: Path) -> bytes:
    return noisy.read_bytes()


@pytest.fixture(scope="module")
def noisy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make two seconds of noise, which no encoder can make small without a bit rate."""
    path = tmp_path_factory.mktemp("films") / "noise.mp4"
    frames = (Image.effect_noise((320, 180), 90).convert("RGB") for _ in range(2 * FRAMES_PER_SECOND))
    encode(path, frames, (320, 180), "12")
    return path


def facts(data: bytes) -> tuple[str, str, tuple[int, int], Fraction]:
    with open_media(io.BytesIO(data)) as film:
        stream: Any = film.streams.video[0]
        coder = stream.codec_context
        return coder.name, coder.pix_fmt, (coder.width, coder.height), Fraction(film.duration, 1_000_000)


@pytest.mark.parametrize("part", [2, 6])
async def test_a_clip_is_made_to_fit_and_stays_a_film_of_its_size_and_length(
    noisy: Path, before: bytes, part: int
) -> None:
    limit = len(before) // part
    smaller = await Transcoder().shrink(noisy, limit)
    assert smaller is not None
    assert limit // 4 < len(smaller) <= limit
    name, pixels, size, seconds = facts(smaller)
    assert (name, pixels, size) == ("h264", "yuv420p", (320, 180))
    assert abs(seconds - 2) < Fraction(1, 5)
    assert smaller.index(b"moov") < smaller.index(b"mdat")
    assert await asyncio.to_thread(noisy.read_bytes) == before


async def test_what_cannot_be_made_to_fit_is_left_alone(noisy: Path, tmp_path: Path) -> None:
    assert await Transcoder().shrink(noisy, 500) is None
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"\0\0\0\x18ftypmp42" + b"\0" * 1000)
    assert await Transcoder().shrink(broken, 10_000) is None
    assert await Transcoder().shrink(tmp_path / "missing.mp4", 10_000) is None


async def test_without_the_film_extra_nothing_is_made_smaller(noisy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    assert await Transcoder().shrink(noisy, 100_000) is None


@pytest.mark.slow  # it encodes half a minute of film first
async def test_a_cancelled_re_encoding_ends_soon(tmp_path: Path) -> None:
    path = tmp_path / "long.mp4"
    still = Image.effect_noise((640, 360), 60).convert("RGB")
    encode(path, (still for _ in range(30 * FRAMES_PER_SECOND)), (640, 360), "30")
    # The processor's seconds, for other work shares the machine; the whole film takes twice as many as are allowed.
    started = time.process_time()
    shrinking = asyncio.create_task(Transcoder().shrink(path, 50_000))
    await asyncio.sleep(0.2)
    shrinking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await shrinking
    await asyncio.get_running_loop().shutdown_default_executor()
    assert time.process_time() - started < 0.6
