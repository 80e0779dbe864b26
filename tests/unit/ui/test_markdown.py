"""What members type is shown as they typed it: nothing in it is markdown, pings, or breaks the card."""

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.markdown import MAX_TEXT, escape


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a paper boat", "a paper boat"),
        ("**bold** _it_", "\\*\\*bold\\*\\* \\_it\\_"),
        ("<@123456789012345678>", "\\<@\u200b123456789012345678>"),
        ("<#5> <t:0:R> <:boat:1>", "\\<#5> \\<t:0:R> \\<:boat:1>"),
        ("@everyone", "@\u200beveryone"),
        ("`code`", "\\`code\\`"),
        ("", ""),
    ],
)
def test_markdown_and_mentions_are_escaped(typed: str, shown: str) -> None:
    assert escape(typed) == shown


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert escape("abcdef", 5) == "abcd…"
    assert escape("abcde", 5) == "abcde"


def test_a_text_that_grows_by_escaping_is_cut_to_its_room() -> None:
    shown = escape("*" * 2000)
    assert len(shown) <= MAX_TEXT + 1
    assert shown.endswith("*…")


@given(st.text("*_`<>@#\\|~a-1. \n", max_size=50), st.integers(1, 60))
def test_no_escape_is_cut_in_two(typed: str, room: int) -> None:
    shown = escape(typed, room=room)
    assert len(shown) <= room + 1
    if len(shown) == room + 1:
        assert not shown[:-1].endswith("\\")


@given(st.text("<@!& everyonhr>", max_size=40))
def test_no_mention_comes_through(typed: str) -> None:
    shown = escape(typed)
    assert discord.utils.escape_mentions(shown) == shown
