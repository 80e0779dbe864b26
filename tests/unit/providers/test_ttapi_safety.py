"""No answer of TTAPI's raises anything but a classified error, and no secret gets out."""

import logging

import httpx
import pytest
from hypothesis import given

from bot.errors import ProviderError
from tests.unit.providers.fake_vendor import KEY, Vendor, extend, video
from tests.unit.providers.hostile_answers import (
    Hostile,
    any_answer,
    any_body,
    survives,
)
from tests.unit.providers.ttapi_documents import (
    ACCEPTED,
    FINISHED,
    HOOK,
    JOB,
    REFUSED,
    VIDEOS,
    unfinished,
)


async def test_neither_key_nor_callback_gets_into_a_log_or_an_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    request = video(callback_url=HOOK)
    vendor = Vendor(httpx.Response(400, json={"message": f"cannot call {HOOK} now"}))
    with pytest.raises(ProviderError) as caught:
        await vendor.provider.submit(request)
    assert caught.value.message == "cannot call <link> now"
    await Vendor(FINISHED).provider.poll(JOB)
    for shown in (caplog.text, str(caught.value), repr(caught.value), repr(request)):
        assert KEY not in shown
        assert HOOK not in shown


KEYS = ("status", "message", "data", "jobId", "job_id", "videos", "progress", "quota", "error", "hookUrl", "balance")
DOCUMENTS = (ACCEPTED, FINISHED, unfinished("ON_QUEUE"), unfinished("FAILED", "job timeout"), REFUSED)
WORDS = ("SUCCESS", "FAILED", "ON_QUEUE", JOB, "30", VIDEOS[0], HOOK)


@given(any_answer(KEYS, WORDS, DOCUMENTS))
async def test_no_answer_makes_a_call_raise_anything_but_a_provider_error(answer: Hostile) -> None:
    assert await survives(Vendor(answer.response()), video(), extend(), JOB)


@given(any_body(KEYS, WORDS, [FINISHED]))
def test_no_callback_names_a_job_that_is_no_name(body: bytes) -> None:
    assert len(Vendor({}).provider.parse_callback(body) or "") <= 128
