from __future__ import annotations

import io
import threading
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from PIL import Image

from sandbox.provider.rendering.camera import (
    GOALS,
    WHOLE,
    View,
    affine,
    choose_move,
    ease,
)
from sandbox.provider.rendering.clip_info import read_clip_info
from sandbox.provider.rendering.video import (
    NotAnImageError,
    Shot,
    StoppedError,
    frame_size,
    open_image,
    render_clip,
)
from tests.sandbox.provider.conftest import SMALL, RenderedClips
from tests.sandbox.provider.frames import difference, frames_of

LAST = 119


def test_a_clip_is_five_seconds_of_h264_in_the_images_aspect(rendered: RenderedClips) -> None:
    for clip in rendered.low:
        facts = read_clip_info(clip)
        assert (facts.codec, facts.width, facts.height, facts.frames) == ("h264", 320, 176, 120)
        assert facts.seconds == pytest.approx(5.0, abs=0.05)


def test_a_clip_starts_playing_before_it_is_loaded_whole(rendered: RenderedClips) -> None:
    clip = rendered.low[0]
    assert clip[4:8] == b"ftyp"
    assert clip.index(b"moov") < clip.index(b"mdat")


def test_a_clip_starts_with_the_image_that_was_sent(rendered: RenderedClips, image: bytes) -> None:
    (first,) = frames_of(rendered.low[0], 0)
    assert difference(first, open_image(image).resize(first.size)) < 6  # pyright: ignore[reportUnknownMemberType] - Pillow's size may be a numpy array


def test_the_four_clips_of_a_job_show_different_moves(rendered: RenderedClips) -> None:
    ends = [frames_of(clip, LAST)[0] for clip in rendered.low]
    assert all(difference(one, other) > 4 for one, other in combinations(ends, 2))


def test_high_motion_moves_more_than_low(rendered: RenderedClips) -> None:
    low_start, low_end = frames_of(rendered.low[0], 0, LAST)
    high_start, high_end = frames_of(rendered.high[0], 0, LAST)
    assert difference(high_start, high_end) > 1.3 * difference(low_start, low_end)
    low_step = max(_steps(rendered.low[0]))
    assert max(_steps(rendered.high[0])) > 1.6 * low_step


def _steps(clip: bytes) -> list[float]:
    frames = frames_of(clip, 48, 54, 60, 66, 72)
    return [difference(one, other) for one, other in pairwise(frames)]


def test_an_extend_goes_on_from_its_parents_last_frame(rendered: RenderedClips) -> None:
    (parents_last,) = frames_of(rendered.low[2], LAST)
    first, last = frames_of(rendered.extend[0], 0, LAST)
    assert difference(parents_last, first) < 3
    assert difference(parents_last, last) > 8


def test_an_extend_may_begin_further_on(rendered: RenderedClips) -> None:
    (parents_last,) = frames_of(rendered.low[2], LAST)
    (first,) = frames_of(rendered.later[0], 0)
    assert difference(parents_last, first) > 8


def test_an_extend_may_hold_its_parent_and_shows_no_frame_twice(rendered: RenderedClips) -> None:
    facts = read_clip_info(rendered.whole[0])
    assert facts.frames == 2 * (LAST + 1) - 1
    first, parents_last, following, last = frames_of(rendered.whole[0], 0, LAST, LAST + 1, 2 * LAST)
    own_first, own_last = frames_of(rendered.low[2], 0, LAST)
    assert difference(own_first, first) < 3
    assert difference(own_last, parents_last) < 3
    assert difference(parents_last, following) < 8
    assert difference(parents_last, last) > 8


def test_an_extend_has_its_parents_size(rendered: RenderedClips) -> None:
    parent, child = read_clip_info(rendered.low[2]), read_clip_info(rendered.extend[0])
    assert (child.width, child.height) == (parent.width, parent.height)


def test_hd_is_larger_than_sd_in_pixels_and_bytes(rendered: RenderedClips) -> None:
    sd, hd = read_clip_info(rendered.low[0]), read_clip_info(rendered.hd[0])
    assert hd.width * hd.height > 2 * sd.width * sd.height
    assert hd.bytes > 1.5 * sd.bytes


def test_an_end_image_is_arrived_at(rendered: RenderedClips, ending: bytes) -> None:
    middle, last = frames_of(rendered.to_end[0], 60, LAST)
    goal = open_image(ending)
    height = round(goal.width * last.height / last.width)
    top = (goal.height - height) // 2
    goal = goal.transform(last.size, Image.Transform.EXTENT, (0, top, goal.width, top + height))
    assert difference(last, goal) < 4
    assert difference(middle, goal) > 40


