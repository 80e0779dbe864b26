"""The words that prompts are found by: of every script, and of hostile texts too."""

import pytest

from bot.domain.search_words import LONGEST_WORD, MOST_WORDS, beginnings_of, search_text, words_of


def found(prompt: str, typed: str) -> bool:
    """Tell whether a prompt is found by what is typed: each beginning is that of one of its words."""
    words = words_of(prompt)
    beginnings = beginnings_of(typed)
    assert beginnings
    return all(any(word.startswith(beginning) for word in words) for beginning in beginnings)


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("A paper boat, a PAPER boat!", ["a", "paper", "boat"]),
        ("Straße--ar 16:9", ["strasse", "ar", "16", "9"]),
        ("100%_sure", ["100", "sure"]),
        ("con thuyền giấy", ["con", "thuyền", "giấy"]),
        ("黑猫 cat", ["黑猫", "猫", "cat"]),
        ("猫cat", ["猫", "cat"]),
        ("さくら", ["さく", "くら", "ら"]),
        ("종이배", ["종이", "이배", "배"]),
        ("ｗｉｄｅ ﾈｺ", ["wide", "ネコ", "コ"]),
        ("ก็ดี", ["ก็ดี"]),
        ("!?% _ -- 🚤", []),
        ("", []),
    ],
)
def test_a_prompt_is_found_by_these_words(prompt: str, words: list[str]) -> None:
    assert words_of(prompt) == words


@pytest.mark.parametrize(
    "typed", ["boat", "BO", "boat paper", "16", "猫", "黑猫", "黑", "thuye\u0302\u0300n", "k", "ﾈ", "ネコ"]
)
def test_beginnings_in_any_order_find_it(typed: str) -> None:
    assert found("A paper boat at 16 knots, 一只黑猫, con thuyền, ネコ", typed)


@pytest.mark.parametrize("typed", ["oat", "boats", "boat kite", "猫黑", "猫咪", "thuyen", "oa"])
def test_what_is_not_in_it_does_not(typed: str) -> None:
    assert not found("A paper boat at 16 knots, 一只黑猫, con thuyền, ネコ", typed)


def test_what_is_looked_for_is_written_without_what_is_no_word() -> None:
    assert search_text("  Paper, %boat_ --  黑猫!") == "paper boat 黑猫"
    assert search_text("%_ --!?") == ""
    assert beginnings_of(search_text("Paper 黑猫 %")) == beginnings_of("Paper 黑猫 %")


def test_a_word_without_end_is_found_by_its_beginning_and_by_itself() -> None:
    assert words_of("x" * 2_000) == ["x" * LONGEST_WORD]
    assert found("x" * 2_000, "x" * 2_000)
    assert found("x" * 2_000, "xx")


def test_a_made_up_prompt_has_no_more_words_than_are_written() -> None:
    signs = "".join(chr(0x4E00 + number) + chr(0x7000 + number) for number in range(2_000))
    assert len(words_of(signs)) == MOST_WORDS
