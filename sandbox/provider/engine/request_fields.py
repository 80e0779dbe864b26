"""Reading an order's fields strictly, whatever a vendor calls them (prompt flags as in the /mj family)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, TypeGuard, cast

from aiohttp import web

from sandbox.provider.engine.image_fetch import is_web_link
from sandbox.provider.model.job import Json
from sandbox.provider.model.settings import ProviderSettings

FLAG = re.compile(r"(?<!-)--(\w+)(?:\s+(?!--)(\S+))?")
LEADING_LINK = re.compile(r"\s*(https?://\S+)")


class InvalidError(Exception):
    """The request breaks the documented contract; the message names the field."""


async def read_json(request: web.Request) -> Json:
    """Return the JSON object of a request's body.

    Raises:
        InvalidError: when it is none, or not sent as JSON.
    """
    if "json" not in request.headers.get("Content-Type", ""):
        raise InvalidError("Content-Type must be application/json")
    try:
        body: object = json.loads(await request.read())
    except ValueError as error:
        raise InvalidError("the body is not JSON") from error
    if not isinstance(body, dict):
        raise InvalidError("the body is not a JSON object")
    return cast("Json", body)


def prompt_flags(prompt: str) -> dict[str, str]:
    """Return the ``--flags`` of a prompt with their values, and a leading link as ``image``."""
    flags = {name.lower(): value for name, value in FLAG.findall(prompt)}
    if link := LEADING_LINK.match(prompt):
        flags["image"] = link[1]
    return flags


def banned_words(prompt: str, settings: ProviderSettings) -> list[str]:
    """Return the banned words that stand in a prompt."""
    words = set(re.findall(r"\w+", prompt.lower()))
    return sorted(word for word in settings.banned_words if word.lower() in words)


def refuse_unknown_fields(body: Json, known: frozenset[str], settings: ProviderSettings) -> None:
    """Refuse fields that no document names, unless the setting is off."""
    if settings.strict_fields and (unknown := sorted(set(body) - known)):
        raise InvalidError(f"unknown field {unknown[0]}")


def text(body: Json, name: str) -> str | None:
    """Return a string field that is not blank; None when it was not sent."""
    value: object = body.get(name)
    if value is None and name not in body:
        return None
    if not isinstance(value, str) or not value.strip():
        raise InvalidError(f"{name} must be a string with something in it")
    return value


def link(body: Json, name: str) -> str | None:
    """Return a field that leads somewhere on the web; None when it was not sent."""
    value = text(body, name)
    if value is not None and not is_web_link(value):
        raise InvalidError(f"{name} must be an http or https link")
    return value


def choice(body: Json, name: str, choices: tuple[str, ...]) -> str | None:
    """Return a field that holds one of a few words; None when it was not sent."""
    value = text(body, name)
    if value is not None and value not in choices:
        raise InvalidError(f"{name} must be one of {', '.join(choices)}")
    return value


def overridden(flag: str | None, values: Mapping[str, Any], field: Any) -> Any:
    """Return what a prompt's flag says, if it is there and makes sense, else the field."""
    return values.get(flag, field) if flag is not None else field


def is_int(value: object) -> TypeGuard[int]:
    """Tell a JSON whole number from everything else, true and false included."""
    return isinstance(value, int) and not isinstance(value, bool)
