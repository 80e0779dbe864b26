"""Nothing that a member types can become a paid option."""

import re
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.prompts import CleanPrompt, clean_prompt, with_words

hyphens = ["-", "--", "---", "–", "—", "－", "−", "‐"]
unseen = ["\xad", "\u200b", "\u2060", "\x00", "\ud83d", " ", "\n", "\t", "\u3000"]
words = ["bs", "ar", "hd", "no", "motion", "4", "16:9", "=", ",", "high", "boat", "é", "⛵", '"']
links = ["<", ">", "https://", "HTTP://", "www.", "x.example/a.png", "https://x.example/"]
pieces = st.sampled_from([*hyphens, *unseen, *words, *links])
typed = st.lists(pieces, max_size=25).map("".join) | st.text(max_size=60)


@given(typed)
def test_no_clean_prompt_holds_a_flag(prompt: str) -> None:
    assert re.search(r"--\s*[A-Za-z]", clean_prompt(prompt).text) is None


@given(typed)
def test_no_clean_prompt_begins_with_a_link(prompt: str) -> None:
    assert re.match(r"<?(https?://|www\.)\S", clean_prompt(prompt).text, re.IGNORECASE) is None


@given(typed)
def test_a_clean_prompt_is_one_line_that_can_be_sent(prompt: str) -> None:
    text = clean_prompt(prompt).text
    text.encode()
    assert text == " ".join(text.split())
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2060-\u2069\ufeff]", text)


@given(typed)
def test_cleaning_twice_changes_nothing(prompt: str) -> None:
    once = clean_prompt(prompt).text
    assert clean_prompt(once) == CleanPrompt(once, ())


@given(st.lists(st.from_regex(r"[a-z]{1,9}[,.!?]?", fullmatch=True), max_size=12).map(" ".join))
def test_plain_words_stay_as_they_are(prompt: str) -> None:
    assert clean_prompt(prompt) == CleanPrompt(prompt, ())


@pytest.mark.parametrize(
    ("prompt", "text", "removed"),
    [
        ("a boat --bs 4", "a boat", ("--bs 4",)),
        ("a boat --bs4", "a boat", ("--bs4",)),
        ("a boat --ar=16:9 at sea", "a boat at sea", ("--ar=16:9",)),
        ("--motion high a boat", "a boat", ("--motion high",)),
        ("a boat --RAW at sea", "a boat at sea", ("--RAW",)),
        ("a boat —ar 16:9", "a boat", ("—ar 16:9",)),
        ("a boat –loop at sea", "a boat at sea", ("–loop",)),
        ("a boat －－bs 4", "a boat", ("--bs 4",)),
        ("a boat −−hd", "a boat", ("--hd",)),
        ("a boat --hd --turbo", "a boat", ("--hd", "--turbo")),
        ("a boat --no cats, dogs, birds at sea", "a boat", ("--no cats, dogs, birds at sea",)),
        ("a boat --no cats, --hd", "a boat", ("--no cats,", "--hd")),
        ("a boat --unheard-of thing", "a boat thing", ("--unheard-of",)),
        ("https://x.example/a.png a boat", "a boat", ("https://x.example/a.png",)),
        ("<https://x.example/a.png> www.x.example a boat", "a boat", ("<https://x.example/a.png>", "www.x.example")),
        ("--bs 4", "", ("--bs 4",)),
    ],
)
def test_flags_and_leading_links_are_taken_out_and_named(prompt: str, text: str, removed: tuple[str, ...]) -> None:
    assert clean_prompt(prompt) == CleanPrompt(text, removed)


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("a castle -- very old", "a castle - very old"),
        ("a castle--very old", "a castle-very old"),
        ("the boat — my boat", "the boat — my boat"),
        ("half—done", "half—done"),
        ("1998–1999", "1998–1999"),
        ("a well-known  boat\n at sea", "a well-known boat at sea"),
        ("see https://x.example/ in the middle", "see https://x.example/ in the middle"),
        ("ein Schiffchen ⛵ für Zoë", "ein Schiffchen ⛵ für Zoë"),
    ],
)
def test_ordinary_punctuation_takes_no_word_away(prompt: str, text: str) -> None:
    assert clean_prompt(prompt) == CleanPrompt(text, ())


@pytest.mark.parametrize("typed", ["👩\u200d🚀", "👨\u200d👩\u200d👧", "می\u200cخواهم", "क्\u200dष"])
def test_joiners_that_belong_to_a_script_or_an_emoji_stay(typed: str) -> None:
    assert clean_prompt(typed).text == typed


@pytest.mark.parametrize("hidden", ["\u200b", "\u200d", "\u200c", "\u2060", "\ufeff"])
def test_nothing_unseen_hides_a_flag(hidden: str) -> None:
    assert clean_prompt(f"a boat -{hidden}-{hidden}bs 4").text == "a boat"


@pytest.mark.parametrize(
    ("typed", "words", "joined"),
    [
        ("a boat", "", "a boat"),
        (" a  boat --x ", "", " a  boat --x "),
        ("a boat", "in oil", "a boat, in oil"),
        ("a boat.", "in oil", "a boat. in oil"),
        ("a boat --no sails people", "in oil", "a boat, in oil --no sails people"),
        ("a boat --ar 1:1", "in oil --ar 16:9 --s 250", "a boat, in oil --ar 1:1 --s 250"),
        ("a boat --ar 1:1", "--AR 16:9", "a boat --ar 1:1"),
        ("a boat", "--ar 16:9", "a boat --ar 16:9"),
        ("-", "in oil", "in oil"),
        ("--ar 1:1", "in oil", "in oil --ar 1:1"),
        (
            "https://x.example/a.png a boat",
            "https://x.example/b.png in oil",
            "https://x.example/a.png https://x.example/b.png a boat, in oil",
        ),
    ],
)
def test_words_are_added_to_words_and_flags_to_flags(typed: str, words: str, joined: str) -> None:
    assert with_words(typed, words) == joined


@given(typed, typed)
@example("", "–bs－")
def test_what_is_joined_says_nothing_that_neither_says_alone(prompt: str, words: str) -> None:
    said = " ".join(clean_prompt(one).text for one in (prompt, words))
    joined = clean_prompt(with_words(prompt, words)).text
    assert Counter(re.findall(r"\w+", joined)) - Counter(re.findall(r"\w+", said)) == {}
