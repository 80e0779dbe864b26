"""Bodies as the page shows them: short, without secrets, and still JSON."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.harness import Sandbox
from sandbox.web.body_preview import ITEMS, TEXT, WHOLE, BodyPreview
from sandbox.web.redaction import Redactor
from tests.support.fork_server import start_sandbox


@pytest_asyncio.fixture
async def sandbox(tmp_path: Path) -> AsyncGenerator[Sandbox]:
    async with start_sandbox(tmp_path) as sandbox:
        yield sandbox


@pytest.fixture
def short(sandbox: Sandbox) -> BodyPreview:
    return BodyPreview(Redactor(sandbox))


def test_what_is_short_stays_as_it_is(short: BodyPreview) -> None:
    body = {"content": "a boat", "flags": 32768, "on": True, "off": None, "parts": [1, 2.5, {"deep": [0]}]}
    assert short.body(body) == body


def test_a_megabyte_of_picture_becomes_a_line_that_says_so(short: BodyPreview) -> None:
    assert short.body({"base64": "A" * 3_000_000}) == {"base64": f"{'A' * TEXT}… (3,000,000 characters)"}


def test_long_lists_and_objects_say_how_much_more_there_is(short: BodyPreview) -> None:
    assert short.body(list(range(100))) == [*range(ITEMS), f"… and {100 - ITEMS} more"]
    shown = short.body({str(n): n for n in range(100)})
    assert isinstance(shown, dict)
    assert shown["…"] == f"and {100 - ITEMS} more"


def test_no_body_gets_much_longer_than_it_may(short: BodyPreview) -> None:
    wide = {str(n): {str(m): ["x" * 1000] * 100 for m in range(100)} for n in range(100)}
    deep: object = "x"
    for _ in range(5000):
        deep = [deep]
    for body in (wide, deep):
        assert len(json.dumps(short.body(body))) < 2 * WHOLE


def test_secrets_are_blotted_out_also_where_a_text_is_cut(sandbox: Sandbox, short: BodyPreview) -> None:
    token = sandbox.discord.token
    secret = "s3cr3t" * 5
    body = {
        "token": secret,
        "Authorization": f"Bot {token}",
        "hookUrl": f"http://127.0.0.1:1/hooks/v1/1m8e2erx/{secret}",
        "text": "x" * (TEXT - 20) + token + "x" * 1000,
        "url": f"http://cdn/attachments/1/2/a.png?ex=66&is=65&hm={secret}&",
        "film": f"[watch](http://h/films/1m8e2erx/1/{secret}.mp4)",
        "path": f"/webhooks/123/{secret}/messages/@original",
        sandbox.provider.key: [sandbox.provider.key],
    }
    said = json.dumps(short.body(body))
    for hidden in (secret, token, token[:12], sandbox.provider.key):
        assert hidden not in said
    assert "/hooks/…" in json.loads(said)["hookUrl"]


def test_an_answer_is_read_as_far_as_that_makes_sense(short: BodyPreview) -> None:
    assert short.answer(None) is None
    assert short.answer(b'{"a": [1]}') == {"a": [1]}
    assert short.answer(b"<html>\xff") == "<html>\ufffd"
    assert short.answer(b'"' + b"x" * 1_000_000) == "(1,000,001 bytes)"
