"""Checking requests against Discord's own description of its HTTP API.

The description lets unknown keys pass, as Discord itself does; what it cannot express is checked where it matters
(components, posting, routes).
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any, cast

from jsonschema_rs import Draft202012Validator, Registry, ValidationError

from sandbox.discord.errors import FormError
from sandbox.discord.json_types import Json, as_object, as_objects
from sandbox.discord.known_deviations import without_known_deviations
from sandbox.discord.routing import Call

_FILE = Path(__file__).with_name("openapi.json.gz")
_URI = "urn:discord"

Operation = tuple[str, str]


class ApiDescription:
    """Discord's OpenAPI description (github.com/discord/discord-api-spec), compiled operation by operation."""

    def __init__(self) -> None:
        document = as_object(json.loads(gzip.decompress(_FILE.read_bytes())))
        self._paths = as_object(document["paths"])
        self.locales = _locales(document)
        self._registry = Registry([(_URI, {"components": document["components"]})])
        self._bodies: dict[Operation, Draft202012Validator | None] = {}
        self._parameters: dict[Operation, dict[tuple[str, str], tuple[Json, Draft202012Validator]]] = {}

    def check(self, call: Call) -> None:
        """Raise FormError for a request that the description does not allow."""
        problems = self._check_parameters(call)
        validator = self._body(call)
        if validator is not None:
            body = without_known_deviations(call.json)
            for error in validator.iter_errors(body):
                path, sentence = _deepest(error)
                problems[".".join(map(str, path)) or "_misc"] = sentence
        if problems:
            raise FormError(problems)

    def _check_parameters(self, call: Call) -> dict[str, str]:
        problems: dict[str, str] = {}
        known = self._parameters_of(call)
        given = {("path", name): value for name, value in call.parameters.items()}
        given |= {("query", name): value for name, value in call.query.items()}
        for key, value in given.items():
            if key not in known:
                problems[key[1]] = f"Discord's description has no {key[0]} parameter of this name."
                continue
            schema, validator = known[key]
            if value.isdigit() and "$ref" in schema and validator.is_valid(int(value)):
                continue  # one of a list of numbers, which is described elsewhere
            for error in validator.iter_errors(_read(schema, value)):
                problems[key[1]] = _sentence(error)
        return problems

    def _parameters_of(self, call: Call) -> dict[tuple[str, str], tuple[Json, Draft202012Validator]]:
        key = (call.method, call.template)
        if key not in self._parameters:
            path = as_object(self._paths.get(call.template))
            listed = as_objects(path.get("parameters")) + as_objects(self._operation(call).get("parameters"))
            self._parameters[key] = {
                (item["in"], item["name"]): (as_object(item["schema"]), self._compile(item["schema"]))
                for item in listed
            }
        return self._parameters[key]

    def _body(self, call: Call) -> Draft202012Validator | None:
        key = (call.method, call.template)
        if key not in self._bodies:
            content = as_object(as_object(self._operation(call).get("requestBody")).get("content"))
            schema = as_object(content.get("application/json")).get("schema")
            self._bodies[key] = None if schema is None else self._compile(schema)
        return self._bodies[key]

    def _operation(self, call: Call) -> Json:
        return as_object(as_object(self._paths.get(call.template)).get(call.method.lower()))

    def _compile(self, schema: Any) -> Draft202012Validator:
        absolute = json.loads(json.dumps(schema).replace('"#/', f'"{_URI}#/'))
        return Draft202012Validator(absolute, registry=self._registry)


@cache
def api_description() -> ApiDescription:
    """Give the description; it takes some 10 MiB, so that all Discords of a process share it."""
    return ApiDescription()


def _locales(document: Json) -> frozenset[str]:
    listed = as_object(as_object(document["components"])["schemas"])["AvailableLocalesEnum"]["oneOf"]
    return frozenset(one["const"] for one in listed)


def _read(schema: Json, value: str) -> Any:
    """Read a query's text as the type that the schema wants."""
    if schema.get("type") == "boolean" and value.lower() in ("0", "1", "true", "false"):
        return value.lower() in ("1", "true")
    if schema.get("type") == "integer" and value.lstrip("-").isdigit():
        return int(value)
    return value


def _deepest(error: ValidationError) -> tuple[list[str | int], str]:
    """Follow unions down the branch that was meant, and say what is wrong there."""
    branches = cast("list[list[ValidationError]]", getattr(error.kind, "context", None) or [])
    meant = [branch for branch in branches if not any(_is_other_type(error, inner) for inner in branch)]
    if meant:
        path, sentence = max((_deepest(inner) for inner in meant[0]), key=lambda found: len(found[0]))
        return [*error.instance_path, *path[len(error.instance_path) :]], sentence
    return list(error.instance_path), _sentence(error)


def _is_other_type(union: ValidationError, error: ValidationError) -> bool:
    """Whether a branch is for another component type, or for null."""
    own = list(error.instance_path)[len(union.instance_path) :]
    return (own == ["type"] and error.kind.name in ("enum", "const")) or (not own and error.kind.name == "type")


def _sentence(error: ValidationError) -> str:
    return error.message if len(error.message) <= 200 else f"{error.message[:200]}..."
