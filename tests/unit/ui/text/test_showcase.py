"""Whoever cannot share something is told why and what to do; a share and a week are told apart by how they end."""

from typing import Any, get_args, get_type_hints

import pytest

from bot.domain.showcase import FILM
from bot.errors import CannotShare
from bot.ui.text import showcase
from bot.ui.text.errors import describe_error

WHYS: tuple[Any, ...] = get_args(get_type_hints(CannotShare)["why"])


@pytest.mark.parametrize("why", WHYS)
def test_each_reason_has_sentences_of_its_own_and_says_nothing_of_credits(why: Any) -> None:
    told = describe_error(CannotShare(why, "1m7wte9b7e357w", ("Send Messages",)))
    others = {
        describe_error(CannotShare(other, "1m7wte9b7e357w", ("Send Messages",))) for other in WHYS if other != why
    }
    assert told.endswith(".")
    assert "charged" not in told
    assert told not in others


def test_what_somebody_typed_as_a_job_is_no_markdown() -> None:
    assert "*" not in describe_error(CannotShare("gone", "**boat**"))


def test_a_share_ends_as_neither_a_card_nor_a_film_does() -> None:
    origin = showcase.origin("TTAPI", "https://discord.com/channels/1/5/70", "1m7wte9b7e357w", 0)
    assert origin == "made by TTAPI, [card](https://discord.com/channels/1/5/70), shared `1m7wte9b7e357w#1`"
    assert not origin.endswith(("1m7wte9b7e357w", "1m7wte9b7e357w#1"))
    assert showcase.reference("1m7wte9b7e357w", FILM) == "`1m7wte9b7e357w#film`"
