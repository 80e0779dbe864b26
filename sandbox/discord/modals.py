"""What a person sees of an opened modal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sandbox.discord.components import (
    CHECKBOX,
    CHECKBOX_GROUP,
    FILE_UPLOAD,
    LABEL,
    RADIO_GROUP,
    STRING_SELECT,
    TEXT_DISPLAY,
    TEXT_INPUT,
    children,
)
from sandbox.discord.json_types import Json, as_int, as_objects

Kind = Literal[
    "text",
    "paragraph",
    "select",
    "users",
    "roles",
    "mentionables",
    "channels",
    "files",
    "radio",
    "checkboxes",
    "checkbox",
]
Prefilled = str | list[str] | bool | None

PARAGRAPH = 2
MAX_TEXT_INPUT = 4000

_KINDS: dict[int, Kind] = {
    TEXT_INPUT: "text",
    STRING_SELECT: "select",
    5: "users",
    6: "roles",
    7: "mentionables",
    8: "channels",
    FILE_UPLOAD: "files",
    RADIO_GROUP: "radio",
    CHECKBOX_GROUP: "checkboxes",
    CHECKBOX: "checkbox",
}


@dataclass(frozen=True)
class Choice:
    """An option of a select, a radio group or a checkbox group."""

    label: str
    value: str
    description: str
    default: bool


@dataclass(frozen=True)
class Field:
    """A field of a modal; `low` and `high` count characters of a text, and values of everything else.

    `value` is what is filled in before the person does anything: a text, the values or ids of a list, the value of
    a radio group or None, the state of a checkbox.
    """

    custom_id: str
    kind: Kind
    label: str
    description: str
    placeholder: str
    required: bool
    value: Prefilled
    choices: tuple[Choice, ...]
    low: int
    high: int


@dataclass(frozen=True)
class Modal:
    """An opened modal; `texts` stand between its fields, `body` is what the bot sent with Discord's ids in it."""

    title: str
    custom_id: str
    fields: tuple[Field, ...]
    texts: tuple[str, ...]
    body: Json

    def __getitem__(self, custom_id: str) -> Field:
        """Return the field of that custom_id; KeyError names those that there are."""
        for field in self.fields:
            if field.custom_id == custom_id:
                return field
        raise KeyError(f"{custom_id!r} is not among {[field.custom_id for field in self.fields]}")


def parse_modal(body: Json) -> Modal:
    """Read a modal that Discord has accepted."""
    tops = as_objects(body["components"])
    return Modal(
        title=str(body["title"]),
        custom_id=str(body["custom_id"]),
        fields=tuple(_field(top, child) for top in tops for _, child in children(top)),
        texts=tuple(str(top["content"]) for top in tops if top["type"] == TEXT_DISPLAY),
        body=body,
    )


def _field(top: Json, component: Json) -> Field:
    type_ = as_int(component["type"])
    kind = "paragraph" if type_ == TEXT_INPUT and component.get("style") == PARAGRAPH else _KINDS[type_]
    choices = tuple(_choice(option) for option in as_objects(component.get("options")))
    required = type_ != CHECKBOX and component.get("required") is not False
    low, high = _limits(component, type_, required=required, choices=len(choices))
    return Field(
        custom_id=str(component["custom_id"]),
        kind=kind,
        label=str((top if top["type"] == LABEL else component).get("label") or ""),
        description=str(top.get("description") or ""),
        placeholder=str(component.get("placeholder") or ""),
        required=required,
        value=_prefilled(component, type_, choices),
        choices=choices,
        low=low,
        high=high,
    )


def _choice(option: Json) -> Choice:
    return Choice(
        label=str(option["label"]),
        value=str(option["value"]),
        description=str(option.get("description") or ""),
        default=bool(option.get("default")),
    )


def _limits(component: Json, type_: int, *, required: bool, choices: int) -> tuple[int, int]:
    if type_ == TEXT_INPUT:
        return component.get("min_length") or int(required), component.get("max_length") or MAX_TEXT_INPUT
    if type_ in (RADIO_GROUP, CHECKBOX):
        return int(required), 1
    low, high = component.get("min_values"), component.get("max_values")
    return 1 if low is None else low, high or (choices if type_ == CHECKBOX_GROUP else 1)


def _prefilled(component: Json, type_: int, choices: tuple[Choice, ...]) -> Prefilled:
    defaults = [choice.value for choice in choices if choice.default]
    if type_ == TEXT_INPUT:
        return str(component.get("value") or "")
    if type_ == CHECKBOX:
        return bool(component.get("default"))
    if type_ == RADIO_GROUP:
        return defaults[0] if defaults else None
    return defaults or [str(default["id"]) for default in as_objects(component.get("default_values"))]
