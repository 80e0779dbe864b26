"""Re-encoding: within the limit, playable at once, in a process of its own; nothing is lost where it cannot be done."""

import asyncio
import io
import logging
import os
import re
import signal
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.media import film_child
from bot.media.temporary import temporary_folder
from bot.media.transcode import Transcoder
from sandbox.provider.rendering.codec import FRAMES_PER_SECOND, encode, last_frame, open_media

pytestmark = pytest.mark.slow  # a process encodes a clip in each

MOST_MIB = 460
"""What the process of a film may hold, so that bot and process together take less than 500 MiB more."""


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


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a film that takes seconds to be encoded."""
    path = tmp_path_factory.mktemp("films") / "long.mp4"
    still = Image.effect_noise((640, 360), 60).convert("RGB")
    encode(path, (still for _ in range(20 * FRAMES_PER_SECOND)), (640, 360), "30")
    return path


def facts(data: bytes) -> tuple[str, str, tuple[int, int], Fraction]:
    with open_media(io.BytesIO(data)) as film:
        stream: Any = film.streams.video[0]
        coder = stream.codec_context
        return coder.name, coder.pix_fmt, (coder.width, coder.height), Fraction(film.duration, 1_000_000)


def children() -> list[int]:
    """Find the processes of films that this one has started."""
    found: list[int] = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            words = status.with_name("cmdline").read_bytes()
        except OSError:  # it has ended
            continue
        if parent == os.getpid() and os.fsencode(film_child.__file__) in words:
            found.append(int(status.parent.name))
    return found


async def shrunk(transcoder: Transcoder, source: Path, limit: int) -> bytes | None:
    """Have a smaller film made; None when it could not be."""
    async with temporary_folder() as folder:
        made = folder / "made.mp4"
        return await asyncio.to_thread(made.read_bytes) if await transcoder.shrink(source, limit, made) else None


async def started() -> int:
    """Wait for the process of a film."""
    async with asyncio.timeout(10):
        while not (found := children()):  # noqa: ASYNC110  # only the system knows
            await asyncio.sleep(0.01)
    return found[0]


@pytest.mark.parametrize("part", [2, 6])
async def test_a_clip_is_made_to_fit_and_stays_a_film_of_its_size_and_length(
    noisy: Path, before: bytes, part: int
) -> None:
    limit = len(before) // part
    smaller = await shrunk(Transcoder(), noisy, limit)
    assert smaller is not None
    assert limit // 4 < len(smaller) <= limit
    name, pixels, size, seconds = facts(smaller)
    assert (name, pixels, size) == ("h264", "yuv420p", (320, 180))
    assert abs(seconds - 2) < Fraction(1, 5)
    assert smaller.index(b"moov") < smaller.index(b"mdat")
    assert await asyncio.to_thread(noisy.read_bytes) == before


async def test_what_cannot_be_made_to_fit_is_left_alone(noisy: Path, tmp_path: Path) -> None:
    assert await shrunk(Transcoder(), noisy, 500) is None
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"\0\0\0\x18ftypmp42" + b"\0" * 1000)
    assert await shrunk(Transcoder(), broken, 10_000) is None
    assert await shrunk(Transcoder(), tmp_path / "missing.mp4", 10_000) is None


async def test_a_clip_ends_on_its_last_frame(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    frames = [Image.new("RGB", (320, 180), colour) for colour in ["red"] * 10 + ["blue"] * 10 + ["lime"]]
    await asyncio.to_thread(encode, path, frames, (320, 180), "12")
    data = await Transcoder().last_frame(path)
    assert data is not None
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.size) == ("JPEG", (320, 180))
    assert image.getpixel((9, 9)) == pytest.approx(last_frame(path).getpixel((9, 9)), abs=8)
    assert await Transcoder().last_frame(tmp_path / "missing.mp4") is None


async def test_without_the_film_extra_nothing_is_made_smaller(
    noisy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "av.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    caplog.set_level(logging.INFO)
    assert await shrunk(Transcoder(), noisy, 100_000) is None
    assert "PyAV is not installed" in caplog.text


async def test_the_process_of_a_film_knows_none_of_the_bots_keys(
    noisy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "av.py").write_text(
        f"import os\nopen({str(tmp_path / 'seen')!r}, 'w').write(repr(dict(os.environ)))\nraise ImportError"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("DISCORD_TOKEN", "a token that is secret")
    assert await shrunk(Transcoder(), noisy, 100_000) is None
    assert "PYTHONPATH" in (tmp_path / "seen").read_text()
    assert "secret" not in (tmp_path / "seen").read_text()


async def test_a_process_that_is_killed_costs_its_clip_alone(long: Path, noisy: Path, before: bytes) -> None:
    transcoder = Transcoder()
    shrinking = asyncio.create_task(shrunk(transcoder, long, 50_000))
    os.kill(await started(), signal.SIGKILL)
    assert await shrinking is None
    assert await shrunk(transcoder, noisy, len(before) // 2) is not None


async def test_a_film_that_takes_too_long_is_left_alone_and_its_process_ended(long: Path) -> None:
    assert await shrunk(Transcoder(seconds=0.3), long, 50_000) is None
    assert children() == []


async def test_a_film_that_takes_too_much_memory_is_left_alone(noisy: Path, before: bytes) -> None:
    assert await shrunk(Transcoder(memory_mib=12), noisy, len(before) // 2) is None


async def test_a_cancelled_re_encoding_ends_at_once(long: Path) -> None:
    shrinking = asyncio.create_task(shrunk(Transcoder(), long, 50_000))
    await started()
    shrinking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await shrinking
    assert children() == []


ORPHAN = """
import asyncio, os, sys
from pathlib import Path
from bot.media.transcode import Transcoder
async def main():
    shrinking = asyncio.create_task(Transcoder().shrink(Path(sys.argv[1]), 50_000, Path('nowhere')))
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    while not children.read_text() and not shrinking.done():
        await asyncio.sleep(0.02)
    print(children.read_text(), "av" in sys.modules, flush=True)
    os.kill(os.getpid(), 9)
