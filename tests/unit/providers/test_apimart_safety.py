"""No answer of APIMart's raises anything but a classified error, and no secret gets out."""

import logging
from functools import partial

import httpx
import pytest
from hypothesis import given

from bot.providers.apimart.videos import ApiMart
from tests.unit.providers import fake_vendor as wire
from tests.unit.providers.apimart_documents import TASK, VIDEOS, midjourney
from tests.unit.providers.fake_vendor import KEY, extend, submit_error, video
from tests.unit.providers.hostile_answers import Hostile, any_answer, survives

Vendor = partial(wire.Vendor, make=ApiMart)
HOOK = "https://bot.example/hooks/v1/apimart/job/secret-path"

KEYS = (
    *("code", "data", "status", "task_id", "id", "progress", "video_url", "video_urls", "result", "videos", "images"),
    *("url", "error", "message", "type", "fail_reason", "success", "remain_balance", "unlimited_quota"),
)
WORDS = ("SUCCESS", "completed", "FAILURE", "failed", "MODAL", "100%", TASK, VIDEOS[0], 3, 4, 9, 21, 24, 200, 422, 500)


async def test_neither_key_nor_callback_gets_out(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    vendor = Vendor(httpx.Response(400, json={"error": {"message": f"cannot call {HOOK} now", "type": KEY}}))
    error = await submit_error(vendor, video(callback_url=HOOK))
    assert error.message == "cannot call <link> now"
    await Vendor(midjourney("FAILURE", fail_reason=f"see {HOOK}")).provider.poll(TASK)
    for shown in (caplog.text, str(error), repr(error)):
        assert KEY not in shown
        assert HOOK not in shown
    assert HOOK not in vendor.requests[0].content.decode()


async def test_lost_jobs_and_callbacks_and_services_are_not_on_offer() -> None:
    vendor = Vendor({})
    assert await vendor.provider.find("a paper boat", lambda echo: True) is None
    assert vendor.provider.parse_callback(b'{"task_id": "task_1"}') is None
    assert await vendor.provider.speed_status() == ()
    assert vendor.requests == []


@given(any_answer(KEYS, WORDS, [midjourney("SUCCESS", video_urls=[VIDEOS[0]])]))
async def test_no_answer_makes_a_call_raise_anything_but_a_provider_error(answer: Hostile) -> None:
    assert await survives(Vendor(answer.response()), video(), extend(), TASK)
