"""Checks the local Discord's answers against the response schemas of Discord's description."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from sandbox import discord as package
from sandbox.discord import Recorded

_URI = "urn:discord"


@cache
def _description() -> dict[str, Any]:
    return json.loads(gzip.decompress(Path(package.__file__).with_name("openapi.json.gz").read_bytes()))


def operation(method: str, template: str) -> dict[str, Any]:
    """Give what the description says of a method of a path; KeyError where it has none."""
    return _description()["paths"][template][method.lower()]


@cache
def _registry() -> jsonschema_rs.Registry:
    return jsonschema_rs.Registry([(_URI, {"components": _description()["components"]})])


@cache
def _validator(method: str, template: str, status: str) -> jsonschema_rs.Draft202012Validator:
    responses = operation(method, template)["responses"]
    response = responses.get(status) or responses[f"{status[0]}XX"]
    if "$ref" in response:
        response = _description()["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    schema = json.dumps(response["content"]["application/json"]["schema"]).replace('"#/', f'"{_URI}#/')
    return jsonschema_rs.Draft202012Validator(json.loads(schema), registry=_registry())


def schema_errors(request: Recorded) -> list[str]:
    """Return what the description does not allow in the answer to a request."""
    if request.status in (0, 204) or request.status >= 500 or not request.template:
        return []
    answer = request.answer
    if request.status >= 400:
        # Inner error codes are strings in Discord's documentation (docs/reference), numbers in its description.
        answer = {key: value for key, value in request.answer.items() if key != "errors"}
    validator = _validator(request.method, request.template, str(request.status))
    where = f"{request.method} {request.template} {request.status}"
    return [f"{where} {list(e.instance_path)}: {e.message[:300]}" for e in validator.iter_errors(answer)]
