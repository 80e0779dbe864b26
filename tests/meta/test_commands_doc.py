"""docs/commands.md against the commands: each option, choice and description, the flags, the prices."""

import re
from collections.abc import Iterator
from importlib import import_module
from unittest.mock import Mock

import pytest
from discord import AppCommandOptionType, app_commands
from discord.ext import commands

from bot.domain.credits import Prices
from bot.domain.job import Kind
from bot.domain.params import JobParams
from bot.domain.prompts import IMAGE_FLAGS
from cogs.animate import AnimateCog
from cogs.owner import OwnerCog
from cogs.who import WhoCog
from tests.meta.code_names import modules_of
from tests.meta.documents import prose, rows, section

DOCUMENT = "docs/commands.md"

VALUES = {
    AppCommandOptionType.string: "text",
    AppCommandOptionType.integer: "a number",
    AppCommandOptionType.boolean: "true or false",
    AppCommandOptionType.attachment: "a file",
    AppCommandOptionType.user: "a member",
    AppCommandOptionType.mentionable: "a member or a role",
}
"""How the document names what Discord lets people enter."""


def slash_commands() -> Iterator[app_commands.Command[commands.Cog, ..., None]]:
    """Give every slash command of every cog, those of groups under their full names."""
    for module in modules_of("cogs"):
        for found in vars(import_module(module)).values():
            if isinstance(found, type) and issubclass(found, commands.Cog) and found.__module__ == module:
                yield from (one for one in found.__cog_app_commands__ if isinstance(one, app_commands.Command))


def name_of(command: app_commands.Command[commands.Cog, ..., None]) -> str:
    """Write a command as people type it."""
    cog = command.callback.__qualname__.partition(".")[0]
    group = getattr(import_module(command.module or ""), cog)
    prefix = f"{group.__cog_group_name__} " if issubclass(group, commands.GroupCog) else ""
    return f"/{prefix}{command.name}"


COMMANDS = {name_of(command): command for command in slash_commands()}


def row_of(option: app_commands.Parameter) -> list[str]:
    """Write an option as the document does."""
    choices = ", ".join(f"`{choice.value}`" for choice in option.choices)
    name = f"`{option.display_name}`"
    return [f"{name} (needed)" if option.required else name, choices or VALUES[option.type], str(option.description)]


def test_every_command_is_listed_once_and_nothing_else_is() -> None:
    headings = re.findall(r"^#### `(/.+)`$", prose(DOCUMENT), re.MULTILINE)
    assert sorted(headings) == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_described_with_all_its_options(name: str) -> None:
    listed = section(DOCUMENT, f"#### `{name}`")
    assert listed.strip().startswith(f"{COMMANDS[name].description}.")
    assert rows(listed) == [row_of(option) for option in COMMANDS[name].parameters]


def test_the_owners_words_and_the_menu_are_named() -> None:
    text = " ".join(prose(DOCUMENT).split())
    assert {f"@bot {command.name}" for command in OwnerCog.__cog_commands__} <= set(re.findall(r"@bot \w+", text))
    for menu in (AnimateCog(*[Mock()] * 6).menu, WhoCog(Mock()).menu):
        assert f"*{menu.name}*" in text


def test_the_flags_that_stay_in_an_images_prompt_are_listed() -> None:
    listed = prose(DOCUMENT).partition("<!-- flags -->\n")[2].partition("\n\n")[0]
    assert sorted(re.findall(r"`--(\w+)(?: raw)?`", listed)) == sorted(IMAGE_FLAGS)


def test_each_command_for_images_has_its_price() -> None:
    priced = re.findall(r"^\| `/(\w+)` \| [^|]+ \| (\d+) \|$", prose(DOCUMENT), re.MULTILINE)
    of_images = set(Kind) - {Kind.VIDEO, Kind.EXTEND, Kind.ACTION}
    assert {name: int(price) for name, price in priced} == {
        str(kind): Prices().job(kind, JobParams(prompt="", clips=4)) for kind in of_images
    }
