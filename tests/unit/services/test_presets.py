"""What may be kept as a preset, and what it is called."""

import pytest

from bot.domain.params import MAX_PROMPT, Preferences
from bot.errors import BadPreset, NoSuchPreset, NoSuchProvider, PresetProblem
from bot.services.presets import LONGEST_NAME, Presets
from tests.support.clock import clock_of
from tests.support.db_fixture import GUILD, MIRA, NOON, DbFixture
from tests.support.scripted_provider import ScriptedProvider


def presets(db: DbFixture) -> Presets:
    return Presets(db.store, {"ttapi": ScriptedProvider(())}, clock_of(lambda: NOON))


@pytest.mark.parametrize(
    ("name", "words", "problem"),
    [
        ("", "words", PresetProblem.NAME),
        (" \n ", "words", PresetProblem.NAME),
        ("a" * (LONGEST_NAME + 1), "words", PresetProblem.NAME),
        ("a" * 300, "", PresetProblem.NAME),
        ("boat", "a" * (MAX_PROMPT + 1), PresetProblem.WORDS),
        ("boat", "  ", PresetProblem.EMPTY),
    ],
)
async def test_what_cannot_be_kept_is_refused(db: DbFixture, name: str, words: str, problem: PresetProblem) -> None:
    with pytest.raises(BadPreset) as refused:
        presets(db).check(name, words, Preferences())
    assert refused.value.problem is problem


async def test_a_name_is_one_line_with_single_spaces(db: DbFixture) -> None:
    service = presets(db)
    preset = service.check("  cafe\u0301 \n noir ", " in oil ", Preferences(clips=1))
    assert (preset.name, preset.words) == ("café noir", "in oil")
    await service.save(GUILD, MIRA, preset)
    assert await service.suggestions(GUILD, MIRA, "CAF") == ["café noir"]
    assert await service.suggestions(GUILD, MIRA, "tea") == []
    assert await service.delete(GUILD, MIRA, "café   noir") == "café noir"
    with pytest.raises(NoSuchPreset):
        await service.delete(GUILD, MIRA, "café noir")


async def test_the_longest_of_each_is_kept(db: DbFixture) -> None:
    assert presets(db).check("a" * LONGEST_NAME, "b" * MAX_PROMPT, Preferences()).words == "b" * MAX_PROMPT


async def test_a_provider_is_kept_by_its_name(db: DbFixture) -> None:
    assert presets(db).provider_name("TTAPI") == "ttapi"
    assert presets(db).provider_name(None) is None
    with pytest.raises(NoSuchProvider):
        presets(db).provider_name("nobody")
