"""Fields of JSON that may hold anything: links as people write them, ids as numbers, lists in strings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.providers import json_fields


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://cdn.example/0.mp4?ex=1&hm=a%20b#t", "https://cdn.example/0.mp4?ex=1&hm=a%20b#t"),
        (" https://cdn.example/0.mp4\n", "https://cdn.example/0.mp4"),
        ("HTTPS://cdn.example/0.mp4", "https://cdn.example/0.mp4"),
        ("https://cdn.example/a paper boat.mp4", "https://cdn.example/a%20paper%20boat.mp4"),
        ("https://cdn.example/一.mp4?n=é", "https://cdn.example/%E4%B8%80.mp4?n=%C3%A9"),
        ("https://bücher.example:8080/0.mp4", "https://xn--bcher-kva.example:8080/0.mp4"),
    ],
)
def test_a_link_is_read_however_it_is_written(written: str, read: str) -> None:
    assert json_fields.link(written) == read
    assert json_fields.link(read) == read


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "",
        "0.mp4",
        "ftp://cdn.example/0.mp4",
        "https://",
        "https:///0.mp4",
        "https://a b/0.mp4",
        "https://cdn.example/0\n.mp4",
        "https://cdn.example/0\t.mp4",
        "https://cdn.example/\ud800",
        "https://é..example/0.mp4",
        "see https://cdn.example/0.mp4",
        "https://cdn.example/" + "x" * json_fields.MAX_LINK,
        "https://cdn.example/" + "é" * (json_fields.MAX_LINK // 2),
    ],
)
def test_what_is_no_link_is_none(value: object) -> None:
    assert json_fields.link(value) is None


@given(st.text() | st.text().map("https://x.example/".__add__))
def test_a_link_is_printable_ascii_and_within_its_length(value: str) -> None:
    read = json_fields.link(value)
    assert read is None or (read.isascii() and read.isprintable() and " " not in read and len(read) <= 2048)


@pytest.mark.parametrize(
    ("value", "read"),
    [("a-1", "a-1"), (17, "17"), (0, None), (-1, None), (True, None), (1.5, None), (10**30, None), (None, None)],
)
def test_an_identifier_may_be_a_whole_number(value: object, read: str | None) -> None:
    assert json_fields.identifier(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ('["a", "b"]', ["a", "b"]),
        (' [{"url": "a"}]', [{"url": "a"}]),
        ("[broken", "[broken"),
        ("[" * 100_000, "[" * 100_000),
        ("a", "a"),
        (["a"], ["a"]),
        (None, None),
    ],
    ids=["list", "objects", "broken", "deep", "text", "as it is", "nothing"],
)
def test_a_list_may_stand_in_a_string(value: object, read: object) -> None:
    assert json_fields.unpacked(value) == read
