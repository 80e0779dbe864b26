"""The form for a film of a picture is read from what Discord sends, whatever that holds."""

import json
import re
from typing import Any

import pytest
from discord.ui import Modal
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.params import Motion, Resolution
from bot.providers.capabilities import AvailableOptions, FilmOffer
from bot.ui.buttons import AnimateClick
from bot.ui.modals import (
    AnimateForm,
    MessageImagesRef,
    animate_image,
    animate_message,
    parse_submission,
    read_target,
)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
names = st.sampled_from(["prompt", "films", "resolution", "clips", "motion", "loop", "picture", "other"])
values = st.sampled_from(
    ["4-sd", "2-hd", "-", "hd", "sd", "1", "2", "4", "8", "low", "high", "yes", "loop", "²", "99"]
) | st.text(max_size=20)
fields = st.fixed_dictionaries({"custom_id": names, "value": values | anything, "values": st.lists(values) | anything})
forms = st.fixed_dictionaries(
    {"components": st.lists(st.fixed_dictionaries({"component": fields}) | fields) | anything}
)


def field(name: str, **holds: Any) -> dict[str, Any]:
    return {"type": 18, "component": {"type": 3, "custom_id": name, **holds}}


@given(forms | st.dictionaries(st.sampled_from(["components", "custom_id"]), anything))
def test_no_form_raises_and_what_is_read_can_always_be_asked_for(data: dict[str, Any]) -> None:
    filled = parse_submission(json.loads(json.dumps(data)))
    assert isinstance(filled.prompt, str)
    assert filled.resolution in Resolution
    assert filled.clips in (1, 2, 4)
    assert filled.motion is None or filled.motion in Motion
    assert filled.loop in (True, False, None)


def test_a_form_is_read_as_it_was_filled() -> None:
    data = {
        "custom_id": "animate:1jd8x3k2m9f4qz:2:high",
        "components": [
            field("prompt", value="the kite rises"),
            field("motion", values=["high"]),
            field("films", values=["1-hd"]),
            field("loop", values=["yes"]),
        ],
    }
    assert parse_submission(data) == AnimateForm("the kite rises", Resolution.HD, 1, Motion.HIGH, loop=True)


def test_a_form_that_was_opened_before_an_update_is_read_as_it_was_filled() -> None:
    data = {"components": [field("resolution", values=["hd"]), field("clips", values=["2"])]}
    assert parse_submission(data) == AnimateForm("", Resolution.HD, 2)


@pytest.mark.parametrize(
    ("fields", "loop"),
    [
        ([], None),
        ([field("loop", values=["no"])], False),
        ([field("motion", values=["low"])], False),
        ([field("motion", values=["loop"])], True),
    ],
)
def test_a_loop_that_was_not_on_the_form_was_not_refused(fields: list[dict[str, Any]], loop: bool | None) -> None:
    assert parse_submission({"components": fields}).loop is loop


def test_a_form_of_rows_is_read_too_and_nothing_at_all_is_an_empty_prompt() -> None:
    old = {"components": [{"type": 1, "components": [{"type": 4, "custom_id": "prompt", "value": "a kite"}]}]}
    assert parse_submission(old).prompt == "a kite"
    assert parse_submission({}) == AnimateForm("", Resolution.SD, 4)


@pytest.mark.parametrize("number", range(1, 5))
@pytest.mark.parametrize("motion", [Motion.LOW, Motion.HIGH, None])
def test_a_form_says_all_in_its_custom_id(number: int, motion: Motion | None) -> None:
    custom_id = f"animate:1jd8x3k2m9f4qz:{number}:{motion or 'none'}"
    assert read_target(custom_id) == AnimateClick("1jd8x3k2m9f4qz", number, motion)


@given(st.text(max_size=120) | st.from_regex(re.compile(r"animate(-seen)?:.{0,40}")))
def test_what_is_not_ours_is_nobodys_and_nothing_is_raised(custom_id: str) -> None:
    target = read_target(custom_id)
    assert target is None or custom_id.startswith(("animate:", "animate-seen:"))


@pytest.mark.parametrize(
    "custom_id",
    [
        "",
        "animate",
        "animate::1:low",
        "animate:1jd8x3k2m9f4qz:0:low",
        "animate:1jd8x3k2m9f4qz:1:fast",
        "animate:1jd8x3k2m9f4qz:1:low\n",
        "animate:1jd8x3k2m9f4qz:１:low",
        f"animate:{'x' * 33}:1:low",
        "animate-seen:",
        f"animate-seen:{'x' * 33}",
        "extend:1jd8x3k2m9f4qz:1:low",
    ],
)
def test_a_custom_id_that_is_nearly_ours_is_not_ours(custom_id: str) -> None:
    assert read_target(custom_id) is None


OFFERED = AvailableOptions(
    (Motion.LOW, Motion.HIGH),
    loop=False,
    films=(
        FilmOffer(4, Resolution.SD, 8, 8),
        FilmOffer(1, Resolution.SD, 2, 2),
        FilmOffer(4, Resolution.HD, 20, 24),
    ),
)


def shown(form: Modal) -> dict[str, dict[str, str]]:
    """Give each choice of a form: what stands there, by its value."""
    fields = [field["component"] for field in form.to_dict()["components"]]
    return {
        field["custom_id"]: {option["value"]: option["label"] for option in field["options"]}
        for field in fields
        if "options" in field
    }


def test_one_choice_says_how_many_films_in_which_size_and_what_all_of_them_cost() -> None:
    form = animate_image(AnimateClick("1jd8x3k2m9f4qz", 3, Motion.HIGH), "a kite", OFFERED)
    assert shown(form) == {
        "films": {
            "4-sd": "4 films, SD: 8 credits",
            "1-sd": "1 film, SD: 2 credits",
            "4-hd": "4 films, HD: from 20 credits",
        }
    }


@pytest.mark.parametrize(
    ("motion", "title"),
    [
        (Motion.LOW, "Animate picture 3, low motion"),
        (Motion.HIGH, "Animate picture 3, high motion"),
        (None, "Animate picture 3"),
    ],
)
def test_picture_and_motion_stand_in_the_title(motion: Motion | None, title: str) -> None:
    form = animate_image(AnimateClick("1jd8x3k2m9f4qz", 3, motion), "", OFFERED)
    assert form.title == title
    assert len(title) <= 45


@pytest.mark.parametrize(("pictures", "title"), [(1, "Animate this picture"), (3, "Animate one of these pictures")])
def test_a_messages_pictures_are_named_by_place_and_author(pictures: int, title: str) -> None:
    form = animate_message(MessageImagesRef("1jd8x3k2m9f4qz"), pictures, "Leo" * 50, OFFERED)
    assert form.title == title
    named = [f"Picture {number} by {'Leo' * 50}"[:100] for number in range(1, pictures + 1)]
    assert list(shown(form).get("picture", {}).values()) == (named if pictures > 1 else [])


def test_no_message_has_more_pictures_than_a_form_can_list() -> None:
    form = animate_message(MessageImagesRef("1jd8x3k2m9f4qz"), 40, "Leo", OFFERED)
    assert len(shown(form)["picture"]) == 25


def test_a_picture_that_has_a_name_of_its_own_is_offered_by_it_even_alone() -> None:
    for pictures in (1, 2):
        form = animate_message(MessageImagesRef("seen"), pictures, "leo", OFFERED, {1: "The picture to start with"})
        named = list(shown(form)["picture"].values())
        assert named == ["The picture to start with", "Picture 2 by leo"][:pictures]
