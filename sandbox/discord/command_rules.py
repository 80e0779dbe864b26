"""What Discord wants of a command's texts in all its languages, and cannot be read from its description.

See docs/interactions/application-commands, Registering a Command and Localization.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sandbox.discord.commands import MESSAGE_COMMAND, USER_COMMAND
from sandbox.discord.components import Problems
from sandbox.discord.json_types import Json, as_object, as_objects
from sandbox.discord.openapi import api_description

MAX_SIZE = 8_000
"""Characters of a command with its options and choices; of a text in several languages the longest counts."""

MAX_CHOICE_VALUE = 100

LOCALIZED = ("name", "description")

_NAME = re.compile(r"[-_'\w]{1,32}")


def is_name(text: str) -> bool:
    """Tell whether a slash command or an option may be called so."""
    return _NAME.fullmatch(text) is not None and text == text.lower()


def check_languages(command: Json, path: str) -> Problems:
    """Return what is wrong with a command's texts and choices, by path."""
    problems: Problems = {}
    for where, node in _walk(command, path):
        in_menu = node is command and node.get("type") in (USER_COMMAND, MESSAGE_COMMAND)
        found = _check_node(node, named_freely=in_menu or "value" in node)
        problems.update({f"{where}.{inner}": sentence for inner, sentence in found.items()})
    if _size(command) > MAX_SIZE:
        problems[path] = f"Command exceeds maximum size ({MAX_SIZE})"
    return problems


def _check_node(node: Json, *, named_freely: bool) -> Problems:
    problems: Problems = {}
    for key in LOCALIZED:
        for locale, text in as_object(node.get(f"{key}_localizations")).items():
            if locale not in api_description().locales:
                problems[f"{key}_localizations.{locale}"] = f'Value "{locale}" is not a valid enum value.'
            elif key == "name" and not named_freely and not is_name(str(text)):
                problems[f"{key}_localizations.{locale}"] = "Command name is invalid"
    value = node.get("value")
    if isinstance(value, str) and len(value) > MAX_CHOICE_VALUE:
        problems["value"] = f"Must be {MAX_CHOICE_VALUE} or fewer in length."
    return problems


def without_languages(node: Json) -> Json:
    """Give a command as lists have it that were not asked for its languages."""
    kept = {key: value for key, value in node.items() if not key.endswith("_localizations")}
    for inner in ("options", "choices"):
        if inner in kept:
            kept[inner] = [without_languages(one) for one in as_objects(kept[inner])]
    return kept


def _walk(node: Json, path: str) -> Iterator[tuple[str, Json]]:
    yield path, node
    for inner in ("options", "choices"):
        for index, one in enumerate(as_objects(node.get(inner))):
            yield from _walk(one, f"{path}.{inner}.{index}")


def _size(command: Json) -> int:
    return sum(
        _longest(node, "name") + _longest(node, "description") + len(str(node.get("value", "")))
        for _, node in _walk(command, "")
    )


def _longest(node: Json, key: str) -> int:
    texts = [node.get(key) or "", *as_object(node.get(f"{key}_localizations")).values()]
    return max(len(str(text)) for text in texts)
