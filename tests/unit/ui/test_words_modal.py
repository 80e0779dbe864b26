"""The form for an extend with words is read from what Discord sends, whatever that holds."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.params import Motion, Resolution
from bot.providers.capabilities import FilmOffer
from bot.services.extends import ExtendForm
from bot.services.requests import ExtendOptions
from bot.ui.words_modal import WordsForm, draw_words_form, read_words_form
from tests.unit.ui.test_modals import anything, field

JOB = "1jd8x3k2m9f4qz"
names = st.sampled_from(["prompt", "clip", "motion", "films", "other"])
values = st.sampled_from(["1", "4", "9", "0", "²", "low", "high", "x"]) | st.text(max_size=20)
fields = st.fixed_dictionaries({"custom_id": names, "value": values | anything, "values": st.lists(values) | anything})


@given(
    st.fixed_dictionaries({"components": st.lists(st.fixed_dictionaries({"component": fields}) | fields) | anything})
)
def test_no_form_raises_and_what_is_read_can_always_be_asked_for(data: dict[str, Any]) -> None:
    form = read_words_form({**json.loads(json.dumps(data)), "custom_id": f"words:{JOB}"})
    assert form is not None
    assert 0 <= form.slot < 9
    assert isinstance(form.options.prompt, str)
    assert form.options.clips in (None, 1, 2, 4)
    assert form.options.motion is None or form.options.motion in Motion


@pytest.mark.parametrize("custom_id", ["", "words:", f"words:{JOB}:1", f"animate:{JOB}:1:low", "words:A", None, 7])
def test_other_forms_are_not_its(custom_id: object) -> None:
    assert read_words_form({"custom_id": custom_id, "components": []}) is None


def test_a_form_is_read_as_it_was_filled() -> None:
    filled = [
        field("prompt", value="it sinks"),
        field("clip", values=["3"]),
        field("motion", values=["high"]),
        field("films", values=["2"]),
    ]
    options = ExtendOptions(motion=Motion.HIGH, prompt="it sinks", clips=2)
    assert read_words_form({"custom_id": f"words:{JOB}", "components": filled}) == WordsForm(JOB, 2, options)


def test_the_first_choices_are_set_and_what_cannot_be_chosen_is_not_asked() -> None:
    offers = tuple(FilmOffer(clips, Resolution.SD, 2 * clips, 2 * clips) for clips in (2, 4, 1))
    form = draw_words_form(ExtendForm(JOB, (0, 1), (Motion.LOW,), offers, from_last_frame=False)).to_dict()
    asked = {one["component"]["custom_id"]: one for one in form["components"]}
    assert list(asked) == ["prompt", "clip", "motion", "films"]
    chosen = {
        name: [option["value"] for option in one["component"]["options"] if option["default"]]
        for name, one in asked.items()
        if name != "prompt"
    }
    assert chosen == {"clip": ["1"], "motion": ["low"], "films": ["2"]}
    assert "description" not in asked["prompt"]
    least = draw_words_form(ExtendForm(JOB, (0,), (), offers, from_last_frame=True)).to_dict()
    assert [one["component"]["custom_id"] for one in least["components"]] == ["prompt", "films"]
