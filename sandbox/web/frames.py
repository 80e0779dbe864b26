"""Reading what a browser sends: bounded, then as one of the requests; what is wrong with it is one sentence."""

from __future__ import annotations

import json
from typing import Any, NoReturn, cast

from pydantic import TypeAdapter, ValidationError

from sandbox.discord.json_types import Json
from sandbox.sentences import t
from sandbox.web.errors import Refused
from sandbox.web.wire.requests import MODELS, Request

MAX_FRAME = 256 * 1024
"""How many bytes a tab may say at once."""

NOT_UNDERSTOOD = t("The page said something that cannot be understood; load it again.")

NO_SUCH_THING = t("The page asked for something that does not exist; load it again.")

LARGEST_WHOLE = 2**53
"""Whole numbers beyond it are not the same in every language."""

TEXTS = TypeAdapter(list[str])


def read_frame(frame: str) -> Json:
    """Read a frame as a JSON object. Raises Refused."""
    try:
        said = json.loads(frame, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refused(NOT_UNDERSTOOD) from None
    if not isinstance(said, dict):
        raise Refused(NOT_UNDERSTOOD)
    return cast("Json", said)


def check_frame(frame: str, said: Json) -> None:
    """Refuse an object that is too large, or that holds what JSON can write and nobody can mean. Raises Refused."""
    if len(frame) > MAX_FRAME or len(frame.encode(errors="replace")) > MAX_FRAME:
        raise Refused(t("This is too much at once, so nothing of it was sent."))
    try:
        json.dumps(said, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        raise Refused(t("There are characters in it that are no characters, so nothing of it was sent.")) from None
    except (ValueError, RecursionError):
        raise Refused(NOT_UNDERSTOOD) from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def ref_of(said: Json) -> int | None:
    """Give the number that an answer is to repeat; None where there is none."""
    ref = said.get("ref")
    return ref if isinstance(ref, int) and not isinstance(ref, bool) and abs(ref) <= LARGEST_WHOLE else None


def request_of(said: Json) -> Request:
    """Read an object as the request that its `op` names. Raises Refused."""
    op = said.get("op")
    model = MODELS.get(op) if isinstance(op, str) else None
    if model is None:
        raise Refused(NO_SUCH_THING)
    try:
        return model.model_validate(said)
    except ValidationError as error:
        raise Refused(_sentence(error)) from None


def texts_in(value: Any, name: str) -> list[str]:
    """Read a value as a list of texts. Raises Refused."""
    try:
        return TEXTS.validate_python(value, strict=True)
    except ValidationError:
        raise Refused(_not_understood(name)) from None


def _sentence(error: ValidationError) -> str:
    """Say what is wrong with the first field that does not fit."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name, *inside = first["loc"]
    if inside or first["type"] == "list_type":
        return _not_understood(str(name))
    return t("The page left out the {name}; load it again.", name=str(name))


def _not_understood(name: str) -> str:
    return t("The page sent {name} that cannot be understood; load it again.", name=name)
