"""Filling in a modal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .components import ACTION_ROW, FILE_UPLOAD, LABEL, STRING_SELECT, TEXT_DISPLAY, TEXT_INPUT
from .errors import NotOffered
from .files import StoredFile
from .wire import Json, as_list, as_object, as_objects

if TYPE_CHECKING:
    from .world import World

RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 21, 22, 23


def filled_in(world: World, modal: Json, values: dict[str, Any], *, force: bool) -> Json:
    """Write a modal submit's data from values by custom_id: a text, a list of values or files, a truth.

    Raises NotOffered for what the modal does not let a person enter, unless `force`.
    """
    fields = list(_fields(modal))
    known = {field.get("custom_id") for field in fields}
    if not force and (unknown := set(values) - known):
        raise NotOffered(f"the modal has no fields {sorted(unknown)}; it has {sorted(str(name) for name in known)}")
    resolved: dict[str, Json] = {}
    for field in fields:
        for file in _files(values.get(str(field.get("custom_id")))):
            resolved.setdefault("attachments", {})[str(file.id)] = world.files.to_json(file)
    data: Json = {
        "custom_id": modal["custom_id"],
        "components": [_answered(top, values, force) for top in as_objects(modal["components"])],
    }
    if resolved:
        data["resolved"] = resolved
    return data


def _fields(modal: Json) -> list[Json]:
    tops = as_objects(modal["components"])
    labelled = [as_object(top.get("component")) for top in tops if top.get("type") == LABEL]
    return labelled + [
        field for top in tops if top.get("type") == ACTION_ROW for field in as_objects(top["components"])
    ]


def _files(value: Any) -> list[StoredFile]:
    return [item for item in _as_values(value) if isinstance(item, StoredFile)]


def _as_values(value: Any) -> list[Any]:
    if value is None or value == []:
        return []
    return as_list(value) or [value]


def _answered(top: Json, values: dict[str, Any], force: bool) -> Json:
    body: Json = {"type": top["type"], "id": top["id"]}
    if top["type"] == LABEL:
        body["component"] = _answer(as_object(top["component"]), values, force)
    elif top["type"] != TEXT_DISPLAY:
        body["components"] = [_answer(field, values, force) for field in as_objects(top["components"])]
    return body


def _answer(field: Json, values: dict[str, Any], force: bool) -> Json:
    name, kind = str(field.get("custom_id")), field["type"]
    value = values.get(name, field.get("value"))
    body: Json = {"type": kind, "id": field["id"], "custom_id": name}
    if kind == TEXT_INPUT:
        text = str(value or "")
        if not force:
            _check_text(field, text)
        return {**body, "value": text}
    if kind in (RADIO_GROUP, CHECKBOX):
        return {**body, "value": value}
    chosen = _as_values(value)
    if not force:
        _check_count(field, chosen)
    if kind == FILE_UPLOAD:
        return {**body, "values": [str(file.id) for file in _files(chosen)]}
    return {**body, "values": [str(getattr(item, "id", item)) for item in chosen]}


def _check_text(field: Json, text: str) -> None:
    low = field.get("min_length") or (1 if field.get("required", True) else 0)
    if not text and not field.get("required", True):
        return
    if not low <= len(text) <= (field.get("max_length") or 4000):
        raise NotOffered(f"the field {field['custom_id']!r} takes {low} to {field.get('max_length')} characters")


def _check_count(field: Json, chosen: list[Any]) -> None:
    name = field["custom_id"]
    low, high = field.get("min_values", 1), field.get("max_values", 1)
    if not chosen and not field.get("required", True):
        return
    if not low <= len(chosen) <= high:
        raise NotOffered(f"the field {name!r} takes {low} to {high} values, not {len(chosen)}")
    options: list[Json] = field.get("options") or []
    if field["type"] in (STRING_SELECT, CHECKBOX_GROUP) and {str(item) for item in chosen} - {
        o["value"] for o in options
    }:
        raise NotOffered(f"the field {name!r} does not offer {chosen}")
