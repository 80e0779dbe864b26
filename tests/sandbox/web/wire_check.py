"""Everything that the sandbox tells a page is what the types of the wire say."""

import json
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from sandbox.web.wire.events import Events
from sandbox.web.wire.requests import Refusal, Replies

Json = dict[str, Any]

EVENTS = {op: TypeAdapter[object](of) for op, of in get_type_hints(Events).items()}
REPLIES = {op: TypeAdapter[object](of) for op, of in get_type_hints(Replies).items()}
REFUSAL = TypeAdapter(Refusal)


def check_event(frame: Json) -> None:
    """Fail for an event, or a refusal, that its type does not allow."""
    if frame["op"] == "refused":
        REFUSAL.validate_python(frame, strict=True)
    elif frame["op"] != "done":
        EVENTS[frame["op"]].validate_json(_as_json(frame), strict=True)


def check_reply(op: str, frame: Json) -> None:
    """Fail for an answer that the type of its request's reply does not allow."""
    if frame["op"] == "done":
        REPLIES[op].validate_json(_as_json(frame), strict=True)


def _as_json(frame: Json) -> str:
    return json.dumps({name: value for name, value in frame.items() if name not in ("op", "ref")})
