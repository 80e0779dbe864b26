"""What Discord is told of commands: in each language within its limits, and names that stay as they are typed."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, cast
from unittest.mock import Mock

import pytest
from discord import Locale
from discord.app_commands import TranslationContext, TranslationContextLocation, locale_str

from bot.client import Animatic
from bot.languages import ENGLISH, language_of
from bot.ui.command_translator import CommandTranslator
from bot.ui.text.choices import choice_name
from tests.support.in_process_bot import InProcessBot

pytestmark = pytest.mark.asyncio(loop_scope="module")

Node = dict[str, Any]

DESCRIPTION = TranslationContextLocation.parameter_description

OTHERS = {locale.value for locale in Locale if language_of(locale.value) is not ENGLISH}
"""The locales that read a language other than English."""

LETTERS = {"sd", "hd"}
"""Choices that read the same in every language, as numbers do."""


async def translated(message: str, locale: Locale, location: TranslationContextLocation) -> str | None:
    """Translate as the library asks for it."""
    context = Mock(TranslationContext, location=location)
    return await CommandTranslator().translate(locale_str(message), locale, context)


def texts(node: Node, key: str) -> dict[str, str]:
    """Give a text in all languages in which it was registered, English under nothing."""
    return {"": node.get(key) or "", **(node.get(f"{key}_localizations") or {})}


def inner(node: Node) -> list[Node]:
    """Give the options of a command and the choices of an option."""
    return [*(node.get("options") or ()), *(node.get("choices") or ())]


def walk(node: Node) -> Iterator[Node]:
    """Give a command, its options and their choices."""
    yield node
    yield from chain.from_iterable(walk(one) for one in inner(node))


async def registered(bot: InProcessBot) -> list[Node]:
    """Give the commands as Discord is to be told of them, whether it takes them or not."""
    tree = cast("Animatic", bot.client).tree
    return [await command.get_translated_payload(tree, CommandTranslator()) for command in tree.get_commands()]


async def told(bot: InProcessBot) -> list[Node]:
    """Give all slash commands, their options and choices; menus have no description."""
    return [node for command in await registered(bot) if "description" in command for node in walk(command)]


@pytest.mark.parametrize("locale", list(Locale), ids=str)
async def test_descriptions_and_choices_are_told_where_a_locale_reads_another_language(locale: Locale) -> None:
    told = locale in (Locale.chinese, Locale.taiwan_chinese, Locale.vietnamese)
    catalogue = language_of(locale.value).catalogue
    description = catalogue.gettext("What should happen in the film") if told else None
    choice = catalogue.pgettext("motion", "high") if told else None
    assert await translated("What should happen in the film", locale, DESCRIPTION) == description
    assert await translated("high", locale, TranslationContextLocation.choice_name) == choice


@pytest.mark.parametrize("place", ["command_name", "group_name", "parameter_name"])
async def test_the_names_of_commands_and_options_stay(place: str) -> None:
    """Their words are translated elsewhere: as a choice, as a kind of job."""
    location = TranslationContextLocation[place]
    for name in ("low", "video", "loop"):
        assert [await translated(name, locale, location) for locale in Locale] == [None] * len(Locale)


@pytest.mark.parametrize("message", ["hd", "4", "…"])
async def test_what_is_the_same_in_a_language_is_not_told_twice(message: str) -> None:
    for location in (DESCRIPTION, TranslationContextLocation.choice_name):
        assert await translated(message, Locale.vietnamese, location) is None


async def test_every_command_and_option_is_described_in_every_language(bot: InProcessBot) -> None:
    described = [node for node in await told(bot) if "value" not in node]
    assert len(described) > 100
    assert [node["name"] for node in described if node.get("description_localizations", {}).keys() != OTHERS] == []


async def test_every_choice_has_a_name_and_english_has_none_of_its_own(bot: InProcessBot) -> None:
    offered = [node for node in await told(bot) if "value" in node]
    choices = {str(node["value"]) for node in offered}
    words = {choice for choice in choices if not choice.isdecimal()} - LETTERS
    assert {"low", "turbo", "default", "never"} <= words
    assert {choice: choice_name(choice) for choice in words} == {choice: choice for choice in words}
    assert [node for node in offered if node["name"] != str(node["value"])] == []


async def test_no_name_that_is_typed_is_registered_in_other_languages(bot: InProcessBot) -> None:
    named = [node for command in await registered(bot) for node in walk(command) if "value" not in node]
    assert [node["name"] for node in named if node.get("name_localizations")] == []


async def test_all_texts_are_within_discords_limits_in_every_language(bot: InProcessBot) -> None:
    for node in await told(bot):
        said = texts(node, "name" if "value" in node else "description")
        assert {language: text for language, text in said.items() if not 1 <= len(text) <= 100} == {}, node["name"]
        assert len(inner(node)) <= 25, node["name"]


async def test_the_choices_of_an_option_differ_in_every_language(bot: InProcessBot) -> None:
    for option in (node for node in await told(bot) if node.get("choices")):
        for language in ("", *OTHERS):
            names = [texts(choice, "name").get(language, choice["name"]) for choice in option["choices"]]
            assert len(set(names)) == len(names), (option["name"], language)


async def test_a_description_calls_a_choice_as_its_language_does(bot: InProcessBot) -> None:
    for option in (node for node in await told(bot) if node.get("choices")):
        for choice in option["choices"]:
            for language in choice.get("name_localizations", {}):
                said = option["description_localizations"][language]
                assert not re.search(rf"\b{choice['name']}\b", said, re.ASCII), (option["name"], language)


async def test_a_command_is_not_too_large_with_the_longest_of_its_texts(bot: InProcessBot) -> None:
    """As Discord counts: names, descriptions and values, each in the language where it is longest."""
    for command in await registered(bot):
        longest = [
            max(map(len, texts(node, key).values())) for node in walk(command) for key in ("name", "description")
        ]
        values = [len(str(node.get("value", ""))) for node in walk(command)]
        assert sum(longest) + sum(values) <= 8000, command["name"]
