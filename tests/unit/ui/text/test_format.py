"""Numbers, durations and lists, as sentences need them."""

import subprocess
import sys

import pytest

from bot.ui.text import format as text


@pytest.mark.parametrize(
    ("number", "written"), [(0, "0 credits"), (1, "1 credit"), (2, "2 credits"), (12345, "12345 credits")]
)
def test_credits_are_counted(number: int, written: str) -> None:
    assert text.format_credits(number) == written


def test_large_numbers_have_their_thousands_apart() -> None:
    assert text.format_large_number(2000) == "2,000"


@pytest.mark.parametrize(
    ("number", "written"), [(0.30000000000000004, "0.3"), (12.5, "12.5"), (1234.0, "1234"), (1 / 3, "0.333333")]
)
def test_a_fraction_has_no_more_digits_than_say_something(number: float, written: str) -> None:
    assert text.format_fraction(number) == written


@pytest.mark.parametrize(
    ("milliseconds", "written"),
    [(-1, "5 s"), (0, "5 s"), (6_000, "10 s"), (49_999, "50 s"), (50_000, "1 min"), (90_000, "2 min")],
)
def test_a_duration_is_rounded_as_people_say_it(milliseconds: int, written: str) -> None:
    assert text.format_duration(milliseconds) == written


@pytest.mark.parametrize(("size", "written"), [(1, "1 MiB"), (2**20, "1 MiB"), (51 * 2**19 + 1, "26 MiB")])
def test_a_size_is_never_nothing(size: int, written: str) -> None:
    assert text.format_size(size) == written


@pytest.mark.parametrize(("percent", "boxes"), [(-5, 0), (0, 0), (45, 4), (100, 10), (150, 10)])
def test_a_bar_is_as_full_as_the_work_is_done(percent: int, boxes: int) -> None:
    assert text.progress_bar(percent) == "▰" * boxes + "▱" * (10 - boxes)


def test_lists_are_joined_as_their_sentences_need_it() -> None:
    names = ["A", "B", "C"]
    assert text.join_and(names) == "A, B and C"
    assert text.join_or(names) == "A, B or C"
    assert text.join_list(names) == "A, B, C"
    assert text.join_facts(names) == "A, B, C"
    assert text.join_statements(names) == "A; B; C"
    assert text.join_each_and(names) == "A and B and C"
    assert text.join_each_or(names) == "A or B or C"
    assert text.join_in_turn(names) == "A, then B, then C"
    assert text.join_sentences("A.", "", "C.") == "A. C."
    assert text.join_facts([]) == ""


def test_what_was_typed_cannot_fill_a_placeholder_or_ping() -> None:
    assert text.escape_for_sentence("{price} <@1> _a_") == r"price 1 \_a\_"


@pytest.mark.slow  # it starts a process
def test_the_languages_data_is_there_before_the_first_answer() -> None:
    # In a process of its own, where no other test has asked for any.
    asked = """
import babel.localedata as data
from bot.languages import languages
from bot.ui.text import format, translate
languages()
data.load = None
translate.speak("vi")
print(format.{call})
"""
    for call, written in (("format_large_number(2000)", "2.000"), ("join_and(['A', 'B'])", "A và B")):
        program = [sys.executable, "-c", asked.format(call=call)]
        assert subprocess.run(program, capture_output=True, text=True, check=True).stdout == f"{written}\n"
