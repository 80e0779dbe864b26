"""The prompts of a description, in each form that Midjourney and its resellers may write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.providers.midjourney import LONGEST_TEXT, MAX_TEXTS, numbered, read_texts

FOUR = ("a paper boat --ar 3:2", "an origami ship, 35 mm", "2 boats at 1.5x zoom", "rain: a street")


@pytest.mark.parametrize(
    "described",
    [
        "\n\n".join(f"{n}\ufe0f\u20e3 {text}" for n, text in enumerate(FOUR, 1)),
        "\n".join(f"{n}\ufe0f\u20e3 {text}" for n, text in enumerate(FOUR, 1)),
        " ".join(f"{n}\ufe0f\u20e3 {text}" for n, text in enumerate(FOUR, 1)),
        "\r\n\r\n".join(f"{n}\u20e3{text}\r\n" for n, text in enumerate(FOUR, 1)),
        "Four prompts:\n" + "\n".join(f"{n}\ufe0f\u20e3 {text}" for n, text in enumerate(FOUR, 1)),
        *("\n".join(f"{n}{mark}{text}" for n, text in enumerate(FOUR, 1)) for mark in (". ", ") ", ": ", "、", ".** ")),
        *("\n\n".join(f"{mark % n} {text}" for n, text in enumerate(FOUR, 1)) for mark in ("(%d)", "[%d]", "**%d.**")),
        "\n".join(FOUR),
        "\n\n".join(FOUR),
        "\n \n".join(FOUR),
        list(FOUR),
        [*FOUR, "a fifth"],
        [None, 3, *FOUR, {}],
        [f"{n}\ufe0f\u20e3 {text}" for n, text in enumerate(FOUR, 1)],
        [f"{n}. {text}" for n, text in enumerate(FOUR, 1)],
        ["\n\n".join(f"{n}\ufe0f\u20e3 {text}" for n, text in enumerate(FOUR, 1))],
    ],
    ids=repr,
)
def test_four_texts_are_read_without_their_numbers(described: object) -> None:
    assert read_texts(described) == FOUR


FEWER: list[tuple[object, tuple[str, ...]]] = [
    ("a paper boat", ("a paper boat",)),
    ("1. a paper boat", ("a paper boat",)),
    ("1\ufe0f\u20e3 a boat\nin the rain\n\n2\ufe0f\u20e3 a ship", ("a boat in the rain", "a ship")),
    ("1. a boat\nin the rain\n2. a ship", ("a boat in the rain", "a ship")),
    ("1\ufe0f\u20e3 \n\n2\ufe0f\u20e3 a ship", ("a ship",)),
    (
        "1. a lion by [noah bradley](https://goo.gl/search?artist%20noah%20bradley), 8k\n2. a lion",
        ("a lion by noah bradley, 8k", "a lion"),
    ),
    ("https://cdn.example/boat.png", ()),
    ("", ()),
    ("  \n\n ", ()),
    ("1.", ()),
    (None, ()),
    (4, ()),
    ({"1": "a boat"}, ()),
    ([], ()),
    ([[]], ()),
    ([None], ()),
    (["a boat"], ("a boat",)),
]


@pytest.mark.parametrize(("described", "texts"), FEWER, ids=repr)
def test_fewer_texts_are_read_as_they_are(described: object, texts: tuple[str, ...]) -> None:
    assert read_texts(described) == texts


@pytest.mark.parametrize(
    "said", ["a boat", "1. a boat", "3 boats, 4 ships", "1.5x zoom\n2.5x zoom", None, ["1. a", "2. b"]]
)
def test_what_is_not_numbered_is_no_list_of_texts(said: object) -> None:
    assert numbered(said) == ()


def test_a_text_is_cut_to_what_a_form_holds() -> None:
    assert read_texts("a" * 60_000) == ("a" * LONGEST_TEXT,)


@given(
    st.recursive(
        st.none() | st.integers() | st.text() | st.text("1234.)]*[(\ufe0f\u20e3\n -ab:/"),
        lambda inner: st.lists(inner, max_size=6),
        max_leaves=10,
    )
)
def test_whatever_is_said_at_most_four_lines_come_out(described: object) -> None:
    texts = read_texts(described)
    assert len(texts) <= MAX_TEXTS
    assert all(text and "\n" not in text and len(text) <= LONGEST_TEXT for text in texts)
