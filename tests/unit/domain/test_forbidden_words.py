"""A server's forbidden words: whole words, in any case, and drawn with the letters of other alphabets."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.forbidden_words import MOST_FORBIDDEN, find_forbidden, has_word, read_list


@pytest.mark.parametrize(
    ("prompt", "entry"),
    [
        ("a knight full of blood", "blood"),
        ("BLOOD!", "blood"),
        ("the Blood-red sea", "BLOOD"),
        ("blood_moon", "blood"),
        ("a blue   whale at sea", "blue whale"),
        ("a Blue-Whale", "blue whale"),
        # Cyrillic о and Greek ο; a whole word of Cyrillic capitals; small letters among Latin ones.
        ("bl\u043e\u03bfd on the floor", "blood"),
        ("\u0421\u041e\u0420", "cop"),
        ("fu\u0441\u043a", "fuck"),
        ("b\u217coo\u0501", "blood"),
        # Wide letters, mathematical ones, small capitals, and what nobody sees between them.
        ("\uff42\uff4c\uff4f\uff4f\uff44", "blood"),
        ("\U0001d41b\U0001d425\U0001d428\U0001d428\U0001d41d", "blood"),
        ("\u0299\u029f\u1d0f\u1d0fd", "blood"),
        ("bl\u200boo\u00add", "blood"),
        # A word that is Cyrillic itself, in capitals, and with a Latin letter among them.
        ("ВОДА", "вода"),
        ("BОДА", "вода"),
        ("стакан воды", "воды"),
        # Without spaces between words it counts wherever it stands.
        ("一只血腥的狼", "血腥"),
        ("유혈이 낭자한", "유혈"),
        ("ma\u0301u do\u0309", "má" + "u"),
    ],
)
def test_a_forbidden_word_is_found_however_it_is_written(prompt: str, entry: str) -> None:
    assert find_forbidden(prompt, ["kitten", entry]) == (entry,)


@pytest.mark.parametrize(
    ("prompt", "entry"),
    [
        ("a bloodhound", "blood"),
        ("a first class ticket", "ass"),
        ("a whale, blue as the sea", "blue whale"),
        ("all of them", "ail"),
        ("Ali at home", "all"),
        ("con m\u00e8o", "meo"),
        ("вот лодка", "bot"),
        ("", "blood"),
        ("血 and guts", "血腥"),
    ],
)
def test_what_only_holds_a_part_of_it_or_reads_otherwise_is_let_through(prompt: str, entry: str) -> None:
    assert find_forbidden(prompt, [entry]) == ()


def test_all_that_are_found_are_named_as_the_server_wrote_them() -> None:
    assert find_forbidden("gore, blood and more GORE", ["Blood", "kitten", "gore"]) == ("Blood", "gore")


def test_a_list_is_read_by_lines_and_commas_and_each_word_once() -> None:
    typed = " blood,Gore\n\n blue   whale ;BLOOD, ,血腥，狼"
    assert read_list(typed) == ("BLOOD", "Gore", "blue whale", "血腥", "狼")
    assert read_list(" \n,") == ()


def test_what_has_no_letters_can_never_be_found() -> None:
    assert not has_word("!?")
    assert not has_word("\u200b")
    assert has_word("18+")


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=20), max_size=5))
def test_no_prompt_and_no_list_breaks_the_search(prompt: str, entries: list[str]) -> None:
    forbidden = read_list("\n".join(entries))
    assert set(find_forbidden(prompt, forbidden)) <= set(forbidden)
    assert all(find_forbidden(f"x {entry} x", [entry]) == (entry,) for entry in forbidden if has_word(entry))


def test_a_full_list_is_searched_in_no_time() -> None:
    forbidden = [f"word{number}" for number in range(MOST_FORBIDDEN)]
    prompt = "a quiet harbour at dawn " * 80
    find_forbidden(prompt, forbidden)
    began = time.perf_counter()
    assert find_forbidden(prompt + "word999", forbidden) == ("word999",)
    assert time.perf_counter() - began < 0.1
