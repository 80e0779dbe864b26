"""Of a picture's prompt only harmless flags stay, behind the text; nothing in it chooses what it costs."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.prompts import (
    IMAGE_FLAGS,
    CleanPrompt,
    clean_image_prompt,
    without_flags,
)

hyphens = ["-", "--", "---", "–", "—", "－", "−"]
unseen = ["\xad", "\u200b", "\x00", " ", "\n", "\u3000"]
names = ["ar", "AR", "no", "raw", "tile", "v", "s", "fast", "relax", "turbo", "video", "bs", "hd", "motion", "draft"]
values = ["4", "16:9", "=", ",", "high", "boat", "é", "⛵", '"', "https://x.example/a.png"]
pieces = st.sampled_from([*hyphens, *unseen, *names, *values])
typed = st.lists(pieces, max_size=25).map("".join) | st.text(max_size=60)


def flags(prompt: str) -> list[str]:
    """Name everything that could be read as a flag; behind a long dash the name stands without a space."""
    return re.findall(r"(?:--+\s*|(?<!\S)[–—]+)([A-Za-z][\w-]*)", prompt)


@given(typed)
def test_no_picture_prompt_holds_another_flag_than_those_allowed(prompt: str) -> None:
    words = clean_image_prompt(prompt).text
    paid = {"fast", "relax", "turbo", "video", "bs", "hd", "motion", "draft"}
    assert {name for name in flags(words) if name in paid} == set()
    assert set(re.findall(r"--+\s*([A-Za-z][\w-]*)", words)) <= IMAGE_FLAGS


@given(typed)
def test_cleaning_twice_changes_nothing(prompt: str) -> None:
    once = clean_image_prompt(prompt).text
    assert clean_image_prompt(once) == CleanPrompt(once, ())


@given(typed)
def test_flags_stand_behind_the_words_and_never_alone(prompt: str) -> None:
    cleaned = clean_image_prompt(prompt).text
    words = without_flags(cleaned)
    assert cleaned.startswith(words)
    assert bool(words) is bool(cleaned)
    assert not re.search(r"--\s*[A-Za-z]", words)


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("a kite --ar 16:9", "a kite --ar 16:9"),
        ("--ar 16:9 a kite", "a kite --ar 16:9"),
        ("a kite --ar=16:9 over the sea --no boats, gulls", "a kite over the sea --ar 16:9 --no boats, gulls"),
        ("a kite —ar 3:2", "a kite --ar 3:2"),
        ("a kite --AR 3:2 --Raw", "a kite --ar 3:2 --raw"),
        ("a kite --tile --seed 42 --v 6.1", "a kite --tile --seed 42 --v 6.1"),
        ("a kite --niji 6 --stylize 250 --chaos 5 --weird 100", "a kite --niji 6 --stylize 250 --chaos 5 --weird 100"),
        ("a kite --s 50 --c 10 --q .5 --iw 1.25", "a kite --s 50 --c 10 --q .5 --iw 1.25"),
        ("a kite --ar 3:2 --ar 3:2", "a kite --ar 3:2"),
        ("a kite －－ar 3:2", "a kite --ar 3:2"),
    ],
)
def test_flags_that_choose_what_is_drawn_stay_behind_the_text(prompt: str, text: str) -> None:
    assert clean_image_prompt(prompt) == CleanPrompt(text, ())


@pytest.mark.parametrize(
    ("prompt", "removed"),
    [
        ("a kite --fast", ("--fast",)),
        ("a kite --turbo --relax", ("--turbo", "--relax")),
        ("a kite —turbo", ("—turbo",)),
        ("a kite --video --motion high --bs 4", ("--video", "--motion high", "--bs 4")),
        ("a kite --sref https://x.example/a.png", ("--sref https://x.example/a.png",)),
        ("a kite --hd", ("--hd",)),
        ("a kite --unheard-of", ("--unheard-of",)),
        ("https://x.example/a.png a kite", ("https://x.example/a.png",)),
    ],
)
def test_what_chooses_how_dearly_goes_and_is_named(prompt: str, removed: tuple[str, ...]) -> None:
    cleaned = clean_image_prompt(prompt)
    assert without_flags(cleaned.text).startswith("a kite")
    assert cleaned.removed == removed


@pytest.mark.parametrize(
    "flag",
    [
        *("--ar", "--ar wide", "--ar 16x9", "--ar 1.5:1", "--seed", "--seed x", "--v latest", "--iw ⅔", "--no"),
        *("--no =—turbo", "--ar =—fast", "--no a—turbo", "--no a,https://x.example/", "--ar ٣:٢"),
    ],
)
def test_a_flag_without_a_value_that_it_can_have_goes(flag: str) -> None:
    cleaned = clean_image_prompt(f"a kite {flag}")
    assert cleaned.text == "a kite"
    assert cleaned.removed != ()


@pytest.mark.parametrize(
    "typed", ["", "   ", "--ar 16:9", "--ar 16:9 --fast", "—ar 3:2", "--no a, b", "https://x.example/"]
)
def test_a_prompt_of_nothing_but_flags_is_empty(typed: str) -> None:
    assert clean_image_prompt(typed).text == ""


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("a kite", "a kite"),
        ("a kite --ar 16:9 --no boats", "a kite"),
        ("a kite --7 over the sea --ar 16:9", "a kite --7 over the sea"),
        ("", ""),
    ],
)
def test_the_words_of_a_prompt_are_what_stands_before_its_flags(prompt: str, words: str) -> None:
    assert without_flags(clean_image_prompt(prompt).text) == words
