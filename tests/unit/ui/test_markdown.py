"""What members and providers say is shown as they said it: nothing in it is markdown, pings, or breaks the card."""

import re
from itertools import takewhile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.ui.markdown import MAX_TEXT, escape, isolated

pieces = [
    "\\",
    "`",
    "```",
    "*",
    "**",
    "_",
    "__",
    "~~",
    "|",
    "||",
    "<",
    ">",
    ">>> ",
    "[",
    "]",
    "(",
    ")",
    "#",
    "-# ",
    "- ",
]
pieces += [
    "@everyone",
    "<@1>",
    "<#2>",
    "<t:0:R>",
    "<:boat:3>",
    "https://x.example",
    "1. ",
    "12) ",
    "+",
    "\n",
    " ",
    "boat",
]
texts = st.lists(st.sampled_from(pieces), max_size=20).map("".join) | st.text(max_size=60)


def read(shown: str) -> tuple[str, str]:
    """Read a text as Discord does, where a backslash shows the sign behind it; give the text, and what is alive."""
    said, alive, at = "", "", 0
    while at < len(shown):
        if re.match(r"\\[^0-9A-Za-z\s]", shown[at : at + 2]):
            said += shown[at + 1]
            alive += "x"
            at += 2
        else:
            said += shown[at]
            alive += shown[at]
            at += 1
    return said, alive


@given(texts)
@example("[x](y) **big** [Claim your prize](https://x.example)")
@example("\\\\[x](https://x.example)")
@example("¯\\_(ツ)_/¯")
def test_what_was_typed_is_read_again_and_nothing_in_it_is_alive(typed: str) -> None:
    said, alive = read(escape(typed, room=10_000))
    assert said == typed
    assert not set(alive) & set("\\`*_~|<[]@")
    assert "://" not in alive
    assert not any(re.match(r"\s*([#>+-]|[0-9]+\.)", line) for line in alive.split("\n"))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a paper boat", "a paper boat"),
        ("**bold** _it_", "\\*\\*bold\\*\\* \\_it\\_"),
        ("<@123456789012345678>", "\\<\\@123456789012345678>"),
        ("<#5> <t:0:R>", "\\<#5> \\<t:0:R>"),
        ("[x](https://y)", "\\[x\\](https\\://y)"),
        ("@everyone", "\\@everyone"),
        ("`code`", "\\`code\\`"),
        ("1. a boat, 2. a kite", "1\\. a boat, 2. a kite"),
        ("a kite --ar 16:9 - #1 > all", "a kite --ar 16:9 - #1 > all"),
        ("- a\n -# b\n\t> c\r## d", "\\- a\n \\-# b\n\t\\> c\r\\## d"),
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
    said, alive = read(shown.removesuffix("…"))
    assert typed.startswith(said)
    assert "\\" not in alive
    assert len(said) == len(typed) or shown.endswith("…")


def test_of_a_text_of_backslashes_as_much_is_shown_as_there_is_room() -> None:
    assert "".join(takewhile(lambda sign: sign == "\\", escape("\\" * 9, room=5))) == "\\" * 4


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a paper boat", "a paper boat"),
        ("纸船，Thuyền giấy", "纸船，Thuyền giấy"),
        ("חרב", "\u2068חרב\u2069"),
        ("a سيف, 7", "\u2068a سيف, 7\u2069"),
        ("\u202e turned \u2069\u2069", "\u2068 turned \u2069"),
    ],
)
def test_words_from_right_to_left_are_kept_apart_and_can_turn_nothing_around(typed: str, shown: str) -> None:
    assert isolated(typed) == shown
