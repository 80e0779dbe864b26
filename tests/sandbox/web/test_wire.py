"""The types of the wire are one source for both sides."""

import re
from pathlib import Path
from typing import get_type_hints

import pytest
from pydantic import ValidationError

from sandbox.web.errors import Refused
from sandbox.web.frames import request_of
from sandbox.web.wire.events import Events
from sandbox.web.wire.requests import MODELS, Click, Replies, Requests, SendMessage
from sandbox.web.wire.typescript import TARGET, declarations

SCRIPTS = Path(TARGET).parents[1]


def test_the_scripts_types_are_what_the_models_give() -> None:
    assert TARGET.read_text("utf-8") == declarations()


def test_every_request_has_a_reply() -> None:
    assert set(get_type_hints(Requests)) == set(get_type_hints(Replies))


def test_the_page_asks_for_every_request_and_listens_to_every_event() -> None:
    scripts = "\n".join(path.read_text("utf-8") for path in SCRIPTS.rglob("*.js"))
    by_hand = {"click", "select"}  # `interact` asks for both, by a variable
    assert set(re.findall(r'\bask\("(\w+)"', scripts)) | by_hand == set(MODELS)
    assert set(re.findall(r'\bheard\("(\w+)"', scripts)) - {"open", "closed"} == set(get_type_hints(Events))


def test_a_request_is_read_strictly() -> None:
    with pytest.raises(Refused, match="The page left out the content; load it again"):
        request_of({"op": "send_message", "content": 7})
    with pytest.raises(Refused, match="The page sent files that cannot be understood; load it again"):
        request_of({"op": "send_message", "content": "x", "files": ["1", 2]})
    with pytest.raises(Refused, match="The page sent values that cannot be understood; load it again"):
        request_of({"op": "select", "message": "1", "custom_id": "x", "values": "abc"})


def test_what_may_be_left_out_is_empty() -> None:
    assert request_of({"op": "send_message", "content": "x", "files": None}) == SendMessage(content="x", files=[])


def test_an_id_that_is_none_is_one_that_nothing_has() -> None:
    asked = request_of({"op": "click", "message": {"id": "1"}, "custom_id": "go"})
    assert isinstance(asked, Click)
    assert asked.message == 0


def test_a_request_cannot_be_changed_after_it_was_checked() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        SendMessage(content="x").content = "y"  # pyright: ignore[reportAttributeAccessIssue] - that is the point
