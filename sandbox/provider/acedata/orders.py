"""Reading the body of ``/midjourney/videos`` as strictly as AceData's documents allow."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, cast

from sandbox.provider.engine.request_fields import (
    InvalidError,
    choice,
    is_int,
    link,
    prompt_flags,
    refuse_unknown_fields,
    text,
)
from sandbox.provider.model.job import Job, Json, Options, Order
from sandbox.provider.model.settings import ProviderSettings

FIELDS = (
    "action",
    "prompt",
    "mode",
    "resolution",
    "loop",
    "image_url",
    "end_image_url",
    "video_id",
    "video_index",
    "callback_url",
    "async",
)
"""The fields of the reference, and ``async`` from the OpenAPI description."""

OF_THE_OTHER_ACTION = {"generate": ("video_id", "video_index"), "extend": ("image_url",)}
"""What is described for the other action alone."""


@dataclass(frozen=True)
class AceDataOrder(Order):
    """An order with the body that it came in and the trace id of that request."""

    body: Json = field(kw_only=True, repr=False)
    trace_id: str = field(default_factory=lambda: str(uuid.uuid4()))


def read_order(body: Json, find: Callable[[str], Job | None], settings: ProviderSettings) -> AceDataOrder:
    """Return the order of a body; ``find`` looks up a finished job by its video id.

    The schema requires nothing; the prompt is required because the documented error says so, the image because the
    vendor makes videos from images alone. Flags in the prompt are noted and change nothing: whether AceData hands them
    on is unknown, and it has no field for motion or number of clips.

    Raises:
        InvalidError: when the documents do not allow the body.
    """
    refuse_unknown_fields(body, frozenset(FIELDS), settings)
    action = cast("Literal['generate', 'extend']", choice(body, "action", ("generate", "extend")) or "generate")
    if settings.strict_fields and (foreign := [name for name in OF_THE_OTHER_ACTION[action] if name in body]):
        raise InvalidError(f"{foreign[0]} does not belong to {action}")
    prompt = _required(text(body, "prompt"), "prompt")
    loop, end_url = flag(body, "loop"), link(body, "end_image_url")
    if loop and end_url is not None and settings.loop_with_end == "refuse":
        raise InvalidError("loop and end_image_url exclude each other")
    parent = _parent(body, find) if action == "extend" else None
    return AceDataOrder(
        action=action,
        prompt=prompt,
        options=Options(
            resolution="sd" if choice(body, "resolution", ("480p", "720p")) == "480p" else "hd",
            speed=cast("Literal['fast', 'turbo']", choice(body, "mode", ("fast", "turbo")) or "fast"),
            loop=loop,
        ),
        sent_fields=frozenset(body),
        image_url=None if parent else _required(link(body, "image_url"), "image_url"),
        end_url=None if loop else end_url,
        parent=parent,
        index=_index(body, parent) if parent else None,
        callback_url=callback_of(body),
        callback_tries=1,
        overridden_by_prompt=prompt_flags(prompt),
        body=body,
    )


def callback_of(body: Json) -> str | None:
    """Return the address to call back; the vendor takes null for none, as it does in no other field."""
    return None if body.get("callback_url") is None else link(body, "callback_url")


def flag(body: Json, name: str) -> bool:
    """Return a field that is true or false; False when it was not sent."""
    value: object = body.get(name, False)
    if not isinstance(value, bool):
        raise InvalidError(f"{name} must be a boolean")
    return value


def _required(value: str | None, name: str) -> str:
    if value is None:
        raise InvalidError(f"{name} is required")
    return value


def _parent(body: Json, find: Callable[[str], Job | None]) -> Job:
    parent = find(_required(text(body, "video_id"), "video_id"))
    if parent is None:
        raise InvalidError("video_id is unknown")
    return parent


def _index(body: Json, parent: Job) -> int:
    """Return the clip to extend: the first where none is named, as the video guide has it."""
    index: object = body.get("video_index", 0)
    if not is_int(index):
        raise InvalidError("video_index must be a whole number")
    if not 0 <= index < len(parent.clips):
        raise InvalidError("video_index is out of range")
    return index
