"""The application, its commands, the gateway's address and accounts."""

from __future__ import annotations

from collections import Counter
from typing import Any

from aiohttp import web

from sandbox.discord.command_rules import check_languages, is_name, without_languages
from sandbox.discord.commands import CHAT_INPUT, MESSAGE_COMMAND, USER_COMMAND
from sandbox.discord.errors import ApiError, FormError
from sandbox.discord.gateway import MESSAGE_CONTENT
from sandbox.discord.json_types import Json, as_id, as_list, as_objects
from sandbox.discord.routing import Call, endpoint

table = web.RouteTableDef()

MAX_COMMANDS = {CHAT_INPUT: 100, USER_COMMAND: 15, MESSAGE_COMMAND: 15}
"""Commands of a kind in one server, or global ones (docs/interactions/application-commands, Registering a Command)."""

_LIMITED_FLAGS = {1 << 8: 1 << 13, 1 << 1: 1 << 15, MESSAGE_CONTENT: 1 << 19}
"""Application flags of unverified applications, by privileged intent."""


@table.route("GET", "/users/@me")
@endpoint
def get_me(call: Call) -> Any:
    """Answer with the bot's own account."""
    return {**call.world.bot_user.to_json(), "verified": True, "mfa_enabled": True, "locale": "en-US", "email": None}


@table.route("GET", "/users/{user_id}")
@endpoint
def get_user(call: Call) -> Any:
    """Answer with any account."""
    user = call.world.users.get(call.id("user_id"))
    if user is None:
        raise ApiError(404, 10013, "Unknown User")
    return user.to_json()


@table.route("POST", "/users/@me/channels")
@endpoint
def open_direct_channel(call: Call) -> Any:
    """Open the direct messages with a person."""
    user = call.world.users.get(as_id(call.body.get("recipient_id")) or 0)
    if user is None:
        raise FormError({"recipient_id": "Invalid recipient."})
    if user.bot:
        raise ApiError(400, 50007, "Cannot send messages to this user")
    return call.world.direct_channel(user).to_json()


@table.route("GET", "/applications/@me")
@table.route("GET", "/oauth2/applications/@me")
@endpoint
def get_application(call: Call) -> Any:
    """Answer with the application and its owner."""
    world = call.world
    flags = sum(flag for intent, flag in _LIMITED_FLAGS.items() if world.knobs.privileged_intents & intent)
    return {
        "id": str(world.application_id),
        "name": world.bot_user.name,
        "icon": None,
        "description": "",
        "summary": "",
        "type": None,
        "bot": world.bot_user.to_json(),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": flags,
        "flags_new": str(flags),
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
        "approximate_user_authorization_count": 0,
        "hook": True,
        "storefront_available": False,
        "is_monetized": False,
        "owner": world.owner.to_json(),
        "team": None,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "integration_types_config": {"0": {}},
        "approximate_guild_count": sum(guild.has_bot for guild in world.guilds.values()),
        "approximate_user_install_count": 0,
    }


@table.route("GET", "/gateway")
@endpoint
def get_gateway(call: Call) -> Any:
    """Answer with the gateway's address."""
    return {"url": _gateway_url(call)}


@table.route("GET", "/gateway/bot")
@endpoint
def get_bot_gateway(call: Call) -> Any:
    """Answer with the gateway's address, the number of shards and what is left of the session starts."""
    return {
        "url": _gateway_url(call),
        "shards": call.world.knobs.recommended_shards,
        "session_start_limit": call.world.session_starts.to_json(),
    }


def _gateway_url(call: Call) -> str:
    return call.world.base_url.replace("http://", "ws://", 1)


@table.route("GET", "/applications/{application_id}/commands")
@endpoint
def list_commands(call: Call) -> Any:
    """List the global commands."""
    _own_application(call)
    return _listed(call, call.world.commands.listed())


@table.route("PUT", "/applications/{application_id}/commands")
@endpoint
def overwrite_commands(call: Call) -> Any:
    """Replace all global commands."""
    _own_application(call)
    return call.world.commands.overwrite(_checked(call))


@table.route("GET", "/applications/{application_id}/guilds/{guild_id}/commands")
@endpoint
def list_guild_commands(call: Call) -> Any:
    """List the commands of one server."""
    return _listed(call, call.world.commands.listed(_guild_of(call)))


@table.route("PUT", "/applications/{application_id}/guilds/{guild_id}/commands")
@endpoint
def overwrite_guild_commands(call: Call) -> Any:
    """Replace all commands of one server."""
    return call.world.commands.overwrite(_checked(call), _guild_of(call))


def _listed(call: Call, commands: list[Json]) -> list[Json]:
    return commands if call.flag("with_localizations") else [without_languages(command) for command in commands]


def _own_application(call: Call) -> None:
    if call.id("application_id") != call.world.application_id:
        raise ApiError(403, 20012, "You are not authorized to perform this action on this application")


def _guild_of(call: Call) -> int:
    _own_application(call)
    guild = call.world.guilds.get(call.id("guild_id"))
    if guild is None or not guild.has_bot:
        raise ApiError(403, 50001, "Missing Access")
    return guild.id


def _checked(call: Call) -> list[Json]:
    """Return the definitions; the limits that the description cannot express are checked here."""
    definitions = as_objects(as_list(call.json))
    problems: dict[str, str] = {}
    seen: set[tuple[Any, Any]] = set()
    for index, definition in enumerate(definitions):
        kind = definition.get("type") or CHAT_INPUT
        key = (kind, definition.get("name"))
        if key in seen:
            problems[f"{index}.name"] = "Application command names must be unique."
        seen.add(key)
        problems.update(check_languages(definition, str(index)))
        if not isinstance(definition.get("name"), str):
            problems[f"{index}.name"] = "This field is required."
        elif kind == CHAT_INPUT:
            problems.update(_check_chat_input(definition, str(index)))
        elif definition.get("description") or definition.get("options"):
            problems[f"{index}.description"] = "Context menu commands have neither a description nor options."
    kinds = Counter(kind for kind, _ in seen)
    for kind, limit in MAX_COMMANDS.items():
        if kinds[kind] > limit:
            raise ApiError(400, 30032, f"Maximum number of application commands reached ({limit})")
    if problems:
        raise FormError(problems)
    return definitions


def _check_chat_input(definition: Json, path: str) -> dict[str, str]:
    problems = _check_options(definition, path)
    if not definition.get("description"):
        problems[f"{path}.description"] = "This field is required."
    if not is_name(definition["name"]):
        problems[f"{path}.name"] = "Command name is invalid"
    return problems


def _check_options(node: Json, path: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    names: set[str] = set()
    optional_seen = False
    for index, option in enumerate(as_objects(node.get("options"))):
        where = f"{path}.options.{index}"
        name = str(option.get("name"))
        if name in names:
            problems[f"{where}.name"] = "Option names must be unique."
        if name != name.lower():
            problems[f"{where}.name"] = "Option names are lower case."
        names.add(name)
        if option.get("required") and optional_seen:
            problems[f"{where}.required"] = "Required options come before optional ones."
        optional_seen = optional_seen or not option.get("required")
        problems.update(_check_options(option, where))
    return problems
