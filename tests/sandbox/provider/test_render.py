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
from sandbox.provider.rendering.clip_info import describe_mp4
from sandbox.provider.rendering.video import (
    NotAPictureError,
    Shot,
    StoppedError,
    frame_size,
    open_picture,
    render_clip,
)
from tests.sandbox.provider.conftest import Film
from tests.sandbox.provider.host import difference, frames_of

LAST = 119


def test_a_clip_is_five_seconds_of_h264_in_the_pictures_aspect(film: Film) -> None:
    for clip in film.low:
        facts = describe_mp4(clip)
        assert (facts.codec, facts.width, facts.height, facts.frames) == ("h264", 832, 464, 120)
        assert facts.seconds == pytest.approx(5.0, abs=0.05)


def test_a_clip_starts_playing_before_it_is_loaded_whole(film: Film) -> None:
    clip = film.low[0]
    assert clip[4:8] == b"ftyp"
    assert clip.index(b"moov") < clip.index(b"mdat")


def test_a_clip_starts_with_the_picture_that_was_sent(film: Film, picture: bytes) -> None:
    (first,) = frames_of(film.low[0], 0)
    assert difference(first, open_picture(picture).resize(first.size)) < 6  # pyright: ignore[reportUnknownMemberType] - Pillow's size may be a numpy array


def test_the_four_clips_of_a_job_show_different_moves(film: Film) -> None:
    ends = [frames_of(clip, LAST)[0] for clip in film.low]
    assert all(difference(one, other) > 4 for one, other in combinations(ends, 2))


def test_high_motion_moves_more_than_low(film: Film) -> None:
    low_start, low_end = frames_of(film.low[0], 0, LAST)
    high_start, high_end = frames_of(film.high[0], 0, LAST)
    assert difference(high_start, high_end) > 1.3 * difference(low_start, low_end)
    low_step = max(_steps(film.low[0]))
    assert max(_steps(film.high[0])) > 1.6 * low_step


def _steps(clip: bytes) -> list[float]:
    frames = frames_of(clip, 48, 54, 60, 66, 72)
    return [difference(one, other) for one, other in pairwise(frames)]


def test_an_extend_goes_on_from_its_parents_last_frame(film: Film) -> None:
    (parents_last,) = frames_of(film.low[2], LAST)
    first, last = frames_of(film.extend[0], 0, LAST)
    assert difference(parents_last, first) < 3
    assert difference(parents_last, last) > 8


def test_an_extend_has_its_parents_size(film: Film) -> None:
    parent, child = describe_mp4(film.low[2]), describe_mp4(film.extend[0])
    assert (child.width, child.height) == (parent.width, parent.height)


def test_hd_is_larger_than_sd_in_pixels_and_bytes(film: Film) -> None:
    sd, hd = describe_mp4(film.low[0]), describe_mp4(film.hd[0])
    assert hd.width * hd.height > 2 * sd.width * sd.height
    assert hd.bytes > 1.5 * sd.bytes


def test_an_end_picture_is_arrived_at(film: Film, ending: bytes) -> None:
    middle, last = frames_of(film.to_end[0], 60, LAST)
    goal = open_picture(ending)
    height = round(goal.width * last.height / last.width)
    top = (goal.height - height) // 2
    goal = goal.transform(last.size, Image.Transform.EXTENT, (0, top, goal.width, top + height))
    assert difference(last, goal) < 4
    assert difference(middle, goal) > 40


def test_a_square_picture_gives_a_square_clip(film: Film) -> None:
    facts = describe_mp4(film.square[0])
    assert (facts.width, facts.height) == (624, 624)


@pytest.mark.parametrize(
    ("picture", "resolution", "frame"),
    [
        ((1920, 1080), "sd", (832, 464)),
        ((1000, 1000), "sd", (624, 624)),
        ((1080, 1920), "sd", (464, 832)),
        ((1920, 1080), "hd", (1280, 720)),
        ((10, 4000), "sd", (368, 1088)),
    ],
)
def test_the_frame_keeps_the_aspect_in_even_numbers(
    picture: tuple[int, int], resolution: str, frame: tuple[int, int]
) -> None:
    assert frame_size(picture, "hd" if resolution == "hd" else "sd") == frame


def test_the_same_shot_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    picture = Image.radial_gradient("L").convert("RGB")
    stop = threading.Event()

    def shoot(seed: int, name: str) -> bytes:
        shot = Shot(picture, choose_move("high", 1, seed), (128, 128), "30")
        return render_clip(tmp_path / name, shot, stop).read_bytes()

    assert shoot(1, "a.mp4") == shoot(1, "b.mp4")
    assert shoot(1, "a.mp4") != shoot(2, "c.mp4")


def test_rendering_stops_when_the_studio_closes(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    shot = Shot(Image.new("RGB", (64, 64)), choose_move("low", 0, 1), (64, 64), "30")
    with pytest.raises(StoppedError):
        render_clip(tmp_path / "a.mp4", shot, stop)


@pytest.mark.parametrize("motion", ["low", "high"])
@pytest.mark.parametrize("slot", range(4))
def test_the_camera_never_looks_past_the_pictures_edge(motion: str, slot: int) -> None:
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
def test_bytes_that_are_no_picture_are_refused(data: bytes) -> None:
    with pytest.raises(NotAPictureError):
        open_picture(data)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    file = io.BytesIO()
    Image.new("1", (10_000, 6_000)).save(file, "PNG")
    with pytest.raises(NotAPictureError):
        open_picture(file.getvalue())


def test_a_clip_is_described_from_a_file_as_from_its_bytes(film: Film, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(film.low[0])
    assert describe_mp4(path) == describe_mp4(str(path)) == describe_mp4(film.low[0])


def test_what_is_no_video_cannot_be_described() -> None:
    with pytest.raises(ValueError, match="not a video"):
        describe_mp4(b"<html>this is no video</html>")
