"""What is a flag and how far it reaches: nothing negated stays among the words, and nothing goes untold."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.prompt_flags import KNOWN, Reach, link_in, split_flags
from bot.domain.prompts import CleanPrompt, clean_film_prompt, clean_image_prompt, clean_prompt, without_flags

LINK = "https://x.example/a.png"

words = st.lists(st.from_regex(r"[a-z]{2,7}|half—done|well-known|—|-|1998–1999", fullmatch=True), max_size=5)
dashes = st.sampled_from(["--", "---", "—", "–", "―", "－－", "−−"])
names = st.sampled_from(sorted(KNOWN))
values = st.sampled_from(["16:9", "16：9,", "7", ".5", "raw", "high", "1", "wide", LINK, f"<{LINK}>", "123", "loop"])
joined = st.sampled_from([" ", "=", ":", "：", " = "])
flags = st.tuples(dashes, names, joined, values).map("".join)
pieces = st.lists(flags | words.map(" ".join) | st.tuples(dashes, names).map("".join), max_size=8)
typed = pieces.map(" ".join) | st.lists(
    st.sampled_from(["--", "—", "–", " ", "no", "ar", "16:9", "cat", ",", "=", ":", "turbo", LINK, "<", "s", "2"]),
    max_size=20,
).map("".join)


def told(prompt: str) -> str:
    """Give every letter and digit of a prompt, in order of the alphabet."""
    return "".join(sorted(re.sub(r"\W|_", "", prompt)))


@given(typed)
@example("a cat--ar 16:9 —no mercy— --sref 1 2 x--hd")
def test_nothing_is_taken_out_untold(prompt: str) -> None:
    plain = clean_prompt(prompt)
    assert told(f"{plain.text}{''.join(plain.removed)}") == told(prompt)
    film = clean_film_prompt(prompt)
    assert told(f"{film.text}{''.join([*film.removed, *film.read])}") == told(prompt)
    assert (film.text, sorted([*film.removed, *film.read])) == (plain.text, sorted(plain.removed))


@given(typed)
def test_what_is_taken_out_of_a_pictures_prompt_is_told_or_stays_behind_it(prompt: str) -> None:
    plain, drawn = clean_prompt(prompt), clean_image_prompt(prompt)
    if plain.text:
        assert without_flags(drawn.text) == plain.text
    assert set(drawn.removed) <= set(plain.removed)


@given(words, words.filter(len), st.sampled_from(["", " --ar 16:9", " —s 50", " --unheard-of", " --hd"]))
def test_nothing_negated_stands_among_the_words(before: list[str], negated: list[str], behind: str) -> None:
    told_words = [f"kept{number}" for number in range(len(before))]
    no = [f"not{number}" for number in range(len(negated))]
    for separator in (" ", ", "):
        prompt = f"{' '.join(told_words)} --no {separator.join(no)}{behind}"
        assert without_flags(clean_image_prompt(prompt).text) == " ".join(told_words)
        assert f"--no {separator.join(no)}" in (clean_image_prompt(f"a {prompt}").text)
        film = clean_film_prompt(prompt)
        assert film.text == " ".join(told_words)
        assert f"--no {separator.join(no)}" in film.removed


@given(st.lists(st.sampled_from(["123", "7.5", LINK, f"{LINK}::2", "42::0.5,", "random"]), max_size=4))
def test_nothing_of_a_reference_is_left(references: list[str]) -> None:
    for name in ("sref", "cref", "oref"):
        flag = " ".join([f"--{name}", *references])
        assert clean_image_prompt(f"a cat {flag} at sea") == CleanPrompt("a cat at sea", (flag,))


@given(names.filter(lambda name: KNOWN[name].reach is Reach.VALUE), joined, values, dashes)
def test_a_flag_takes_one_value_and_the_words_behind_it_stay(name: str, gap: str, value: str, dash: str) -> None:
    if "://" in value and name != "end":
        # A link is a reference's, or stands among the words.
        return
    cleaned = clean_prompt(f"a cat {dash}{name}{gap}{value} at sea")
    assert cleaned.text == "a cat at sea"
    assert len(cleaned.removed) == 1


@given(names.filter(lambda name: KNOWN[name].reach is Reach.NAME), dashes)
def test_a_flag_without_values_takes_no_word_with_it(name: str, dash: str) -> None:
    assert clean_prompt(f"a cat {dash}{name} at sea").text == "a cat at sea"


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("a cat --no extra fingers, bad anatomy", "a cat --no extra fingers, bad anatomy"),
        ("a cat --no blurry background", "a cat --no blurry background"),
        ("a cat --no blurry background --ar 3:2 on a mat", "a cat on a mat --no blurry background --ar 3:2"),
        ("a cat --no:hands", "a cat --no hands"),
        ("a cat --no hands, --tile", "a cat --no hands --tile"),
        ("a cat --ar16:9", "a cat --ar 16:9"),
        ("a cat --ar:16:9", "a cat --ar 16:9"),
        ("a cat --ar: 16:9", "a cat --ar 16:9"),
        ("a cat --ar 16:9,", "a cat --ar 16:9"),
        ("a cat --ar 16:9, sitting", "a cat sitting --ar 16:9"),
        ("a cat --ar 16：9", "a cat --ar 16:9"),
        ("a cat --ar １６：９", "a cat --ar 16:9"),
        ("a cat －－ar：16:9", "a cat --ar 16:9"),
        ("a cat --aspect 16:9 --version 7", "a cat --aspect 16:9 --version 7"),
        ("a cat --quality 2 --style raw --w 5", "a cat --quality 2 --style raw --w 5"),
        ("a cat--ar 16:9", "a cat --ar 16:9"),
        ("a cat--ar 16:9--tile--no dogs, birds", "a cat --ar 16:9 --tile --no dogs, birds"),
        ('a cat --ar "16:9" --no "red hats"', "a cat --ar 16:9 --no red hats"),
        ("a cat (--ar 3:2) --no (hats)", "a cat ( --ar 3:2 --no hats"),
        ("a cat ―ar 16:9 ‒v 7 −s 5 ⸺c 5", "a cat --ar 16:9 --v 7 --s 5 --c 5"),
    ],
)
def test_a_flag_reaches_to_its_end(prompt: str, text: str) -> None:
    assert clean_image_prompt(prompt) == CleanPrompt(text, ())


@pytest.mark.parametrize(
    "text",
    [
        "the road —no mercy— ends",
        "the road –no mercy, no end–, he said",
        "the road —no mercy!— ends",
        "the road —no— ends",
        "he said —very softly",
        "he said -no more",
        "he said -ar 16:9",
        "he said ‑no more",
        "1 — no 2",
        "see https://x.example/a-hd there",
    ],
)
def test_a_dash_between_words_stays_as_it_is(text: str) -> None:
    for clean in (clean_prompt, clean_image_prompt):
        assert clean(text) == CleanPrompt(text, ())


@pytest.mark.parametrize(
    ("prompt", "text", "removed"),
    [
        ("a cat --ar wide sitting", "a cat sitting", ("--ar wide",)),
        ("a cat --ar", "a cat", ("--ar",)),
        ("a cat --ar --tile x", "a cat x --tile", ("--ar",)),
        ("a cat --style cute dog", "a cat dog", ("--style cute",)),
        ("a cat --hd2 dog", "a cat dog", ("--hd2",)),
        ("a cat --foo:bar dog", "a cat dog", ("--foo:bar",)),
        ("a cat--ar is nice", "a cat-ar is nice", ()),
        ("a cat —ar 16:9 —no mercy— on a mat—yes", "a cat —no mercy— on a mat—yes --ar 16:9", ()),
        ("a cat --sref 123 456 at sea", "a cat at sea", ("--sref 123 456",)),
        (f"a cat --cref {LINK} {LINK}, at sea", "a cat at sea", (f"--cref {LINK} {LINK},",)),
        (f'a cat --cref "{LINK}" “{LINK}” at sea', "a cat at sea", (f'--cref "{LINK}" “{LINK}”',)),
        (f"--hd {LINK} a cat", "a cat", ("--hd", LINK)),
        ("see https://x.example/a--hd there", "see there", ("https://x.example/a--hd",)),
    ],
)
def test_what_cannot_stay_goes_and_is_told(prompt: str, text: str, removed: tuple[str, ...]) -> None:
    assert clean_image_prompt(prompt) == CleanPrompt(text, removed)


def test_words_between_dashes_are_no_paid_flag_to_anybody() -> None:
    assert clean_prompt("the engine —turbo power— roars").text == "the engine — turbo power— roars"


@pytest.mark.parametrize(
    "piece", ["--no ", "—no ", "a--no b ", "--", "—s –s ―s −s ", "—no a—b ", "x--s", "--ar =", "—x—"]
)
def test_the_longest_prompt_is_read_at_once(piece: str) -> None:
    prompt = (piece * 2000)[:2000]
    text, _ = split_flags(prompt)
    assert clean_prompt(prompt).text == clean_prompt(clean_prompt(prompt).text).text
    assert len(text) <= len(prompt)


@pytest.mark.parametrize(
    ("value", "link"),
    [
        (LINK, LINK),
        (f"<{LINK}>", LINK),
        ("HTTP://x.example", "HTTP://x.example"),
        ("www.x.example", None),
        ("loop", None),
    ],
)
def test_a_link_is_read_without_its_brackets(value: str, link: str | None) -> None:
    assert link_in(value) == link
