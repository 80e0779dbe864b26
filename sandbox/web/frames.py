"""Reading what a browser sends: every field is checked, and what is wrong with it is one sentence."""

from __future__ import annotations

import json
from typing import Any, NoReturn, cast

from sandbox.discord.json_types import Json, as_id
from sandbox.web.errors import Refused

MAX_FRAME = 256 * 1024
"""How many bytes a tab may say at once."""

NOT_UNDERSTOOD = "The page said something that cannot be understood; load it again."

LARGEST_WHOLE = 2**53
"""Whole numbers beyond it are not the same in every language."""


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
        raise Refused("This is too much at once, so nothing of it was sent.")
    try:
        json.dumps(said, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        raise Refused("There are characters in it that are no characters, so nothing of it was sent.") from None
    except (ValueError, RecursionError):
        raise Refused(NOT_UNDERSTOOD) from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def ref_of(said: Json) -> int | None:
    """Give the number that an answer is to repeat; None where there is none."""
    ref = said.get("ref")
    return ref if isinstance(ref, int) and not isinstance(ref, bool) and abs(ref) <= LARGEST_WHOLE else None


def text(said: Json, name: str) -> str:
    """Read a text. Raises Refused."""
    value = said.get(name)
    if not isinstance(value, str):
        raise Refused(f"The page left out the {name}; load it again.")
    return value


def optional_text(said: Json, name: str) -> str | None:
    """Read a text that may be left out. Raises Refused."""
    return None if said.get(name) is None else text(said, name)


def fields(said: Json, name: str) -> Json:
    """Read an object. Raises Refused."""
    value = said.get(name)
    if not isinstance(value, dict):
        raise Refused(f"The page left out the {name}; load it again.")
    return cast("Json", value)


def texts(said: Json, name: str) -> list[str]:
    """Read a list of texts that may be left out. Raises Refused."""
    return texts_in(said.get(name) or [], name)


def texts_in(value: Any, name: str) -> list[str]:
    """Read a value as a list of texts. Raises Refused."""
    items = cast("list[Any]", value) if isinstance(value, list) else [None]
    if not all(isinstance(item, str) for item in items):
        raise Refused(f"The page sent {name} that cannot be understood; load it again.")
    return cast("list[str]", items)


def number_of(value: Any) -> int:
    """Read an id; 0, which nothing has, for what is none."""
    return as_id(value) or 0
