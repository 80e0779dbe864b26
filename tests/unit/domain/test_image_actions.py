"""The buttons below pictures: the same actions, and as many pictures, as the provider's table has."""

from itertools import groupby

import pytest

from bot.domain.image_actions import ACTIONS
from bot.providers.ttapi import image_responses as ttapi_picture_answers
from bot.providers.ttapi.image_responses import makes_one_image

BUTTONS_IN_A_ROW = 5
"""What Discord allows."""


def test_every_documented_action_has_a_button_in_the_same_order() -> None:
    assert tuple(ACTIONS) == ttapi_picture_answers.ACTIONS


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_gives_one_picture_where_the_provider_gives_one(action: str) -> None:
    assert (ACTIONS[action].images == 1) is makes_one_image(action)
    assert ACTIONS[action].images in (1, 4)


def test_no_row_holds_more_buttons_than_discord_allows_and_none_stands_twice() -> None:
    rows = [(row, len(list(actions))) for row, actions in groupby(ACTIONS.values(), key=lambda action: action.row)]
    assert [row for row, _ in rows] == sorted({row for row, _ in rows})
    assert max(length for _, length in rows) <= BUTTONS_IN_A_ROW
