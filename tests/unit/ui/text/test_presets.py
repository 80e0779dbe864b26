"""What /preset answers: nothing that a member typed is markdown, and no list is too long."""

import pytest

from bot.domain.member_settings import Preset
from bot.domain.params import MAX_PROMPT, Motion, Preferences
from bot.errors import BadPreset, NoSuchPreset, PresetProblem, TooManyPresets
from bot.ui.text.errors import describe_error
from bot.ui.text.presets import deleted, listed, saved

BOAT = Preset("boat", "in watercolour", Preferences(motion=Motion.HIGH, loop=False))


def test_what_is_saved_is_shown_and_a_replaced_one_is_named_as_such() -> None:
    assert saved(BOAT, replaced=False) == (
        "**boat**: in watercolour (high motion, no loop) is saved; name it as preset in /imagine or /video."
    )
    assert saved(Preset("two", "", Preferences(clips=2)), replaced=True) == (
        "**two**: 2 clips is saved, in place of the one that had this name."
    )
    assert deleted("boat") == "The preset **boat** is deleted; jobs that were asked for with it go on."


def test_presets_are_listed_within_one_message() -> None:
    assert listed([]) == "You have no presets in this server; /preset save makes one."
    assert listed([BOAT]).splitlines() == [
        "**Your presets in this server**",
        "- **boat**: in watercolour (high motion, no loop)",
    ]
    assert len(listed([Preset("@everyone" * 3, "`*" * (MAX_PROMPT // 2))] * 25)) <= 2000


def test_nothing_in_a_name_or_its_words_is_markdown() -> None:
    assert listed([Preset("**a** <@11>", "@everyone [x](https://x.example)")]).splitlines()[1] == (
        r"- **\*\*a\*\* \<\@11>**: \@everyone \[x\](https\://x.example)"
    )


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BadPreset(PresetProblem.NAME, 0, 32), "The preset has no name. Give it one of 1 to 32 characters."),
        (
            BadPreset(PresetProblem.NAME, 300, 32),
            "The preset's name has 300 characters, and 32 are allowed. Choose a shorter one.",
        ),
        (
            BadPreset(PresetProblem.WORDS, 2001, 2000),
            "The preset's words have 2,001 characters, and 2,000 are allowed. Shorten them and try again.",
        ),
        (BadPreset(PresetProblem.EMPTY), "The preset is empty. Give it words, or at least one option."),
        (
            TooManyPresets(25),
            "You have 25 presets in this server already, and there may be no more. "
            "Delete one first: **/preset delete**.",
        ),
        (
            NoSuchPreset("x*" * 40),
            "You have no preset “" + r"x\*" * 19 + "x…” in this server. Nothing was charged. /preset list names yours.",
        ),
    ],
)
def test_each_refusal_is_one_sentence_and_what_to_do(error: Exception, words: str) -> None:
    assert describe_error(error) == words
