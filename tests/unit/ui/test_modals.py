"""The form for a film of a picture is read from what Discord sends, whatever that holds."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.params import Motion, Resolution
from bot.providers.capabilities import AvailableOptions
from bot.ui.buttons import AnimateClick
from bot.ui.modals import (
    AnimateForm,
    MessageImagesRef,
    animate_message,
    parse_submission,
    read_target,
)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
names = st.sampled_from(["prompt", "resolution", "clips", "motion", "loop", "picture", "other"])
values = st.sampled_from(["hd", "sd", "1", "2", "4", "8", "low", "high", "yes", "loop", "²", "99"]) | st.text(
    max_size=20
)
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
    assert isinstance(filled.loop, bool)


def test_a_form_is_read_as_it_was_filled() -> None:
    data = {
        "custom_id": "animate:1jd8x3k2m9f4qz:2:high",
        "components": [
            field("prompt", value="the kite rises"),
            field("motion", values=["high"]),
            field("resolution", values=["hd"]),
            field("clips", values=["1"]),
            field("loop", values=["yes"]),
        ],
    }
    assert parse_submission(data) == AnimateForm("the kite rises", Resolution.HD, 1, Motion.HIGH, loop=True)


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


def test_the_form_says_what_a_film_costs_and_that_providers_may_differ() -> None:
    offered = AvailableOptions((Motion.LOW,), (4,), loop=False, prices={Resolution.SD: (1, 1), Resolution.HD: (5, 6)})
    form = json.dumps(animate_message(MessageImagesRef("1jd8x3k2m9f4qz"), ["boat.png"], offered).to_dict())
    assert "SD, 1 credit a film" in form
    assert "HD (larger), from 5 credits a film" in form
