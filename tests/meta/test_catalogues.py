"""Every language says all that the code says, and what would be wrong with one is found."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from tests.meta.catalogues import DOMAINS, bot_sentences, count, problems, problems_of, read, update
from tests.meta.text_limits import limits

HELLO = "Hello, **{name}**."


def test_every_language_is_whole_and_up_to_date() -> None:
    assert [what for domain in DOMAINS for what in problems(domain, domain.extract())] == []


def test_each_language_has_as_many_sentences_as_the_code() -> None:
    sentences = len([message for message in bot_sentences() if message.id])
    assert sentences > 1000
    counts = count(DOMAINS[0])
    assert counts == dict.fromkeys(counts, (sentences, sentences))
    assert {"vi", "zh_CN"} <= counts.keys()


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("", "is not translated"),
        ("Chào **{ten}**.", "has other placeholders"),
        ("Chào **bạn**.", "has other placeholders"),
        ("Chào **{name}**, {name}.", "has other placeholders"),
        ("Chào **{name}.", "has other markup"),
        ("Chào **{name}**.\n", "has other markup"),
        ("Chào **{name}**`.`", "has other markup"),
        ("Chào **{name", "has other placeholders"),
        ("Chào nhiều lần **{name}**.", "has 26 characters, and Discord takes 25"),
    ],
)
def test_what_is_wrong_with_a_translation_is_found(written: str, what: str) -> None:
    assert list(problems_of(Message(HELLO), Message(HELLO, written), {HELLO: 25})) == [what]


def test_a_fuzzy_one_and_one_that_is_missing_are_found() -> None:
    assert list(problems_of(Message(HELLO), Message(HELLO, "Chào **{name}**.", flags=["fuzzy"]), {})) == [
        "is fuzzy: look whether it still says the same"
    ]
    assert list(problems_of(Message(HELLO), None, {})) == ["is not translated"]


def test_what_is_right_is_left_alone() -> None:
    assert list(problems_of(Message(HELLO), Message(HELLO, "Chào **{name}**."), {HELLO: 25})) == []
    clips = ("{number} clip", "{number} clips")
    assert list(problems_of(Message(clips), Message(clips, ("{number} đoạn",)), {})) == []


def test_an_update_keeps_what_is_translated_and_leaves_out_what_nobody_says(tmp_path: Path) -> None:
    domain = DOMAINS[0].in_folder(tmp_path)
    before, after = Catalog(), Catalog()
    for one in ("Films", "Gone"):
        before.add(one)
    for one in ("Films", "An entirely new sentence"):
        after.add(one)
    update(domain, before, "vi")
    path = domain.path("vi")
    path.write_text(
        path.read_text("utf-8").replace('msgid "Films"\nmsgstr ""', 'msgid "Films"\nmsgstr "Phim"'), "utf-8"
    )
    update(domain, after, "vi")
    assert {message.id: message.string for message in read(path) if message.id} == {
        "Films": "Phim",
        "An entirely new sentence": "",
    }
    assert [what.partition(": ")[2] for what in problems(domain, after)] == [
        "is not translated: 'An entirely new sentence'"
    ]
    stale = [what.partition(": ")[2] for what in problems(domain, before)]
    assert "nobody says it any more: 'An entirely new sentence'" in stale


def test_what_discord_bounds_is_known_by_where_it_is_shown() -> None:
    bounded = limits()
    assert bounded["Turn a picture into short films"] == 100
    assert bounded["Cancel"] == 80
    assert bounded["Report to moderators"] == 45
    assert bounded["Credits of every member in each period"] == 45
    assert bounded["Who may make films, and where"] == 45
    assert bounded["As each member chooses"] == 100
    assert all(len(sentence) <= most for sentence, most in bounded.items())


@pytest.mark.parametrize(
    "sentence",
    ["job {job}", "up to {clip}", "shared {result}", "by the stars of members, a maker's own left out, {week}"],
)
def test_what_a_message_is_known_by_stands_last_in_every_language(sentence: str) -> None:
    [end] = re.findall(r"\{\w+\}$", sentence)
    for language in DOMAINS[0].languages():
        translated = read(DOMAINS[0].path(language)).get(sentence)
        assert translated is not None, sentence
        assert str(translated.string).endswith(end), language
