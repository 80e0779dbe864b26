"""The table of what each provider can do, in docs/commands.md: it says what the constants behind commands say."""

import re
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from discord import app_commands

from bot.providers.base import Provider
from bot.providers.capabilities import Capabilities
from bot.providers.registry import PROVIDERS
from cogs.extend import ExtendCog
from cogs.video import VideoCog
from tests.meta.source_tree import read
from tests.unit.providers.fake_vendor import Vendor

Reading = Callable[[Capabilities], str]


def words(value: bool | tuple[object, ...]) -> str:
    """Write a capability as the table does."""
    if isinstance(value, tuple):
        return ", ".join(str(word) for word in value) or "no"
    return "yes" if value else "no"


def numbers(batches: tuple[int, ...]) -> str:
    return f"always {batches[0]}" if len(batches) == 1 else words(batches)


def simply(name: str) -> Reading:
    return lambda able: words(getattr(able, name))


def or_last_frame(name: str) -> Reading:
    """Read what else is done by a video that starts at the clip's last frame."""
    return lambda able: "yes" if getattr(able, name) else "from the last frame"


ROWS: dict[str, tuple[str, Reading]] = {
    "`motion`": ("motions", simply("motions")),
    "`resolution`": ("resolutions", simply("resolutions")),
    "`clips`": ("clip_counts", lambda able: numbers(able.clip_counts)),
    "`speed`": ("speeds", simply("speeds")),
    "`loop`": ("loop", simply("loop")),
    "`end_image`": ("end_image", simply("end_image")),
    "`source`: an image of its own": ("provider_images", simply("provider_images")),
    "`animate`": ("prompt_modes", simply("prompt_modes")),
    "extends": ("extend", or_last_frame("extend")),
    "`/extend motion`": ("extend_motions", lambda able: words(able.extend_motions if able.extend else able.motions)),
    "`/extend prompt`": ("extend_prompt", or_last_frame("extend_prompt")),
    "`/extend clips`": ("clip_counts", lambda able: numbers(able.clip_counts)),
    "`/extend animate`": ("extend_prompt_modes", simply("extend_prompt_modes")),
    "an extend needs the first image again": ("extend_needs_image", simply("extend_needs_image")),
    "`/imagine translate`": ("translate", simply("translate")),
    "tells the progress": ("progress", simply("progress")),
    "calls back when a job ends": ("callbacks", simply("callbacks")),
    "repeats our mark when asked for a job": ("echoes_callback", simply("echoes_callback")),
    "lists its jobs, so that a lost one can be found": ("can_list_jobs", simply("can_list_jobs")),
}
"""Each row of the table: the capability that it is about, and how it reads."""


def providers() -> list[Provider]:
    """Give all providers in their usual order."""
    return [Vendor({}, make=make).provider for make in PROVIDERS]


def table() -> list[list[str]]:
    """Read the document's table: its head, then its rows."""
    found = re.search(r"<!-- capabilities -->\n((?:\|.*\|\n)+)", read("docs/commands.md"))
    assert found
    head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in found[1].splitlines()]
    return [head, *rows]


def parameters_of(group: Any, command: str) -> list[app_commands.Parameter]:
    (found,) = (one for one in group.__cog_app_commands__ if one.name == command)
    assert isinstance(found, app_commands.Command)
    return found.parameters


def options_of(group: Any, command: str) -> set[str]:
    return {option.name for option in parameters_of(group, command)}


def test_the_table_says_what_the_constants_say() -> None:
    everyone = providers()
    expected = [[label, *(read_as(one.capabilities) for one in everyone)] for label, (_, read_as) in ROWS.items()]
    images = ["makes images", *(words(one.images is not None) for one in everyone)]
    assert table() == [["", *(one.title for one in everyone)], *expected, images]


def test_no_capability_is_left_out_of_the_table() -> None:
    assert {capability for capability, _ in ROWS.values()} == {field.name for field in fields(Capabilities)}


def test_the_table_has_a_row_for_each_option_that_depends_on_the_provider() -> None:
    labels = " ".join(ROWS)
    video, extend = re.findall(r"`(\w+)`", labels), re.findall(r"`/extend (\w+)`", labels)
    assert {*video, "prompt", "image", "provider", "preset", "spoiler"} == options_of(VideoCog, "video")
    assert {*extend, "job", "clip", "spoiler"} == options_of(ExtendCog, "extend")


@pytest.mark.parametrize(
    ("group", "command", "option", "capability"),
    [
        (VideoCog, "video", "motion", "motions"),
        (VideoCog, "video", "resolution", "resolutions"),
        (VideoCog, "video", "clips", "clip_counts"),
        (VideoCog, "video", "speed", "speeds"),
        (VideoCog, "video", "animate", "prompt_modes"),
        (ExtendCog, "extend", "motion", "extend_motions"),
        (ExtendCog, "extend", "clips", "clip_counts"),
        (ExtendCog, "extend", "animate", "extend_prompt_modes"),
    ],
)
def test_an_option_offers_what_some_provider_has_and_nothing_else(
    group: Any, command: str, option: str, capability: str
) -> None:
    """Those that are switched off count too: the menu stays as it is, and what nobody here has is refused by name."""
    (menu,) = (one for one in parameters_of(group, command) if one.name == option)
    had = {str(word) for one in providers() for word in getattr(one.capabilities, capability)}
    assert {str(choice.value) for choice in menu.choices} == had


def test_a_provider_without_an_extend_offers_nothing_for_one() -> None:
    for one in providers():
        able = one.capabilities
        offered = (able.extend_motions, able.extend_prompt_modes, able.extend_prompt, able.extend_needs_image)
        assert able.extend or not any(offered)
