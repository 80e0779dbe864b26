"""The rules that Discord's form validation has for modals (docs/components/reference, from Text Input to Checkbox)."""

from __future__ import annotations

from sandbox.discord.components import (
    ACTION_ROW,
    CHECKBOX,
    CHECKBOX_GROUP,
    LABEL,
    MAX_CUSTOM_ID,
    RADIO_GROUP,
    TEXT_DISPLAY,
    TEXT_INPUT,
    Problems,
    check_options,
    check_unique_ids,
    children,
    walk,
)
from sandbox.discord.json_types import Json, as_int, as_objects
from sandbox.discord.modals import MAX_TEXT_INPUT, PARAGRAPH

MAX_FIELDS = 5
MAX_LABEL = 45


def check_modal(modal: Json) -> Problems:
    """Return what is wrong with a modal, by path."""
    problems: Problems = {}
    if not 1 <= len(str(modal.get("title") or "")) <= MAX_LABEL:
        problems["title"] = f"Must be between 1 and {MAX_LABEL} in length."
    if not 1 <= len(str(modal.get("custom_id") or "")) <= MAX_CUSTOM_ID:
        problems["custom_id"] = f"Must be between 1 and {MAX_CUSTOM_ID} in length."
    components = as_objects(modal.get("components"))
    if not 1 <= len(components) <= MAX_FIELDS:
        problems["components"] = f"Must be between 1 and {MAX_FIELDS} in length."
    for index, top in enumerate(components):
        problems.update({f"components.{index}{path}": sentence for path, sentence in _check_top(top).items()})
    problems.update(check_unique_ids(list(walk(components))))
    return problems


def _check_top(top: Json) -> Problems:
    kind = as_int(top.get("type"))
    fields = list(children(top))
    if kind == TEXT_DISPLAY:
        return {}
    if kind == LABEL and len(fields) == 1:
        problems = _check_label(top, ".label")
    elif kind == ACTION_ROW and [field.get("type") for _, field in fields] == [TEXT_INPUT]:
        problems = _check_label(fields[0][1], f".{fields[0][0]}.label")
    else:
        return {"": f"Component type {kind} with {len(fields)} fields cannot be used here."}
    for path, field in fields:
        problems.update({f".{path}.{key}": sentence for key, sentence in _check_field(field).items()})
    return problems


def _check_label(holder: Json, path: str) -> Problems:
    if 1 <= len(str(holder.get("label") or "")) <= MAX_LABEL:
        return {}
    return {path: f"Must be between 1 and {MAX_LABEL} in length."}


def _check_field(field: Json) -> Problems:
    kind = as_int(field.get("type"))
    problems: Problems = {}
    if not 1 <= len(str(field.get("custom_id") or "")) <= MAX_CUSTOM_ID:
        problems["custom_id"] = f"Must be between 1 and {MAX_CUSTOM_ID} in length."
    if field.get("disabled"):
        problems["disabled"] = "Modals have no disabled components."
    if kind == TEXT_INPUT:
        problems.update(_check_text_input(field))
    elif kind == RADIO_GROUP:
        problems.update(check_options(field, most=1))
    elif kind != CHECKBOX:
        problems.update(_check_count(field, kind))
    return problems


def _check_text_input(field: Json) -> Problems:
    """A value of several lines in a short input is refused (discord-net/Discord.Net#2789)."""
    problems: Problems = {}
    value = str(field.get("value") or "")
    low, high = field.get("min_length") or 0, field.get("max_length") or MAX_TEXT_INPUT
    if low > high:
        problems["min_length"] = "Must not be above max_length."
    if len(value) > high or (value and len(value) < low):
        problems["value"] = f"Must be between {low} and {high} in length."
    elif "\n" in value and field.get("style") != PARAGRAPH:
        problems["value"] = "Component validation failed: a short input holds one line."
    return problems


def _check_count(field: Json, kind: int) -> Problems:
    low, options = field.get("min_values"), as_objects(field.get("options"))
    high: int = field.get("max_values") or (len(options) if kind == CHECKBOX_GROUP else 1)
    problems = check_options(field, most=high)
    if low == 0 and field.get("required") is not False:
        problems["min_values"] = "Must be at least 1 where the field is required."
    elif low and low > (min(high, len(options)) if options else high):
        problems["min_values"] = "Must not be above max_values, nor above the number of options."
    return problems
