"""Turning what was typed or chosen into what a command's options and a form's fields take."""

from __future__ import annotations

from typing import Any

from sandbox.discord import Discord, Field, Guild, User
from sandbox.discord.commands import CHAT_INPUT, descend
from sandbox.discord.json_types import Json
from sandbox.discord.option_input import (
    ATTACHMENT,
    CHANNEL,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    USER,
)
from sandbox.sentences import t
from sandbox.web.errors import Refused
from sandbox.web.frames import LARGEST_WHOLE, texts_in
from sandbox.web.serializers import channels_of
from sandbox.web.uploads import GONE_FILE, Uploads
from sandbox.web.wire.requests import number_of

ENTITIES = (USER, ROLE, MENTIONABLE, CHANNEL, ATTACHMENT)
"""Kinds of options whose values are ids."""

FIELDS = {"users": USER, "roles": ROLE, "mentionables": MENTIONABLE, "channels": CHANNEL, "files": ATTACHMENT}
"""Kinds of fields whose values are lists of ids, and the kinds of options that take the same."""


class FormInput:
    """Find what one person means by an id: people, roles, channels that they see, files that they brought."""

    def __init__(self, discord: Discord, uploads: Uploads, guild: Guild, user: User) -> None:
        self._discord = discord
        self._uploads = uploads
        self._guild = guild
        self._user = user

    def options(self, command: str, values: Json) -> dict[str, Any]:
        """Give a command's options as its registered types want them; what is left empty is left out."""
        kinds = self._kinds(command)
        given = {name: value for name, value in values.items() if value is not None and value != ""}
        return {name: self._option(name, kinds.get(name), value) for name, value in given.items()}

    def values(self, fields: tuple[Field, ...], values: Json) -> dict[str, Any]:
        """Give what a form's fields were filled with."""
        kinds = {field.custom_id: FIELDS.get(field.kind) for field in fields}
        return {
            name: value if kinds.get(name) is None else self._entities(name, kinds[name] or 0, value)
            for name, value in values.items()
        }

    def _kinds(self, command: str) -> dict[str, int]:
        name, *words = command.split() or [""]
        registered = self._discord.commands.offered(name, self._guild.id, CHAT_INPUT)
        found = descend(registered, words) if registered else None
        return {option["name"]: option["type"] for option in found[1]} if found else {}

    def _option(self, name: str, kind: int | None, value: Any) -> Any:
        if kind in ENTITIES:
            return self._entity(name, kind, value)
        if kind in (INTEGER, NUMBER) and isinstance(value, float) and value.is_integer():
            value = int(value)  # JavaScript knows one kind of numbers
        if kind in (INTEGER, NUMBER) and isinstance(value, int | float) and abs(value) > LARGEST_WHOLE:
            raise Refused(t("The option {option} takes no number as large as this.", option=name))
        if kind == STRING and isinstance(value, str):
            return value.strip()
        return value

    def _entities(self, name: str, kind: int, value: Any) -> list[Any]:
        return [self._entity(name, kind, one, in_form=True) for one in texts_in(value or [], name)]

    def _entity(self, name: str, kind: int, value: Any, *, in_form: bool = False) -> Any:
        found = self._found(kind, number_of(value))
        if found is None and kind == ATTACHMENT:
            raise Refused(GONE_FILE)
        if found is None and in_form:
            raise Refused(t("The field {field} names nobody and nothing that is here.", field=name))
        if found is None:
            raise Refused(t("The option {option} names nobody and nothing that is here.", option=name))
        return found

    def _found(self, kind: int, id_: int) -> Any:
        if kind == ATTACHMENT:
            return self._uploads.of(self._user, id_)
        if kind == CHANNEL:
            return next((one for one in channels_of(self._guild, self._user) if one.id == id_), None)
        member = self._guild.members.get(id_)
        if kind in (USER, MENTIONABLE) and member is not None:
            return member.user
        roles = self._guild.roles if kind in (ROLE, MENTIONABLE) else []
        return next((role for role in roles if role.id == id_), None)