asyncio.run(main())
"""


async def test_the_process_of_a_film_ends_with_the_bot_and_the_bot_never_holds_the_decoder(long: Path) -> None:
    command = [sys.executable, "-c", ORPHAN, long]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=30, check=False)
    child, imported = done.stdout.split()
    assert imported == "False"
    async with asyncio.timeout(5):
        while _lives(int(child)):  # noqa: ASYNC110  # only the system knows
            await asyncio.sleep(0.02)


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


HUGE = """
import sys
import av
with av.open(sys.argv[1], "w", format="mp4") as film:
    params = {"preset": "ultrafast", "crf": "30", "x264-params": "rc-lookahead=0:sync-lookahead=0:scenecut=0"}
    stream = film.add_stream("libx264", rate=8, options=params)
    stream.width = stream.height = int(sys.argv[2])
    stream.pix_fmt, stream.thread_count = "yuv420p", 1
    for number in range(int(sys.argv[3])):
        frame = av.VideoFrame(stream.width, stream.height, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([90 + 20 * number]) * plane.buffer_size)
        film.mux(stream.encode(frame))
    film.mux(stream.encode())
"""


async def film_of(side: int, frames: int, path: Path) -> Path:
    """Make a film of huge frames; in a process of its own, for it takes memory."""
    command = [sys.executable, "-c", HUGE, path, str(side), str(frames)]
    await asyncio.to_thread(subprocess.run, command, check=True, timeout=120)
    return path


async def test_huge_frames_are_made_small_within_bounds(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = await film_of(8_192, 4, tmp_path / "huge.mp4")
    caplog.set_level(logging.INFO)
    smaller = await shrunk(Transcoder(), path, 100_000)
    assert smaller is not None
    name, pixels, size, seconds = facts(smaller)
    assert (name, pixels, size) == ("h264", "yuv420p", (1_280, 1_280))
    assert abs(seconds - Fraction(1, 2)) < Fraction(1, 5)
    took = re.search(r"took (\d+) MiB", caplog.text)
    assert took is not None
    assert 200 < int(took[1]) < MOST_MIB


async def test_more_pixels_than_that_are_not_decoded(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = await film_of(8_208, 1, tmp_path / "huger.mp4")
    assert await shrunk(Transcoder(), path, 100_000) is None
    assert "8208 x 8208 pixels" in caplog.text
