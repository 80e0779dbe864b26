"""Filling in a modal, within what it lets a person enter."""

from __future__ import annotations

from typing import Any

from sandbox.discord.components import (
    CHECKBOX,
    LABEL,
    RADIO_GROUP,
    TEXT_DISPLAY,
    TEXT_INPUT,
    children,
)
from sandbox.discord.errors import NotOffered, comma_list, describe_range
from sandbox.discord.guild_members import GuildMembers
from sandbox.discord.json_types import Json, as_list, as_objects
from sandbox.discord.modals import Field, Modal
from sandbox.discord.option_input import (
    ATTACHMENT,
    CHANNEL,
    MENTIONABLE,
    ROLE,
    USER,
    accepts,
    add_resolved,
)
from sandbox.discord.world_state import WorldState
from sandbox.sentences import t

_ENTITIES = {"users": USER, "roles": ROLE, "mentionables": MENTIONABLE, "channels": CHANNEL, "files": ATTACHMENT}
"""Kinds of fields whose values are things with an id, as the kinds of options that take the same things."""


def fill_modal(
    world: WorldState, guild: GuildMembers | None, modal: Modal, values: dict[str, Any], *, force: bool
) -> Json:
    """Write a modal submit's data; a field that is not named keeps what it was prefilled with, None empties it.

    Raises NotOffered for what the modal does not let a person enter, unless `force`.
    """
    if not force:
        _check_names(modal, values)
    entered: dict[str, Any] = {}
    resolved: dict[str, Json] = {}
    for field in modal.fields:
        value = values.get(field.custom_id, _untouched_value(world, guild, field))
        if not force:
            _check(field, value)
        for item in _as_values(value):
            add_resolved(world, guild, resolved, item)
        entered[field.custom_id] = value
    data: Json = {
        "custom_id": modal.custom_id,
        "components": [_component_json(top, entered) for top in as_objects(modal.body["components"])],
    }
    if resolved:
        data["resolved"] = resolved
    return data


def _check_names(modal: Modal, values: dict[str, Any]) -> None:
    known = [field.custom_id for field in modal.fields]
    if unknown := sorted(set(values) - set(known)):
        raise NotOffered(
            t("This form has no field {unknown}; it has {known}.", unknown=comma_list(unknown), known=comma_list(known))
        )


def _untouched_value(world: WorldState, guild: GuildMembers | None, field: Field) -> Any:
    """What the field is sent with when nobody touches it: default ids stand for the things themselves."""
    if field.kind not in _ENTITIES:
        return field.value
    here: dict[int, Any] = {
        **world.users,
        **world.channels,
        **{role.id: role for role in (guild.roles if guild else [])},
    }
    return [here[int(id_)] for id_ in as_list(field.value) if int(id_) in here]


def _as_values(value: Any) -> list[Any]:
    if value is None or value == "" or value == []:
        return []
    return as_list(value) or [value]


def _component_json(top: Json, entered: dict[str, Any]) -> Json:
    """Write one top-level component of the submission (docs/interactions, Component Interaction Response)."""
    body: Json = {"type": top["type"], "id": top["id"]}
    if top["type"] == TEXT_DISPLAY:
        return body
    answers = [_field_json(field, entered[str(field["custom_id"])]) for _, field in children(top)]
    return {**body, "component": answers[0]} if top["type"] == LABEL else {**body, "components": answers}


def _field_json(field: Json, value: Any) -> Json:
    body: Json = {"type": field["type"], "id": field["id"], "custom_id": field["custom_id"]}
    if field["type"] == TEXT_INPUT:
        return {**body, "value": "" if value is None else str(value)}
    if field["type"] == CHECKBOX:
        return {**body, "value": bool(value)}
    if field["type"] == RADIO_GROUP:
        return {**body, "value": value or None}
    return {**body, "values": [str(getattr(item, "id", item)) for item in _as_values(value)]}


def _check(field: Field, value: Any) -> None:
    if field.kind in ("text", "paragraph"):
        _check_text(field, "" if value is None else value)
    elif field.kind == "checkbox":
        if not isinstance(value, bool):
            raise NotOffered(t("The field {field} is ticked or not, and takes nothing else.", field=field.label))
    else:
        _check_values(field, _as_values(value))


def _check_text(field: Field, text: Any) -> None:
    if not isinstance(text, str):
        raise NotOffered(t("The field {field} takes a text, and nothing else.", field=field.label))
    if field.kind == "text" and "\n" in text:
        raise NotOffered(t("The field {field} takes one line.", field=field.label))
    if text or field.required:
        _check_limits(field, len(text), "characters")


def _check_values(field: Field, values: list[Any]) -> None:
    for value in values:
        if not _offers(field, value):
            raise NotOffered(t("The field {field} does not offer {value}.", field=field.label, value=str(value)))
    if len(values) != len({getattr(value, "id", value) for value in values}):
        raise NotOffered(t("The field {field} takes each value once.", field=field.label))
    if values or field.required:
        _check_limits(field, len(values), "values")


def _offers(field: Field, value: Any) -> bool:
    if field.kind in _ENTITIES:
        return accepts(_ENTITIES[field.kind], value)
    return isinstance(value, str) and value in [choice.value for choice in field.choices]


def _check_limits(field: Field, count: int, unit: str) -> None:
    if not field.low <= count <= field.high:
        raise NotOffered(
            t(
                "The field {field} takes {range}, not {count}.",
                field=field.label,
                range=describe_range(field.low, field.high, unit),
                count=str(count),
            )
        )
