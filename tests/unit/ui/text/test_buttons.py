"""What stands on buttons."""

import pytest

from bot.domain.image_actions import ACTIONS
from bot.ui.text import buttons


def test_no_two_buttons_of_actions_say_the_same_and_each_label_fits() -> None:
    labels = [buttons.action(name) for name in ACTIONS]
    assert len(set(labels)) == len(labels)
    assert all(0 < len(label) <= buttons.LONGEST_LABEL for label in labels)


def test_every_action_has_words_or_a_symbol_of_its_own() -> None:
    assert [name for name in ACTIONS if buttons.action(name) == name] == []


@pytest.mark.parametrize(("price", "label"), [(None, "Redraw"), (1, "Redraw, 1 credit"), (8, "Redraw, 8 credits")])
def test_the_button_that_spends_says_what(price: int | None, label: str) -> None:
    assert buttons.redraw(price) == label
