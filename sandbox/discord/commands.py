"""The application commands that the bot has registered."""

from __future__ import annotations

from typing import Any

from sandbox.discord.json_types import Json
from sandbox.discord.observable import Observable
from sandbox.discord.world_context import WorldContext

CHAT_INPUT, USER_COMMAND, MESSAGE_COMMAND = 1, 2, 3
SUBCOMMAND, SUBCOMMAND_GROUP = 1, 2
GUILD_CONTEXT, BOT_DM_CONTEXT = 0, 1


class CommandRegistry(Observable):
    """Global commands and those of single servers; `writes` counts how often the bot wrote them."""

    def __init__(self, world: WorldContext) -> None:
        super().__init__()
        self._world = world
        self._by_guild: dict[int | None, list[Json]] = {}
        self.writes = 0

    def listed(self, guild_id: int | None = None) -> list[Json]:
        """Return the commands of one server, or the global ones."""
        return self._by_guild.get(guild_id, [])

    def overwrite(self, definitions: list[Json], guild_id: int | None = None) -> list[Json]:
        """Replace all commands of a server, or the global ones; a command keeps its id by type and name."""
        old = {(command["type"], command["name"]): command for command in self.listed(guild_id)}
        self._by_guild[guild_id] = [self._complete(new, old, guild_id) for new in definitions]
        self.writes += 1
        self.changed()
        self._world.guild_changed()
        return self._by_guild[guild_id]

    def offered(self, name: str, guild_id: int | None, kind: int = CHAT_INPUT) -> Json | None:
        """Return the command of that name and kind; a server's own goes before a global one."""
        scopes = [self.listed(guild_id), self.listed()] if guild_id else [self.listed()]
        commands = (command for scope in scopes for command in scope)
        return next((c for c in commands if c["name"] == name and c["type"] == kind), None)

    def all_offered(self, guild_id: int | None) -> list[Json]:
        """List what a server has: its own commands, and the global ones that they do not replace."""
        scopes = [self.listed(), self.listed(guild_id)] if guild_id else [self.listed()]
        return list({(command["type"], command["name"]): command for scope in scopes for command in scope}.values())

    def _complete(self, definition: Json, old: dict[tuple[Any, Any], Json], guild_id: int | None) -> Json:
        kind = definition.get("type") or CHAT_INPUT
        known = old.get((kind, definition["name"]))
        command: Json = {
            "id": known["id"] if known else str(self._world.ids.next()),
            "application_id": str(self._world.application_id),
            "version": str(self._world.ids.next()),
            "default_member_permissions": None,
            "description": "",
            "nsfw": False,
            "integration_types": [0],
            "contexts": None,
            **{key: value for key, value in definition.items() if value is not None},
            "type": kind,
        }
        if (needed := command["default_member_permissions"]) is not None:
            command["default_member_permissions"] = str(needed)
        if guild_id is not None:
            command["guild_id"] = str(guild_id)
        return command


def descend(command: Json, words: list[str]) -> tuple[list[Json], list[Json]] | None:
    """Follow subcommand words; return the path of nodes after the command and the options of the last one."""
    path: list[Json] = []
    node = command
    for word in words:
        inner: list[Json] = node.get("options") or []
        found = next((o for o in inner if o["name"] == word and o["type"] in (SUBCOMMAND, SUBCOMMAND_GROUP)), None)
        if found is None:
            return None
        path.append(found)
        node = found
    options: list[Json] = node.get("options") or []
    if any(option["type"] in (SUBCOMMAND, SUBCOMMAND_GROUP) for option in options):
        return None
    return path, options
