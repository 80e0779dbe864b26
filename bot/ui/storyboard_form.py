"""The form of a storyboard: one field, a line for each shot; what it is about stands in a row that its id names."""

import re
from collections.abc import Mapping
from typing import Any

import discord
from discord.ui import Label, Modal, TextInput

from bot.domain.storyboard import MAX_LINES
from bot.ui.modal_fields import FORGOTTEN_SECONDS, read_fields
from bot.ui.text import storyboards as text

_FORM = re.compile(r"storyboard:(?P<storyboard>[0-9a-z]{1,32})")


def storyboard_form(storyboard_id: str, lines: str = "") -> Modal:
    """Make the form, with the `lines` in it that were typed before."""
    form = Modal(title=text.form_title(), custom_id=f"storyboard:{storyboard_id}", timeout=FORGOTTEN_SECONDS)
    field: TextInput[Any] = TextInput(
        custom_id="shots",
        style=discord.TextStyle.paragraph,
        default=lines[:MAX_LINES] or None,
        max_length=MAX_LINES,
        placeholder=text.lines_hint(),
    )
    form.add_item(Label(text=text.lines_label(), description=text.lines_note(), component=field))
    return form


def read_form(data: Mapping[str, Any]) -> tuple[str, str] | None:
    """Read which storyboard a sent form is of, and what was typed; None for one that is not ours."""
    about = _FORM.fullmatch(str(data.get("custom_id", "")))
    return (about["storyboard"], read_fields(data).get("shots", "")) if about else None
