"""Pictures are decoded by a process of their own: what it answers is what the function would, and its end costs one."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from functools import cache
from pathlib import Path

import pytest

from bot.errors import BadImage, BadMask, ImageProblem, MaskProblem
from bot.media import check_image, check_mask, prepare_for_provider, resize_to_limit, run_in_image_thread, thumbnail
from bot.media.image_child import receive, send
from bot.media.image_process import ImageProcess
from tests.unit.media.test_images import picture, png_that_claims

pytestmark = pytest.mark.slow  # processes for pictures are started, and killed


@pytest.fixture(scope="module")
def kept() -> Generator[ImageProcess]:
    process = ImageProcess()
    yield process
    process.close()


@pytest.fixture
def own() -> Generator[ImageProcess]:
    process = ImageProcess()
    yield process
    process.close()


def children() -> set[int]:
    """Find the processes that this one has started and that live."""
    found: set[int] = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, *_ = status.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if int(parent) == os.getpid() and state != "Z":
            found.add(int(status.parent.name))
    return found


def started(process: ImageProcess) -> int:
    """Let a process be started, and give its number."""
    before = children()
    assert process.run(check_image, picture()).width == 64
    [number] = children() - before
    return number


DRAW = "import sys; from PIL import Image; Image.new('RGB', (7_000, 7_000), 'teal').save(sys.stdout.buffer, 'PNG')"


@cache
def large() -> bytes:
    """Draw in another process, for it takes 200 MB."""
    return subprocess.run([sys.executable, "-c", DRAW], capture_output=True, check=True).stdout


def test_what_it_answers_is_what_the_function_would(kept: ImageProcess) -> None:
    data = picture()
    assert kept.run(check_image, data, "end") == check_image(data)
    assert kept.run(thumbnail, data, longest=9) == thumbnail(data, 9)
    assert kept.run(resize_to_limit, b"<html>", 9) is None


def test_what_it_refuses_is_raised_with_all_that_is_known(kept: ImageProcess) -> None:
    with pytest.raises(BadImage) as caught:
        kept.run(check_image, png_that_claims(50_000, 50_000), "end")
    assert (caught.value.problem, caught.value.role) == (ImageProblem.TOO_MANY_PIXELS, "end")
    with pytest.raises(BadImage) as caught:
        kept.run(prepare_for_provider, picture(), limit=9)
    assert (caught.value.problem, caught.value.limit) == (ImageProblem.TOO_LARGE, 9)
    with pytest.raises(BadMask) as wrong:
        kept.run(check_mask, picture(), picture(size=(32, 24)))
    assert (wrong.value.problem, wrong.value.width, wrong.value.given_width) == (MaskProblem.WRONG_SIZE, 32, 64)


def test_other_work_is_done_here(own: ImageProcess) -> None:
    assert own.run(threading.get_ident) == threading.get_ident()


async def test_the_pictures_thread_has_them_decoded_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("decoded here")

    monkeypatch.setattr("bot.media.images.open_image", refuse)
    assert (await run_in_image_thread(check_image, picture())).width == 64


def test_a_process_is_kept_for_the_next_picture(own: ImageProcess) -> None:
    number = started(own)
    assert own.run(thumbnail, picture())
    assert number in children()
    own.close()
    assert number not in children()


def test_a_process_that_is_killed_while_it_decodes_costs_that_picture_alone(own: ImageProcess) -> None:
    number = started(own)
    data = large()
    threading.Timer(0.05, os.kill, (number, signal.SIGKILL)).start()
    with pytest.raises(BadImage) as caught:
        own.run(thumbnail, data)
    assert caught.value.problem is ImageProblem.BROKEN
    assert started(own) != number


def test_an_answer_that_was_cut_short_is_none() -> None:
    told = io.BytesIO()
    send(told, (thumbnail(picture()), None))
    for length in (0, 3, 8, 20, len(told.getvalue()) - 1):
        with pytest.raises(EOFError):
            receive(io.BytesIO(told.getvalue()[:length]))


def test_a_process_that_was_killed_between_two_pictures_costs_none(own: ImageProcess) -> None:
    number = started(own)
    os.kill(number, signal.SIGKILL)
    while number in children():
        time.sleep(0.01)
    assert own.run(check_image, picture()).width == 64


def test_a_picture_that_takes_too_long_is_given_up() -> None:
    process = ImageProcess(seconds=0.01)
    with pytest.raises(BadImage):
        process.run(thumbnail, large())
    process.close()


def test_a_picture_that_takes_too_much_memory_is_refused_and_the_process_kept() -> None:
    process = ImageProcess(memory_mib=64)
    number = started(process)
    with pytest.raises(BadImage):
        process.run(thumbnail, large())
    assert process.run(check_image, picture()).width == 64
    assert number in children()
    process.close()


def test_the_process_knows_none_of_the_bots_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a token that is secret")
    process = ImageProcess()
    environment = Path(f"/proc/{started(process)}/environ").read_bytes()
    assert b"PYTHONPATH" in environment
    assert b"secret" not in environment
    process.close()


def test_the_process_ends_when_nobody_asks_any_more(own: ImageProcess) -> None:
    number = started(own)
    child = own._child  # pyright: ignore[reportPrivateUsage]  # to close the bot's end, as its death does
    assert isinstance(child, subprocess.Popen)
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(10) == 0
    assert number not in children()
