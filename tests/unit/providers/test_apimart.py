"""APIMart's submits, held against each documented example and against answers that contradict them."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import httpx
import pytest

from bot.domain.params import Motion, PromptMode, ProviderImageRef, Resolution, Speed
from bot.errors import ErrorKind
from bot.providers.apimart.videos import APIMART, ApiMart
from bot.providers.base import Provider
from bot.providers.types import VideoRequest
from tests.unit.providers import fake_vendor as wire
from tests.unit.providers.apimart_documents import (
    ACCEPTED,
    BALANCE,
    DEFAULTS,
    ERRORS,
    SIMPLE_REQUEST,
    TASK,
    TRANSITION_REQUEST,
    VIDEO_TYPES,
    WRONG_KEY,
    refusal,
)
from tests.unit.providers.fake_vendor import (
    KEY,
    extend,
    said,
    submit_error,
    video,
)

Vendor = partial(wire.Vendor, make=ApiMart)
FIELDS = {"image_urls", "prompt", "video_type", "animate_mode", "motion", "batch_size"}
TYPES = [(status, type_) for status, type_, _ in ERRORS if status != 422]
NO_IDS: tuple[Any, ...] = (None, "", 7, True, [], {}, "x" * 129, "a b", "../x")
PICTURE = ProviderImageRef("task_01KIMAGINE", 3)
KINDS = {
    400: ErrorKind.INVALID_REQUEST,
    401: ErrorKind.AUTH,
    402: ErrorKind.INSUFFICIENT_BALANCE,
    403: ErrorKind.ACCOUNT_BLOCKED,
    404: ErrorKind.NOT_FOUND,
    422: ErrorKind.MODERATED_PROMPT,
    429: ErrorKind.RATE_LIMITED,
    500: ErrorKind.OUTCOME_UNKNOWN,
    502: ErrorKind.OUTCOME_UNKNOWN,
}


def at_a_picture(**changes: Any) -> VideoRequest:
    return video(**{"image_url": None, "provider_image": PICTURE, **changes})


async def test_a_refusal_in_unknown_words_stays_unknown_unless_the_key_opens_nothing() -> None:
    refused = httpx.Response(403, json=refusal(403, "permission_error", "no entry"))
    for free, kind in ((BALANCE, ErrorKind.FORBIDDEN), (httpx.Response(401), ErrorKind.AUTH)):
        assert said(await submit_error(Vendor(refused, free))) == (kind, "no")


def test_it_is_a_provider() -> None:
    provider: Provider = ApiMart(KEY)
    assert (provider.name, provider.title, provider.capabilities) == ("apimart", "APIMart", APIMART)


async def test_a_submit_sends_every_option() -> None:
    vendor = Vendor(ACCEPTED)
    assert (await vendor.provider.submit(video())).remote_id == TASK
    assert vendor.body == {
        "image_urls": ["https://cdn.example/boat.png"],
        "prompt": "a paper boat",
        "video_type": "vid_1.1_i2v_720",
        "animate_mode": "manual",
        "motion": "high",
        "batch_size": 2,
    }
    request = vendor.requests[0]
    assert (request.method, request.url.path) == ("POST", "/v1/midjourney/generations/video")
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Idempotency-Key"] == "token"
    assert len(vendor.requests) == 1


async def test_the_simple_example_is_a_body_that_is_sent() -> None:
    vendor = Vendor(ACCEPTED)
    await vendor.provider.submit(
        video(
            prompt=SIMPLE_REQUEST["prompt"],
            image_url=SIMPLE_REQUEST["image_urls"][0],
            motion=Motion.HIGH,
            resolution=Resolution.SD,
            clips=4,
        )
    )
    assert vendor.body == {**DEFAULTS, **SIMPLE_REQUEST}


async def test_the_transition_example_is_a_body_that_is_sent_with_the_type_that_it_becomes() -> None:
    vendor = Vendor(ACCEPTED)
    await vendor.provider.submit(
        video(
            prompt=TRANSITION_REQUEST["prompt"],
            image_url=TRANSITION_REQUEST["image_urls"][0],
            end_url=TRANSITION_REQUEST["end_url"],
            motion=Motion.HIGH,
            resolution=Resolution.HD,
            clips=1,
        )
    )
    assert vendor.body == {**DEFAULTS, **TRANSITION_REQUEST, "video_type": "vid_1.1_i2v_start_end_720"}


async def test_each_documented_video_type_can_be_asked_for_and_no_other() -> None:
    vendor = Vendor(ACCEPTED)
    sent: set[str] = set()
    for resolution in Resolution:
        for end_url in (None, "https://cdn.example/end.png"):
            await vendor.provider.submit(video(resolution=resolution, end_url=end_url, motion=None))
            sent.add(vendor.body["video_type"])
            assert vendor.body.get("end_url") == end_url
            assert vendor.body["motion"] == "low"
    assert sent == VIDEO_TYPES


@pytest.mark.parametrize("animate", PromptMode)
async def test_a_job_may_start_at_a_picture_of_an_imagine_task_without_a_prompt(animate: PromptMode) -> None:
    vendor = Vendor(ACCEPTED)
    await vendor.provider.submit(at_a_picture(prompt="", prompt_mode=animate))
    assert set(vendor.body) == FIELDS - {"image_urls"} | {"task_id", "index"}
    assert (vendor.body["task_id"], vendor.body["index"], vendor.body["prompt"]) == ("task_01KIMAGINE", 3, "")
    assert vendor.body["animate_mode"] == animate.value


@pytest.mark.parametrize(
    "request_",
    [
        video(loop=True),
        video(speed=Speed.FAST),
        video(clips=3),
        video(prompt=" "),
        video(image_url=None),
        video(image_url=""),
        video(provider_image=PICTURE),
        video(prompt_mode=PromptMode.AUTO),
        at_a_picture(provider_image=ProviderImageRef("task_1", 4)),
        at_a_picture(provider_image=ProviderImageRef("task_1", -1)),
        video(prompt="a \ud800 boat"),
        extend(),
        extend(prompt_mode=PromptMode.AUTO),
    ],
    ids=str,
)
async def test_what_apimart_lacks_or_forbids_is_never_sent(request_: VideoRequest) -> None:
    vendor = Vendor(ACCEPTED)
    assert said(await submit_error(vendor, request_)) == (ErrorKind.INVALID_REQUEST, "no")
    assert vendor.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        ACCEPTED,
        {"code": 200, "data": {"status": "submitted", "task_id": TASK}},
        {"code": 200, "data": {"id": TASK, "status": "pending"}},
        {"code": 1, "data": [None, {"id": 7}, {"task_id": TASK}]},
        {"task_id": TASK},
        {"id": TASK, "status": "SUBMITTED"},
        {"id": "chatcmpl-1", "data": [{"task_id": TASK}]},
        {**ACCEPTED, "error": {"message": "odd"}},
    ],
    ids=str,
)
async def test_a_task_id_is_found_wherever_it_stands(answer: Mapping[str, object]) -> None:
    assert (await Vendor(answer).provider.submit(video())).remote_id == TASK


@pytest.mark.parametrize(
    "answer",
    [
        *({"code": 200, "data": [{"task_id": task_id}]} for task_id in NO_IDS),
        {"code": 200, "data": []},
        {"code": 200},
        {"code": 21, "description": "the task waits for /modal"},
        {"id": "chatcmpl-1"},
        {},
        {"error": {"message": "who knows", "type": "apimart_error"}},
        httpx.Response(200, html="<html>please wait</html>"),
        httpx.Response(204),
    ],
    ids=str,
)
async def test_an_answer_without_a_task_id_that_does_not_refuse_is_ambiguous(
    answer: httpx.Response | Mapping[str, object],
) -> None:
    assert said(await submit_error(Vendor(answer))) == (ErrorKind.BAD_RESPONSE, "maybe")


@pytest.mark.parametrize(("status", "type_", "message"), ERRORS)
@pytest.mark.parametrize("hidden", [False, True], ids=["by status", "in a 200"])
async def test_each_documented_error_is_understood(status: int, type_: str, message: str, hidden: bool) -> None:
    body = refusal(status, type_, message)
    error = await submit_error(Vendor(httpx.Response(200 if hidden else status, json=body)))
    assert said(error) == (KINDS[status], "maybe" if status >= 500 else "no")
    assert error.message == message
    assert error.is_transient is (status == 429)


@pytest.mark.parametrize(("status", "type_"), [*TYPES, (404, "not_found"), (500, "internal_error")])
async def test_an_error_in_a_200_is_understood_by_its_type_alone(status: int, type_: str) -> None:
    error = await submit_error(Vendor({"error": {"type": type_, "message": "no"}}))
    assert said(error) == (KINDS[status], "maybe" if status >= 500 else "no")


@pytest.mark.parametrize(
    ("code", "words", "kind"),
    [
        (3, "no instance", ErrorKind.QUEUE_FULL),
        (3, "任务不存在", ErrorKind.NOT_FOUND),
        (4, "prompt is required", ErrorKind.INVALID_REQUEST),
        ("4", "prompt is required", ErrorKind.INVALID_REQUEST),
        (9, "service refused", ErrorKind.UPSTREAM),
        (9, "No available upstream", ErrorKind.QUEUE_FULL),
        (9, "无可用实例", ErrorKind.QUEUE_FULL),
        (24, "敏感词", ErrorKind.MODERATED_PROMPT),
        (24, "", ErrorKind.MODERATED_PROMPT),
    ],
)
async def test_each_code_of_a_body_that_refuses_is_understood(code: object, words: str, kind: ErrorKind) -> None:
    error = await submit_error(Vendor({"code": code, "description": words, "result": None}))
    assert (said(error), error.message) == ((kind, "no"), words or "an answer without a task id")


@pytest.mark.parametrize(
    "answer",
    [{"code": 3, "description": "not found"}, httpx.Response(403), refusal(403, "permission_error", "not yours")],
    ids=repr,
)
async def test_an_imagine_task_that_is_unknown_or_somebody_elses_is_not_found(
    answer: httpx.Response | Mapping[str, object],
) -> None:
    assert said(await submit_error(Vendor(answer), at_a_picture())) == (ErrorKind.NOT_FOUND, "no")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, WRONG_KEY, ErrorKind.AUTH),
        (200, WRONG_KEY, ErrorKind.AUTH),
        (400, {"error": {"message": "Banned prompt detected"}}, ErrorKind.MODERATED_PROMPT),
        (400, {"code": 24, "description": "no"}, ErrorKind.MODERATED_PROMPT),
        (403, {"error": {"message": "Insufficient balance"}}, ErrorKind.INSUFFICIENT_BALANCE),
        (422, {"error": {"message": "图片未通过内容审核"}}, ErrorKind.MODERATED_IMAGE),
        (400, {"error": {"message": "[Invalid link!] no picture"}}, ErrorKind.BAD_IMAGE_LINK),
        (200, {"code": 200, "error": "Banned prompt detected"}, ErrorKind.MODERATED_PROMPT),
        (200, {"message": "敏感词"}, ErrorKind.MODERATED_PROMPT),
        (403, {"message": "余额不足"}, ErrorKind.INSUFFICIENT_BALANCE),
        (400, {"message": "task not found"}, ErrorKind.NOT_FOUND),
        (405, {}, ErrorKind.INVALID_REQUEST),
        (413, {}, ErrorKind.INVALID_REQUEST),
    ],
)
async def test_an_error_is_understood_by_its_words(status: int, body: Mapping[str, object], kind: ErrorKind) -> None:
    assert said(await submit_error(Vendor(httpx.Response(status, json=body)))) == (kind, "no")


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 524, 408, 409, 302])
async def test_a_submit_that_ends_in_doubt_is_never_called_refused(status: int) -> None:
    error = await submit_error(Vendor(httpx.Response(status, html="<html>busy</html>")))
    assert said(error) == (ErrorKind.OUTCOME_UNKNOWN, "maybe")


@pytest.mark.parametrize("status", [301, 307, 308])
async def test_a_submit_is_never_sent_on_to_another_address(status: int) -> None:
    vendor = Vendor(httpx.Response(status, headers={"Location": "https://elsewhere.example/"}))
    assert said(await submit_error(vendor)) == (ErrorKind.BAD_RESPONSE, "no")
    assert len(vendor.requests) == 1
