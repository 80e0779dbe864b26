"""Each button reads back from its custom_id what it was made for, and hands that over when it is clicked."""

import re
from collections.abc import AsyncGenerator
from typing import Any

import discord
import pytest
from discord.ui import Button, DynamicItem

from bot.domain.image_actions import ACTIONS
from bot.domain.job import Kind
from bot.domain.params import Motion
from bot.ui.buttons import (
    BUTTONS,
    ActionButton,
    AgainButton,
    AnimateButton,
    AnimateClick,
    CancelButton,
    DiscardButton,
    EditButton,
    ExtendButton,
    ExtendClick,
    ImagineButton,
    RedrawButton,
)
from bot.ui.film_button import FilmButton
from bot.ui.text import buttons as text

JOB = "1jd8x3k2m9f4qz"

MADE: list[tuple[str, DynamicItem[Button[Any]], str]] = [
    (f"extend:{JOB}:1:low", ExtendButton(ExtendClick(JOB, 0, Motion.LOW)), "1"),
    (f"extend:{JOB}:4:high", ExtendButton(ExtendClick(JOB, 3, Motion.HIGH)), "4"),
    (f"extend:{JOB}:2:none", ExtendButton(ExtendClick(JOB, 1, None)), "2"),
    (f"animate:{JOB}:3:low", AnimateButton(AnimateClick(JOB, 3, Motion.LOW)), "3"),
    (f"animate:{JOB}:1:none", AnimateButton(AnimateClick(JOB, 1, None)), "1"),
    (f"film:{JOB}", FilmButton(JOB), "The film so far"),
    (f"film:{JOB}:2", FilmButton(JOB, 1), "2"),
    (f"cancel:{JOB}", CancelButton(JOB), "Cancel"),
    (f"again:{JOB}:8:8", AgainButton(JOB, (8, 8)), "Try again, 8 credits"),
    (f"again:{JOB}:4:8", AgainButton(JOB, (4, 8)), "Try again, from 4 credits"),
    (f"edit:{JOB}", EditButton(JOB), "Edit and run again"),
    (f"edit:{JOB}", EditButton(JOB, Kind.ACTION), "Edit and draw four new pictures"),
    (f"act:{JOB}:upsample2", ActionButton(JOB, "upsample2"), "U2"),
    (f"act:{JOB}:redo_upscale4", ActionButton(JOB, "redo_upscale4"), "Redo 4x"),
    (f"imagine:{JOB}:4", ImagineButton(JOB, 4), "Imagine 4"),
    (f"region:{JOB}", RedrawButton(JOB, 1), "Redraw, 1 credit"),
    (f"discard:{JOB}", DiscardButton(JOB), "Discard"),
]

KINDS = (*BUTTONS, FilmButton)

NOBODYS = (
    "",
    "extend",
    f"extend:{JOB}",
    f"extend:{JOB}:0:low",
    f"extend:{JOB}:10:low",
    f"extend:{JOB}:1:fast",
    f"extend:{JOB}:1:low:more",
    f"extend:{JOB.upper()}:1:low",
    f"film:{JOB}:0",
    f"film:{JOB}:",
    f"film:{JOB}:1:2",
    f"cancel:{'z' * 33}",
    "cancel:",
    "again:",
    f"again:{JOB}:8",
    f"again:{JOB}:8:",
    f"again:{JOB}:8:{'9' * 10}",
    f"edit:{JOB}:1",
    f"cancel:{JOB} ",
    f"act:{JOB}:Explode",
    f"act:{JOB}:",
    f"imagine:{JOB}:0",
    f"animate:{JOB}:1:none\n",
    f"discard:{JOB}:1",
)


def button_for(custom_id: str) -> tuple[type[DynamicItem[Button[Any]]], re.Match[str]] | None:
    """Find a button as discord.py does: the whole custom_id must match."""
    found = [(kind, match) for kind in KINDS if (match := kind.__discord_ui_compiled_template__.fullmatch(custom_id))]
    assert len(found) <= 1, "two buttons would answer to one click"
    return found[0] if found else None


@pytest.mark.parametrize(("custom_id", "made", "label"), MADE, ids=[custom_id for custom_id, _, _ in MADE])
async def test_a_button_is_read_back_from_its_custom_id(
    custom_id: str, made: DynamicItem[Button[Any]], label: str, interaction: discord.Interaction
) -> None:
    assert (made.item.custom_id, made.item.label) == (custom_id, label)
    found = button_for(custom_id)
    assert found is not None
    kind, match = found
    assert isinstance(made, kind)
    again = await kind.from_custom_id(interaction, made.item, match)
    assert again.item.custom_id == custom_id


@pytest.mark.parametrize("custom_id", NOBODYS, ids=repr)
def test_a_custom_id_of_another_form_is_nobodys(custom_id: str) -> None:
    assert button_for(custom_id) is None


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_that_a_result_can_name_has_a_button(action: str) -> None:
    assert button_for(f"act:{JOB}:{action}") is not None
    assert ActionButton(JOB, action).item.label == text.action(action)


def test_an_action_of_a_later_version_still_has_a_label() -> None:
    assert ActionButton(JOB, "explode").item.label == "explode"


@pytest.fixture
async def interaction() -> AsyncGenerator[discord.Interaction]:
    """Build a click from its payload, at a client that is connected to nothing."""
    client = discord.Client(intents=discord.Intents.none())
    payload: Any = {
        "id": "1",
        "type": 3,
        "token": "token",
        "version": 1,
        "application_id": "2",
        "user": {"id": "3", "username": "mira", "discriminator": "0", "avatar": None, "global_name": None},
        "data": {"component_type": 2, "custom_id": f"cancel:{JOB}"},
        "entitlements": [],
        "authorizing_integration_owners": {},
        "attachment_size_limit": 10 * 2**20,
    }
    async with client:
        yield discord.Interaction(data=payload, state=client._connection)  # pyright: ignore[reportPrivateUsage]  # there is no other way to build one
