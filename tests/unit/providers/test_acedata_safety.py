"""No answer of AceData's raises anything but a classified error, and no secret gets out."""

import logging
from typing import Any

import httpx
import pytest
from hypothesis import given

from bot.errors import ErrorKind, ProviderError
from bot.providers.acedata import AceData
from tests.unit.providers.acedata_documents import (
    ACCEPTED,
    BATCH,
    CALLED_BACK,
    ERRORS,
    HOOK,
    JOB,
    RESULT,
    VIDEO_ID,
    VIDEOS,
    generate,
    go_on,
    task,
)
from tests.unit.providers.fake_vendor import KEY, Vendor
from tests.unit.providers.hostile_answers import (
    Hostile,
    any_answer,
    any_body,
    survives,
)

KEYS = (
    "id",
    "task_id",
    "request",
    "response",
    "success",
    "state",
    "error",
    "code",
    "message",
    "progress",
    "video_urls",
    "video_id",
    "callback_url",
    "items",
    "count",
    "started_at",
)
DOCUMENTS = (ACCEPTED, task(RESULT), task({"progress": 42}), task({"success": False}), BATCH, ERRORS[0][1])
WORDS = ("used_up", "forbidden", "bad_request", "timeout", "completed", "failed", JOB, VIDEO_ID, VIDEOS[0], HOOK)


@given(any_answer(KEYS, WORDS, DOCUMENTS))
async def test_no_answer_makes_a_call_raise_anything_but_a_provider_error(answer: Hostile) -> None:
    assert await survives(Vendor(answer.response(), make=AceData), generate(), go_on(), JOB)


@given(any_body(KEYS, WORDS, [task(RESULT), CALLED_BACK]))
def test_no_callback_names_a_task_that_is_no_name(body: bytes) -> None:
    assert len(Vendor({}, make=AceData).provider.parse_callback(body) or "") <= 128


async def test_neither_key_nor_callback_gets_into_a_log_or_an_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asked = generate(callback_url=HOOK)
    body = {"error": {"code": "bad_request", "message": f"cannot call {HOOK} now"}}
    with pytest.raises(ProviderError) as caught:
        await Vendor(httpx.Response(400, json=body), make=AceData).provider.submit(asked)
    assert caught.value.message == "cannot call <link> now"
    snapshot = await Vendor(task(RESULT), make=AceData).provider.poll(JOB)
    failure = await Vendor(task({"success": False, **body}), make=AceData).provider.poll(JOB)
    for shown in (caplog.text, str(caught.value), repr(caught.value), repr(asked), repr(snapshot), repr(failure)):
        assert KEY not in shown
        assert HOOK not in shown


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [(status, body, ErrorKind.AUTH) for status, body in ERRORS if status == 401 or "token" in str(body)],
)
async def test_a_wrong_key_is_told_by_trying_it(status: int, body: Any, kind: ErrorKind) -> None:
    with pytest.raises(ProviderError) as caught:
        await Vendor(httpx.Response(status, json=body), make=AceData).provider.account()
    assert caught.value.kind is kind