def test_a_square_image_gives_a_square_clip(rendered: RenderedClips) -> None:
    facts = read_clip_info(rendered.square[0])
    assert (facts.width, facts.height) == (624, 624)


@pytest.mark.parametrize(
    ("image", "resolution", "scale", "frame"),
    [
        ((1920, 1080), "sd", 1, (832, 464)),
        ((1000, 1000), "sd", 1, (624, 624)),
        ((1080, 1920), "sd", 1, (464, 832)),
        ((1920, 1080), "hd", 1, (1280, 720)),
        ((10, 4000), "sd", 1, (368, 1088)),
        ((1920, 1080), "sd", SMALL, (320, 176)),
    ],
)
def test_the_frame_keeps_the_aspect_in_even_numbers(
    image: tuple[int, int], resolution: str, scale: float, frame: tuple[int, int]
) -> None:
    assert frame_size(image, "hd" if resolution == "hd" else "sd", scale) == frame


def test_the_same_shot_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    image = Image.radial_gradient("L").convert("RGB")
    stop = threading.Event()

    def shoot(seed: int, name: str) -> bytes:
        shot = Shot(image, choose_move("high", 1, seed), (128, 128), "30")
        return render_clip(tmp_path / name, shot, stop).read_bytes()

    assert shoot(1, "a.mp4") == shoot(1, "b.mp4")
    assert shoot(1, "a.mp4") != shoot(2, "c.mp4")


def test_rendering_stops_when_the_provider_closes(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    shot = Shot(Image.new("RGB", (64, 64)), choose_move("low", 0, 1), (64, 64), "30")
    with pytest.raises(StoppedError):
        render_clip(tmp_path / "a.mp4", shot, stop)


@pytest.mark.parametrize("motion", ["low", "high"])
@pytest.mark.parametrize("slot", range(4))
def test_the_camera_never_looks_past_the_images_edge(motion: str, slot: int) -> None:
    source, frame = (1040, 580), (832, 464)
    for seed in range(20):
        move = choose_move("high" if motion == "high" else "low", slot, seed)
        for step in range(21):
            a, b, c, d, e, f = affine(move.at(step / 20), source, frame)
            for x, y in ((0, 0), (frame[0], 0), (0, frame[1]), frame):
                assert -0.01 <= a * x + b * y + c <= source[0] + 0.01
                assert -0.01 <= d * x + e * y + f <= source[1] + 0.01


@pytest.mark.parametrize("origin", [WHOLE, *GOALS])
@pytest.mark.parametrize("motion", ["low", "high"])
def test_four_moves_lead_from_where_the_camera_stands_to_four_places(origin: View, motion: str) -> None:
    moves = [choose_move("high" if motion == "high" else "low", slot, 7, origin) for slot in range(4)]
    assert all(move.at(0) == origin for move in moves)
    ends = [move.at(1) for move in moves]
    assert all(one.distance(other) > (0.2 if motion == "high" else 0.03) for one, other in combinations(ends, 2))
    assert all(move.target.distance(origin) > (0.3 if motion == "high" else 0.05) for move in moves)


def test_a_high_move_ends_at_its_target_in_spite_of_the_sway() -> None:
    move = choose_move("high", 0, 1)
    assert move.at(1).distance(move.target) < 1e-9
    assert move.at(0.6) != move.origin.towards(move.target, ease(0.6))


@pytest.mark.parametrize("data", [b"", b"<html>", b"\x89PNG\r\n\x1a\nbroken"])
def test_bytes_that_are_no_image_are_refused(data: bytes) -> None:
    with pytest.raises(NotAnImageError):
        open_image(data)


def test_an_image_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    file = io.BytesIO()
    Image.new("1", (10_000, 6_000)).save(file, "PNG")
    with pytest.raises(NotAnImageError):
        open_image(file.getvalue())


def test_a_clip_is_described_from_a_file_as_from_its_bytes(rendered: RenderedClips, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(rendered.low[0])
    assert read_clip_info(path) == read_clip_info(str(path)) == read_clip_info(rendered.low[0])


def test_what_is_no_video_cannot_be_described() -> None:
    with pytest.raises(ValueError, match="not a video"):
        read_clip_info(b"<html>this is no video</html>")


def test_what_is_beside_an_images_pixels_does_not_spoil_it() -> None:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "PNG")
    png = out.getvalue()
    wrong = b"\0\0\0\x03tEXta\0b" + bytes(4)
    assert open_image(png[:33] + wrong + png[33:]).size == (64, 48)
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG")
    assert open_image(out.getvalue()[:-2]).size == (64, 48)
    with pytest.raises(NotAnImageError):
        open_image(png[: len(png) // 2])
