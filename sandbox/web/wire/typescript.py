"""Write the types of the wire for the page's scripts: `python -m sandbox.web.wire.typescript`.

They come from the models by way of pydantic's JSON schema, so that both sides are checked against one source.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from sandbox.discord.json_types import Json
from sandbox.web.wire.events import Events
from sandbox.web.wire.requests import Refusal, Replies, Requests

TARGET = Path(__file__).parents[1] / "static" / "js" / "core" / "wire.d.ts"

HEAD = "/** The wire as types, written by `python -m sandbox.web.wire.typescript`: change the models, not this file. */"

PRIMITIVES = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


class Wire(TypedDict):
    """Hold everything that is said, both ways."""

    requests: Requests
    replies: Replies
    refusal: Refusal
    events: Events


def declarations() -> str:
    """Write all types of the wire as a TypeScript declaration module."""
    types = TypeAdapter(Wire).json_schema(ref_template="{model}")["$defs"]
    written = "\n\n".join(_declaration(name, types[name]) for name in sorted(types))
    union = _type(types["Container"]["properties"]["components"]["items"])
    named = written.replace(f"Array<{union}>", "Array<Component>").replace(f": {union};", ": Component;")
    return f"{HEAD}\n\n/** Any part of a message. */\nexport type Component = {union};\n\n{named}\n"


def _declaration(name: str, schema: Json) -> str:
    doc = f"/** {' '.join(schema['description'].split())} */\n" if "description" in schema else ""
    if "properties" not in schema:
        return f"{doc}export type {name} = {_type(schema)};"
    if not schema["properties"]:
        return f"{doc}export type {name} = Record<string, never>;"
    required = schema.get("required", [])
    fields = (
        f"  {field}{'' if field in required else '?'}: {_type(of)};" for field, of in schema["properties"].items()
    )
    return "\n".join([f"{doc}export interface {name} {{", *fields, "}"])


def _type(schema: Json) -> str:
    """Write the type of a value; what the models say nothing of is `unknown`."""
    if "$ref" in schema:
        return schema["$ref"]
    if "const" in schema or "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema.get("enum") or [schema["const"]])
    if "anyOf" in schema or "oneOf" in schema:
        return " | ".join(_type(one) for one in schema.get("anyOf") or schema["oneOf"])
    if "prefixItems" in schema:
        return f"[{', '.join(_type(one) for one in schema['prefixItems'])}]"
    if schema.get("type") == "array":
        return f"Array<{_type(schema['items'])}>"
    if schema.get("type") == "object":
        return f"Record<string, {_values(schema.get('additionalProperties', True))}>"
    return PRIMITIVES.get(schema.get("type", ""), "unknown")


def _values(schema: object) -> str:
    if isinstance(schema, dict):
        return _type(cast("dict[str, Any]", schema))
    return "unknown" if schema else "never"


if __name__ == "__main__":
    TARGET.write_text(declarations(), encoding="utf-8")
