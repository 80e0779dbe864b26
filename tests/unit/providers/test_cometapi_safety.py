"""No answer of CometAPI's raises anything but a classified error, and no secret gets out."""

import logging
import traceback

import httpx
import pytest
from hypothesis import given

from bot.errors import ProviderError
from bot.providers.cometapi import CometApi
from tests.unit.providers.cometapi_documents import (
    FINISHED,
    HOOK,
    JOB,
    SECRET,
    VIDEOS,
    gateway,
    unfinished,
)
from tests.unit.providers.fake_vendor import KEY, Vendor, extend, start, video
from tests.unit.providers.hostile_answers import (
    Hostile,
    any_answer,
    any_body,
    survives,
)

KEYS = (
    "code",
    "description",
    "result",
    "properties",
    "bannedWord",
    "error",
    "message",
    "id",
    "status",
    "state",
    "progress",
    "failReason",
    "videoUrls",
    "videoUrl",
    "imageUrl",
    "url",
)
WORDS = (1, 3, 4, 9, 21, 22, 23, 24, 30, "SUCCESS", "FAILURE", "MODAL", "", JOB, "58%", VIDEOS[0], SECRET, "队列已满")


@given(any_answer(KEYS, WORDS))
async def test_no_answer_makes_a_call_raise_anything_but_a_provider_error(answer: Hostile) -> None:
    assert await survives(Vendor(answer.response(), make=CometApi), video(clips=4), extend(callback_url=HOOK), JOB)


@given(any_body(KEYS, WORDS))
def test_no_callback_raises_anything(body: bytes) -> None:
    named = CometApi(KEY).parse_callback(body)
    assert named is None or 0 < len(named) <= 128


@pytest.mark.parametrize("status", [200, 400, 401, 503])
@pytest.mark.parametrize("make", [video, extend])
async def test_neither_key_nor_callback_gets_into_a_log_or_an_error(
    make: object, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    request = video(clips=4, callback_url=HOOK) if make is video else extend(callback_url=HOOK)
    answer = httpx.Response(status, json=gateway(f"cannot keep {SECRET} nor call {HOOK} now"))
    with pytest.raises(ProviderError) as caught:
        await start(Vendor(answer, make=CometApi), request)
    assert caught.value.message == "cannot keep <state> nor call <link> now"
    shown = "".join(traceback.format_exception(caught.value))
    for place in (caplog.text, shown, repr(caught.value), repr(caught.value.args), repr(request)):
        assert KEY not in place
        assert SECRET not in place


async def test_a_snapshot_does_not_show_the_state_that_it_repeats(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for answer in (FINISHED, unfinished("FAILURE", failReason=f"lost {SECRET}"), unfinished("NAPPING")):
        snapshot = await Vendor(answer, make=CometApi).provider.poll(JOB)
        assert snapshot.echo == SECRET
        assert SECRET not in repr(snapshot)
    assert SECRET not in caplog.text
    assert KEY not in caplog.text
