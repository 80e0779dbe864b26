"""What discord.py 2.7.1 sends that Discord's description does not have, and that Discord accepts all the same."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.discord.json_types import as_list, as_object


@dataclass(frozen=True)
class Deviation:
    """A path in a body (`*` is any index or key) where some values are read as others before the check."""

    where: str
    applies: Callable[[Any], bool]
    reads_as: Callable[[Any], Any]
    reason: str


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _snowflake_as_number(where: str, reason: str) -> Deviation:
    return Deviation(where, _is_number, str, f"a JSON number where the description has a snowflake string: {reason}")


_ATTACHMENTS = "File.to_dict writes n of files[n], Attachment.to_dict the id of a kept file"
_MENTIONS = "AllowedMentions.to_dict writes plain ids"
_DEFAULTS = "SelectDefaultValue.to_dict writes a plain id"
_REFERENCE = "MessageReference.to_dict writes plain ids"

DEVIATIONS = (
    _snowflake_as_number("attachments.*.id", _ATTACHMENTS),
    _snowflake_as_number("data.attachments.*.id", _ATTACHMENTS),
    _snowflake_as_number("allowed_mentions.users.*", _MENTIONS),
    _snowflake_as_number("allowed_mentions.roles.*", _MENTIONS),
    _snowflake_as_number("data.allowed_mentions.users.*", _MENTIONS),
    _snowflake_as_number("data.allowed_mentions.roles.*", _MENTIONS),
    _snowflake_as_number("message_reference.message_id", _REFERENCE),
    _snowflake_as_number("message_reference.channel_id", _REFERENCE),
    _snowflake_as_number("message_reference.guild_id", _REFERENCE),
    _snowflake_as_number("data.components.*.component.default_values.*.id", _DEFAULTS),
    _snowflake_as_number("recipient_id", "HTTPClient.start_private_message writes a plain id"),
)


def without_known_deviations(body: Any, deviations: tuple[Deviation, ...] = DEVIATIONS) -> Any:
    """Return the body with every known deviation read as the description would have it."""
    corrected = copy.deepcopy(body)
    for deviation in deviations:
        _correct(corrected, deviation.where.split("."), deviation)
    return corrected


def _correct(node: Any, steps: list[str], deviation: Deviation) -> None:
    step, rest = steps[0], steps[1:]
    items = as_list(node)
    entries: Any = items or as_object(node)
    keys: list[Any] = list(range(len(items))) or list(as_object(node))
    for key in keys:
        if step not in ("*", key):
            continue
        if rest:
            _correct(entries[key], rest, deviation)
        elif deviation.applies(entries[key]):
            entries[key] = deviation.reads_as(entries[key])
