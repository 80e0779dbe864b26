"""What a person's Discord client lets them put into a command's options."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.discord.accounts import Account
from sandbox.discord.errors import NotOffered, comma_list, describe_range
from sandbox.discord.files import StoredFile
from sandbox.discord.guild_members import GuildMembers, Role
from sandbox.discord.json_types import Json
from sandbox.discord.messages import Channel
from sandbox.discord.world_context import WorldContext
from sandbox.sentences import t

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = 3, 4, 5, 6, 7, 8, 9, 10, 11

_ACCEPTED_TYPES: dict[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    USER: (Account,),
    CHANNEL: (Channel,),
    ROLE: (Role,),
    MENTIONABLE: (Account, Role),
    NUMBER: (int, float),
    ATTACHMENT: (StoredFile,),
}
_DESCRIPTIONS = {
    STRING: t("a text"),
    INTEGER: t("a whole number"),
    BOOLEAN: t("true or false"),
    USER: t("a person"),
    CHANNEL: t("a channel"),
    ROLE: t("a role"),
    MENTIONABLE: t("a person or a role"),
    NUMBER: t("a number"),
    ATTACHMENT: t("a file"),
}
_TYPE_GUESSES = (
    (BOOLEAN, bool),
    (INTEGER, int),
    (NUMBER, float),
    (USER, Account),
    (ROLE, Role),
    (ATTACHMENT, StoredFile),
)


@dataclass
class FilledOptions:
    """Options and resolved objects as an interaction carries them."""

    options: list[Json] = field(default_factory=list[Json])
    resolved: dict[str, Json] = field(default_factory=dict[str, Json])


def fill_options(
    world: WorldContext,
    guild: GuildMembers | None,
    known: list[Json],
    values: dict[str, Any],
    *,
    force: bool,
    partial: bool = False,
) -> FilledOptions:
    """Type-check values against the registered options, as the client does.

    `partial` is for autocomplete, where required options may still be missing. Raises NotOffered unless `force`.
    """
    by_name = {option["name"]: option for option in known}
    if not force:
        _check_names(by_name, values, partial=partial)
    filled = FilledOptions()
    for name, value in values.items():
        if value is None:
            continue
        option = by_name.get(name) or {"name": name, "type": _guess_type(value)}
        if not force:
            _check_value(option, value, partial=partial)
        filled.options.append({"name": name, "type": option["type"], "value": _value_json(value)})
        add_resolved(world, guild, filled.resolved, value)
    return filled


def _check_names(by_name: dict[str, Json], values: dict[str, Any], *, partial: bool) -> None:
    for name in values:
        if name not in by_name:
            raise NotOffered(
                t("This command has no option {name}; it has {options}.", name=name, options=comma_list(by_name))
            )
    for name, option in by_name.items():
        if option.get("required") and values.get(name) is None and not partial:
            raise NotOffered(t("This command needs the option {name}.", name=name))


def _check_value(option: Json, value: Any, *, partial: bool) -> None:
    name, kind = option["name"], option["type"]
    if not accepts(kind, value):
        raise NotOffered(t("The option {name} takes {what}, and nothing else.", name=name, what=_DESCRIPTIONS[kind]))
    if partial:
        return
    choices: list[Json] = option.get("choices") or []
    if choices and value not in [choice["value"] for choice in choices]:
        raise NotOffered(
            t(
                "The option {name} offers {choices}, and nothing else.",
                name=name,
                choices=comma_list(choice["name"] for choice in choices),
            )
        )
    if kind == STRING:
        _check_range(name, len(value), option.get("min_length"), option.get("max_length") or 6000, "characters")
    if kind in (INTEGER, NUMBER):
        _check_range(name, value, option.get("min_value"), option.get("max_value"), "")
    wanted: list[int] = option.get("channel_types") or []
    if kind == CHANNEL and wanted and value.type not in wanted:
        raise NotOffered(
            t("The option {name} takes other kinds of channels (types {types}).", name=name, types=comma_list(wanted))
        )


def accepts(kind: int, value: Any) -> bool:
    """Whether an option of this kind takes the value at all."""
    if isinstance(value, bool):
        return kind == BOOLEAN
    return isinstance(value, _ACCEPTED_TYPES[kind])


def _check_range(name: str, value: float, low: float | None, high: float | None, unit: str) -> None:
    if (low is not None and value < low) or (high is not None and value > high):
        raise NotOffered(
            t(
                "The option {name} takes {range}, not {value}.",
                name=name,
                range=describe_range(low, high, unit),
                value=str(value),
            )
        )


def _guess_type(value: Any) -> int:
    return next((kind for kind, python in _TYPE_GUESSES if isinstance(value, python)), STRING)


def _value_json(value: Any) -> Any:
    return str(value.id) if hasattr(value, "id") else value


def add_resolved(world: WorldContext, guild: GuildMembers | None, resolved: dict[str, Json], value: Any) -> None:
    """Add what a value stands for to an interaction's resolved data; other values leave it as it is."""
    if isinstance(value, StoredFile):
        resolved.setdefault("attachments", {})[str(value.id)] = world.files.to_json(value)
    elif isinstance(value, Account):
        resolved.setdefault("users", {})[str(value.id)] = value.to_json()
        if guild and (member := guild.members.get(value.id)):
            body = member.to_json(with_user=False)
            body["permissions"] = str(int(member.permissions))
            resolved.setdefault("members", {})[str(value.id)] = body
    elif isinstance(value, Role):
        resolved.setdefault("roles", {})[str(value.id)] = value.to_json()
    elif isinstance(value, Channel):
        body = value.to_json()
        body["permissions"] = str(int(value.permissions_of(world.bot_user)))
        resolved.setdefault("channels", {})[str(value.id)] = body
