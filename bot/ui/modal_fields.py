"""The fields that modals are made of, and what they hold once they are sent."""

from collections.abc import Mapping
from typing import Any, cast

import discord
from discord.ui import Label, Select, TextInput

from bot.domain.params import MAX_PROMPT

FORGOTTEN_SECONDS = 600.0
"""How long discord.py remembers an open form; it is of no use to us, for what is sent is read from the payload."""

CHOICES = 25
"""How many choices Discord lets a menu have."""


def prompt_field(
    name: str, hint: str, prompt: str = "", note: str | None = None, *, required: bool = True
) -> Label[Any]:
    """Make the field for a prompt, with what may stand in it already."""
    words: TextInput[Any] = TextInput(
        custom_id="prompt",
        style=discord.TextStyle.paragraph,
        default=prompt[:MAX_PROMPT] or None,
        max_length=MAX_PROMPT,
        required=required,
        placeholder=hint,
    )
    return Label(text=name, description=note, component=words)


def choice(custom_id: str, name: str, options: Mapping[str, str], note: str | None = None) -> Label[Any]:
    """Make a choice, the first of which is set."""
    choices = [
        discord.SelectOption(label=label, value=value, default=place == 0)
        for place, (value, label) in enumerate(options.items())
    ]
    select: Select[Any] = Select(custom_id=custom_id, options=choices, required=True)
    return Label(text=name, description=note, component=select)


def with_first(options: Mapping[str, str], value: str) -> dict[str, str]:
    """Put the choice that was made before first, if it is still one: that one is set."""
    return {**({value: options[value]} if value in options else {}), **options}


def read_fields(data: Mapping[str, Any]) -> dict[str, str]:
    """Read the values of all fields of a sent modal, however deep they stand; of several choices the first."""
    return dict(_values(data.get("components")))


def _values(components: object) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for component in cast("list[Any]", components) if isinstance(components, list) else []:
        if not isinstance(component, dict):
            continue
        field = cast("dict[str, Any]", component)
        name, value, values = field.get("custom_id"), field.get("value"), field.get("values")
        if isinstance(values, list) and values:
            value = cast("list[Any]", values)[0]
        if isinstance(name, str) and isinstance(value, str):
            found.append((name, value))
        found += _values(field.get("components")) + _values([field.get("component")])
    return found


def read_choices(data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Read the values of all fields of a sent modal, every choice of each; a text is the one value of its field."""
    return dict(_choices(data.get("components")))


def _choices(components: object) -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = []
    for component in cast("list[Any]", components) if isinstance(components, list) else []:
        if not isinstance(component, dict):
            continue
        field = cast("dict[str, Any]", component)
        name, value, values = field.get("custom_id"), field.get("value"), field.get("values")
        held = cast("list[Any]", values) if isinstance(values, list) else [value]
        if isinstance(name, str):
            found.append((name, tuple(one for one in held if isinstance(one, str))))
        found += _choices(field.get("components")) + _choices([field.get("component")])
    return found
