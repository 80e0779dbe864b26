"""Films behind each other: every part whole, no frame twice where two of them meet, sound kept."""

import asyncio
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from bot.media.transcode import Joined, Transcoder
from tests.support.films import distance, fitted, frames_of, loudness, make_film, moving, seconds_of

pytestmark = pytest.mark.slow  # a process joins clips in each

SIZE = (160, 96)
FRAMES = 24
CLOSE = 4.0
"""How far two images may be apart that went through a codec; those of neighbouring moments are farther."""


async def joined(paths: Sequence[Path]) -> tuple[Path, Joined]:
    made = paths[0].with_name("joined.mp4")
    facts = await Transcoder().join(paths, made)
    assert facts is not None
    return made, facts


def parts_of(folder: Path, *begins: int, frames: int = FRAMES) -> list[Path]:
    """Make films of a second each that begin at these moments."""
    return [make_film(folder / f"{number}.mp4", moving(SIZE, begin, frames)) for number, begin in enumerate(begins, 1)]


def assert_shows(film: Path, parts: Sequence[Path], starts: Sequence[Fraction]) -> None:
    """Hold the first and the last frame of each part against what the film shows there."""
    shown = frames_of(film)
    for part, start in zip(parts, starts, strict=True):
        own = frames_of(part)
        after = [image for at, image in shown if at >= start]
        assert distance(after[0], own[0][1]) < CLOSE
        assert min(distance(image, own[-1][1]) for _, image in shown) < CLOSE
        assert distance(after[0], own[len(own) // 2][1]) > CLOSE


async def test_parts_that_match_are_copied_one_after_the_other_and_each_is_whole(tmp_path: Path) -> None:
    parts = parts_of(tmp_path, 0, 40, 80)
    film, facts = await joined(parts)
    assert facts.copied
    assert facts.seconds == pytest.approx(3.0)
    shown = frames_of(film)
    assert len(shown) == 3 * FRAMES
    assert [at for at, _ in shown] == [Fraction(number, 24) for number in range(3 * FRAMES)]
    assert_shows(film, parts, [Fraction(0), Fraction(1), Fraction(2)])
    assert seconds_of(film) == pytest.approx(3.0)
    data = film.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert len(data) < sum(part.stat().st_size for part in parts)


async def test_a_frame_that_two_parts_share_is_shown_once_and_then_for_a_tick(tmp_path: Path) -> None:
    parts = parts_of(tmp_path, 0, FRAMES - 1, 2 * (FRAMES - 1))
    film, facts = await joined(parts)
    assert facts.copied
    shown = frames_of(film)
    moments = [at for at, _ in shown]
    long = [after - before for before, after in pairwise(moments)]
    ticks = [length for length in long if length < Fraction(1, 1000)]
    assert len(ticks) == 2
    assert {length for length in long if length not in ticks} == {Fraction(1, 24)}
    for at, length in enumerate(long):
        if length in ticks:
            assert distance(shown[at - 1][1], shown[at][1]) < CLOSE
            assert distance(shown[at][1], shown[at + 1][1]) > CLOSE
    assert facts.seconds == pytest.approx(3 - 2 / 24, abs=0.001)
    assert seconds_of(film) == pytest.approx(facts.seconds, abs=0.001)
    own = [frames_of(part) for part in parts]
    assert distance(shown[-1][1], own[-1][-1][1]) < CLOSE
    assert distance(shown[FRAMES + 1][1], own[1][1][1]) < CLOSE


async def test_a_part_that_holds_the_one_before_stands_for_both(tmp_path: Path) -> None:
    begun = make_film(tmp_path / "1.mp4", moving(SIZE, 0, FRAMES))
    whole = make_film(tmp_path / "2.mp4", moving(SIZE, 0, 2 * FRAMES))
    after = make_film(tmp_path / "3.mp4", moving(SIZE, 2 * FRAMES - 1, FRAMES))
    film, facts = await joined([begun, whole, after])
    assert facts.copied
    assert facts.seconds == pytest.approx(3 - 1 / 24, abs=0.001)
    assert_shows(film, [whole, after], [Fraction(0), Fraction(2)])
    assert (await joined([begun, whole]))[1].seconds == pytest.approx(2)


async def test_a_part_that_comes_back_to_its_beginning_does_not_hold_the_one_before(tmp_path: Path) -> None:
    loop = [*moving(SIZE, 0, FRAMES), *reversed(list(moving(SIZE, 0, FRAMES)))]
    first = make_film(tmp_path / "1.mp4", iter(loop))
    second = make_film(tmp_path / "2.mp4", iter([*loop, *loop]))
    _, facts = await joined([first, second])
    assert facts.seconds == pytest.approx(6 - 1 / 24, abs=0.001)


@pytest.mark.parametrize(
    ("codec", "size", "options"),
    [("libx264", (96, 160), {}), ("mpeg4", SIZE, {}), ("libx264", SIZE, {"profile": "baseline"})],
    ids=["size", "codec", "profile"],
)
async def test_a_part_of_another_kind_is_encoded_to_the_first_ones(
    tmp_path: Path, codec: str, size: tuple[int, int], options: dict[str, str]
) -> None:
    one = make_film(tmp_path / "1.mp4", moving(SIZE, 0, FRAMES))
    other = make_film(tmp_path / "2.mp4", moving(size, 40, FRAMES), size=size, codec=codec, options=options)
    last = make_film(tmp_path / "3.mp4", moving(SIZE, 80, FRAMES))
    film, facts = await joined([one, other, last])
    assert not facts.copied
    assert facts.seconds == pytest.approx(3.0)
    shown = frames_of(film)
    assert len(shown) == 3 * FRAMES
    assert {image.size for _, image in shown} == {SIZE}
    assert_shows(film, [one, last], [Fraction(0), Fraction(2)])
    middle = shown[FRAMES][1]
    if size != SIZE:
        black = Image.new("RGB", (40, 96))
        assert distance(middle.crop((0, 0, 40, 96)), black) < 1
        middle = fitted(middle.crop((51, 0, 109, 96)), size)
    assert distance(middle, frames_of(other)[0][1]) < 3 * CLOSE


async def test_a_shared_frame_is_left_out_of_what_is_encoded(tmp_path: Path) -> None:
    one = make_film(tmp_path / "1.mp4", moving(SIZE, 0, FRAMES))
    other = make_film(tmp_path / "2.mp4", moving(SIZE, FRAMES - 1, FRAMES), codec="mpeg4")
    film, facts = await joined([one, other])
    assert not facts.copied
    assert len(frames_of(film)) == 2 * FRAMES - 1
    assert facts.seconds == pytest.approx(2 - 1 / 24, abs=0.001)


async def test_sound_that_matches_is_copied_and_stays_with_its_part(tmp_path: Path) -> None:
    parts = [make_film(tmp_path / f"{number}.mp4", moving(SIZE, 40 * number, FRAMES), tone=440) for number in range(3)]
    film, facts = await joined(parts)
    assert facts.copied
    heard = loudness(film)
    assert heard[-1][0] == pytest.approx(3, abs=0.1)
    assert min(loud for at, loud in heard if 0.1 < at < 2.9) > 0.4
    gaps = [after[0] - before[0] for before, after in pairwise(heard)]
    assert max(gaps) < 0.035


@pytest.mark.parametrize("silent", [0, 1, 2])
async def test_a_part_without_sound_is_silent_and_the_others_are_heard_in_their_time(
    tmp_path: Path, silent: int
) -> None:
    parts = [
        make_film(tmp_path / f"{n}.mp4", moving(SIZE, 40 * n, FRAMES), tone=None if n == silent else 440)
        for n in range(3)
    ]
    film, facts = await joined(parts)
    assert facts.copied
    heard = loudness(film)
    assert heard[-1][0] == pytest.approx(3, abs=0.1)
    for number in range(3):
        inside = [loud for at, loud in heard if number + 0.15 < at < number + 0.85]
        assert (max(inside) < 0.05) if number == silent else (min(inside) > 0.3)


async def test_sound_of_another_rate_is_encoded_to_the_first_ones(tmp_path: Path) -> None:
    one = make_film(tmp_path / "1.mp4", moving(SIZE, 0, FRAMES), tone=440)
    other = make_film(tmp_path / "2.mp4", moving(SIZE, 40, FRAMES), tone=440, rate=22_050)
    film, facts = await joined([one, other])
    assert facts.copied
    heard = loudness(film)
    assert heard[-1][0] == pytest.approx(2, abs=0.1)
    assert min(loud for at, loud in heard if 0.15 < at < 1.85) > 0.3


async def test_what_is_no_film_leaves_the_whole_unjoined(tmp_path: Path) -> None:
    (part,) = parts_of(tmp_path, 0)
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"\0\0\0\x18ftypmp42" + b"\0" * 1000)
    assert await Transcoder().join([part, broken], tmp_path / "joined.mp4") is None
    assert await Transcoder().join([part, tmp_path / "missing.mp4"], tmp_path / "joined.mp4") is None
    again = await asyncio.gather(*(Transcoder().join([part], tmp_path / f"joined{n}.mp4") for n in range(2)))
    assert again == [Joined(1.0, copied=True)] * 2
