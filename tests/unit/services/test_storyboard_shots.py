"""What the shots of a storyboard ask of a provider: the first a video, each later one where the one before ends."""

from dataclasses import replace

import pytest

from bot.domain.job import Kind
from bot.domain.params import ImageUpload, JobParams, Motion
from bot.domain.storyboard import Shot, Storyboard, StoryboardState
from bot.errors import EmptyShot, PromptTooLong, ShotCount, ShotsTooLong
from bot.providers.apimart.videos import APIMART
from bot.providers.capabilities import Capabilities
from bot.providers.ttapi.videos import TTAPI
from bot.services.storyboard_lines import read_shots
from bot.services.storyboard_shots import missing_options, shot_requests

WITH_WORDS = replace(TTAPI, extend_prompt=True)
"""Whose extend takes words, and who makes one clip."""

IMAGE = ImageUpload("https://cdn.example/boat.png", "boat.png", 100)


def storyboard(*lines: str, motion: Motion | None = None) -> Storyboard:
    explicit = ("clips", "motion") if motion else ("clips",)
    params = JobParams("", clips=1, motion=motion or Motion.LOW, image=IMAGE, explicit_options=explicit)
    return Storyboard("id", StoryboardState.PREVIEWED, 1, 2, "ttapi", params, read_shots("\n".join(lines), params), 0)


@pytest.mark.parametrize("capabilities", [TTAPI, APIMART], ids=["no words", "no extend"])
def test_where_no_extend_takes_words_each_shot_begins_at_the_last_frame(capabilities: Capabilities) -> None:
    first, second, third = shot_requests(storyboard("a boat", "it spins", "it sails"), capabilities, 0)
    assert (first.kind, second.kind, third.kind) == (Kind.VIDEO, Kind.EXTEND, Kind.EXTEND)
    assert [request.params.from_last_frame for request in (first, second, third)] == [False, True, True]
    assert [request.params.image for request in (first, second, third)] == [IMAGE, None, None]
    assert missing_options(storyboard("a boat", "it spins"), capabilities) == []


def test_where_an_extend_takes_words_each_shot_is_one() -> None:
    _, second = shot_requests(storyboard("a boat", "it spins"), WITH_WORDS, 0)
    assert (second.kind, second.params.from_last_frame, second.params.prompt) == (Kind.EXTEND, False, "it spins")
    assert "prompt" in second.params.explicit_options


def test_going_on_asks_for_the_rest_alone() -> None:
    [third] = shot_requests(storyboard("a boat", "it spins", "it sails"), TTAPI, 2)
    assert (third.kind, third.params.prompt) == (Kind.EXTEND, "it sails")


def test_a_lines_motion_is_its_own_unless_all_have_one() -> None:
    lines = ("a boat", "it spins --motion high")
    assert [one.params.motion for one in shot_requests(storyboard(*lines), TTAPI, 0)] == [Motion.LOW, Motion.HIGH]
    chosen = shot_requests(storyboard(*lines, motion=Motion.LOW), TTAPI, 0)
    assert [one.params.motion for one in chosen] == [Motion.LOW, Motion.LOW]


def test_what_a_line_asks_for_and_a_provider_lacks_is_named() -> None:
    still = replace(TTAPI, motions=())
    found = missing_options(storyboard("a boat", "it spins --motion high"), still)
    assert [option.code for option in found] == ["motion_high"]


def test_each_shot_is_one_clip_that_ends_where_the_next_begins() -> None:
    shots = read_shots("a boat --bs 4 --loop\nit spins --end https://cdn.example/end.png", JobParams(""))
    assert shots == (
        Shot("a boat", removed=("--bs 4", "--loop")),
        Shot("it spins", removed=("--end https://cdn.example/end.png",)),
    )


def test_lines_without_words_between_others_do_not_count() -> None:
    assert [shot.prompt for shot in read_shots("\r\n a boat \n\n \t\nit  spins\n", JobParams(""))] == [
        "a boat",
        "it spins",
    ]


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", ShotCount),
        ("a boat", ShotCount),
        ("\n".join("abcdefghi"), ShotCount),
        ("a boat\n--hd --motion low", EmptyShot),
        ("a boat\nhttps://example.com/only-a-link.png", EmptyShot),
        ("x" * 3999 + "\nab", ShotsTooLong),
        ("a boat\n" + "x" * 2001, PromptTooLong),
    ],
    ids=["nothing", "one", "nine", "flags", "a link", "too long", "a line too long"],
)
def test_lines_that_are_no_storyboard_are_refused(typed: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read_shots(typed, JobParams(""))


def test_two_and_eight_lines_are_enough() -> None:
    assert len(read_shots("a\nb", JobParams(""))) == 2
    assert len(read_shots("\n".join("abcdefgh"), JobParams(""))) == 8
