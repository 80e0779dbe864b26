"""CometAPI's submits and extends, held against each documented example and against answers that contradict them."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from bot.domain.params import Motion, PromptMode, ProviderImageRef, Resolution, Speed
from bot.errors import ErrorKind, ProviderError
from bot.providers.base import Provider
from bot.providers.cometapi import COMETAPI, CometApi
from bot.providers.types import ExtendRequest, VideoRequest
from tests.unit.providers.cometapi_documents import (
    ACCEPTED,
    ALLOWED,
    BANNED,
    EXISTS,
    FIELDS,
    HOOK,
    JOB,
    NO_ACCOUNT,
    NO_PROMPT,
    QUEUE_FULL,
    QUEUE_FULL_IN_NEWER_VERSIONS,
    QUEUED,
    REQUIRED,
    REQUIRED_WITH_ACTION,
    SAMPLE_ANSWER,
    SAMPLE_REQUEST,
    SECRET,
    SYSTEM_FAILURE,
    WRONG_TASK,
    gateway,
    relay,
)
from tests.unit.providers.fake_vendor import KEY, Vendor, said, start
from tests.unit.providers.fake_vendor import extend as any_extend
from tests.unit.providers.fake_vendor import video as any_video

PARENT = "1320098173412546"
PICTURE_URL = "https://cdn.example/boat.png"


def video(**changes: Any) -> VideoRequest:
    return any_video(**{"clips": 4, **changes})


def extend(**changes: Any) -> ExtendRequest:
    return any_extend(**{"parent_ref": PARENT, **changes})


def comet(*answers: httpx.Response | Mapping[str, object] | Exception) -> Vendor:
    return Vendor(*answers, make=CometApi)


async def refusal(vendor: Vendor, request: VideoRequest | ExtendRequest | None = None) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await start(vendor, request or video())
    return caught.value


def test_it_is_a_provider() -> None:
    provider: Provider = CometApi(KEY)
    assert (provider.name, provider.title, provider.capabilities) == ("cometapi", "CometAPI", COMETAPI)


async def test_a_submit_sends_every_option() -> None:
    vendor = comet(ACCEPTED)
    assert (await vendor.provider.submit(video(callback_url=HOOK))).remote_id == JOB
    assert vendor.body == {
        "motion": "high",
        "image": PICTURE_URL,
        "prompt": "a paper boat",
        "videoType": "vid_1.1_i2v_720",
        "noStorage": False,
        "state": SECRET,
    }
    (request,) = vendor.requests
    assert (request.method, str(request.url)) == ("POST", "https://api.vendor.example/mj/submit/video")
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.headers["Content-Type"] == "application/json"


async def test_an_extend_names_the_parent_and_the_clip_from_zero() -> None:
    vendor = comet(ACCEPTED)
    assert (await vendor.provider.extend(extend(index=3, image_url=PICTURE_URL, callback_url=HOOK))).remote_id == JOB
    assert vendor.body == {
        "action": "extend",
        "index": 3,
        "taskId": PARENT,
        "image": PICTURE_URL,
        "motion": "low",
        "prompt": "a paper boat",
        "videoType": "vid_1.1_i2v_480",
        "noStorage": False,
        "state": SECRET,
    }
    assert vendor.requests[0].url.path == "/mj/submit/video"


async def test_an_extend_whose_picture_is_gone_goes_without() -> None:
    vendor = comet(ACCEPTED)
    await vendor.provider.extend(extend())
    assert "image" not in vendor.body


async def test_no_motion_is_low_motion() -> None:
    vendor = comet(ACCEPTED)
    await vendor.provider.submit(video(motion=None))
    assert vendor.body["motion"] == "low"


@pytest.mark.parametrize("url", [None, "", "https://bot.example/hooks/", f"https://bot.example/{'x' * 256}"])
async def test_a_state_that_the_vendor_would_not_keep_is_not_sent(url: str | None) -> None:
    vendor = comet(ACCEPTED)
    await vendor.provider.submit(video(callback_url=url))
    assert "state" not in vendor.body


async def test_the_documented_sample_can_be_asked_for() -> None:
    vendor = comet(ACCEPTED)
    await vendor.provider.submit(video(motion=Motion.LOW, image_url=SAMPLE_REQUEST["image"]))
    assert SAMPLE_REQUEST.items() <= vendor.body.items()


@pytest.mark.parametrize("motion", Motion)
@pytest.mark.parametrize("resolution", Resolution)
@pytest.mark.parametrize("make", [video, extend])
async def test_what_is_sent_is_what_the_document_allows(make: Any, resolution: Resolution, motion: Motion) -> None:
    vendor = comet(ACCEPTED)
    await start(vendor, make(motion=motion, resolution=resolution, image_url=PICTURE_URL, callback_url=HOOK))
    body: dict[str, Any] = vendor.body
    assert REQUIRED | (REQUIRED_WITH_ACTION if "action" in body else set()) <= body.keys()
    assert {name: type(value) for name, value in body.items()} == {name: FIELDS[name] for name in body}
    assert all(body[name] in values for name, values in ALLOWED.items() if name in body)
    missing = REQUIRED_WITH_ACTION | {"action"} if make is video else set[str]()
    assert FIELDS.keys() - body.keys() == missing


@pytest.mark.parametrize(
    "request_",
    [
        video(loop=True),
        video(end_url=PICTURE_URL),
        video(speed=Speed.FAST),
        video(clips=2),
        video(prompt_mode=PromptMode.MANUAL),
        video(image_url=None, provider_image=ProviderImageRef(JOB, 0)),
        extend(clips=1),
        extend(prompt_mode=PromptMode.AUTO),
    ],
    ids=str,
)
async def test_an_option_that_cometapi_lacks_is_never_sent(request_: VideoRequest | ExtendRequest) -> None:
    vendor = comet(ACCEPTED)
    assert said(await refusal(vendor, request_)) == (ErrorKind.INVALID_REQUEST, "no")
    assert vendor.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        ACCEPTED,
        QUEUED,
        EXISTS,
        {**ACCEPTED, "code": "1"},
        {**ACCEPTED, "code": 99},
        {**ACCEPTED, "description": "任务超时 账号 1", "properties": None},
        {"result": JOB, "description": "账号 7"},
    ],
    ids=str,
)
@pytest.mark.parametrize("request_", [video(), extend()], ids=["video", "extend"])
async def test_a_task_is_taken_by_its_id(request_: VideoRequest | ExtendRequest, answer: Mapping[str, object]) -> None:
    assert (await start(comet(answer), request_)).remote_id == JOB


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (QUEUE_FULL, ErrorKind.QUEUE_FULL),
        (QUEUE_FULL_IN_NEWER_VERSIONS, ErrorKind.QUEUE_FULL),
        ({"code": 5, "description": "队列已满"}, ErrorKind.QUEUE_FULL),
        (BANNED, ErrorKind.MODERATED_PROMPT),
        ({"code": 24, "description": "no"}, ErrorKind.MODERATED_PROMPT),
        (NO_ACCOUNT, ErrorKind.UPSTREAM),
        ({"code": 3, "description": "No available account instance"}, ErrorKind.UPSTREAM),
        ({"code": 3, "description": "关联任务不存在或已失效"}, ErrorKind.NOT_FOUND),
        (NO_PROMPT, ErrorKind.INVALID_REQUEST),
        (WRONG_TASK, ErrorKind.INVALID_REQUEST),
        (SYSTEM_FAILURE, ErrorKind.UPSTREAM),
        ({**SYSTEM_FAILURE, "code": "9"}, ErrorKind.UPSTREAM),
        ({"code": 30, "description": "busy"}, ErrorKind.RATE_LIMITED),
        (relay("quota_not_enough"), ErrorKind.INSUFFICIENT_BALANCE),
        (relay("task_not_found"), ErrorKind.NOT_FOUND),
        ({"code": 4, "description": "Invalid link! Could not fetch"}, ErrorKind.BAD_IMAGE_LINK),
        ({"code": 9, "description": "[Image denied] the filter"}, ErrorKind.MODERATED_IMAGE),
        (gateway("bad", "invalid_request"), ErrorKind.INVALID_REQUEST),
        (gateway("用户额度不足"), ErrorKind.INSUFFICIENT_BALANCE),
        ({"error": "quota_not_enough"}, ErrorKind.INSUFFICIENT_BALANCE),
    ],
    ids=str,
)
async def test_a_refusal_that_http_calls_a_success_is_a_refusal(answer: Mapping[str, object], kind: ErrorKind) -> None:
    error = await refusal(comet(answer))
    assert (said(error), error.http_status) == ((kind, "no"), 200)
    assert error.is_transient is (kind in (ErrorKind.QUEUE_FULL, ErrorKind.RATE_LIMITED))


async def test_a_banned_word_is_told_to_the_admin() -> None:
    assert (await refusal(comet(BANNED))).message == "可能包含敏感词 (nude)"


@pytest.mark.parametrize(
    "answer",
    [
        SAMPLE_ANSWER,
        {},
        {"code": 1},
        {**ACCEPTED, "result": None},
        {**ACCEPTED, "result": ""},
        {**ACCEPTED, "result": -7},
        {**ACCEPTED, "result": "../x"},
        {**ACCEPTED, "result": None, "description": "队列已满"},
        {**QUEUED, "result": []},
        {**EXISTS, "result": {}},
        {"code": 5, "description": "任务超时"},
        {"code": 5, "description": "never seen before"},
        {"code": True, "description": "x"},
        gateway("never seen before"),
        relay("do_request_failed", 5),
    ],
    ids=str,
)
async def test_an_answer_with_neither_a_task_nor_a_known_refusal_is_ambiguous(answer: Mapping[str, object]) -> None:
    assert said(await refusal(comet(answer))) == (ErrorKind.BAD_RESPONSE, "maybe")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, gateway("model name is required (request id: ...)"), ErrorKind.INVALID_REQUEST),
        (500, gateway("a malformed request", "invalid_request"), ErrorKind.INVALID_REQUEST),
        (401, gateway("invalid token"), ErrorKind.AUTH),
        (402, gateway("pay first"), ErrorKind.INSUFFICIENT_BALANCE),
        (403, gateway("user account is blocked"), ErrorKind.ACCOUNT_BLOCKED),
        (403, gateway("用户额度不足"), ErrorKind.INSUFFICIENT_BALANCE),
        (403, gateway("...", "insufficient_user_quota"), ErrorKind.INSUFFICIENT_BALANCE),
        (403, gateway("...", "pre_consume_token_quota_failed"), ErrorKind.INSUFFICIENT_BALANCE),
        (404, gateway("Invalid URL (POST /mj/submit/video)"), ErrorKind.NOT_FOUND),
        (429, gateway("slow down"), ErrorKind.RATE_LIMITED),
        (400, relay("quota_not_enough"), ErrorKind.INSUFFICIENT_BALANCE),
        (400, relay("task_not_found"), ErrorKind.NOT_FOUND),
        (400, relay("task_status_not_success"), ErrorKind.INVALID_REQUEST),
        (429, relay(" 当前分组负载已饱和", 30), ErrorKind.RATE_LIMITED),
        (400, QUEUE_FULL, ErrorKind.QUEUE_FULL),
    ],
    ids=str,
)
async def test_a_refused_submit_was_surely_not_accepted(
    status: int, body: Mapping[str, object], kind: ErrorKind
) -> None:
    error = await refusal(comet(httpx.Response(status, json=body)))
    assert (said(error), error.http_status) == ((kind, "no"), status)


async def test_a_task_may_be_named_by_a_number() -> None:
    vendor = comet({**ACCEPTED, "result": 1773314942177684})
    assert (await vendor.provider.submit(video())).remote_id == "1773314942177684"


async def test_a_refusal_in_unknown_words_stays_unknown_unless_the_key_opens_nothing() -> None:
    refused = httpx.Response(403, json=gateway("no entry"))
    for free, kind in ((httpx.Response(204), ErrorKind.FORBIDDEN), (httpx.Response(401), ErrorKind.AUTH)):
        assert said(await refusal(comet(refused, free))) == (kind, "no")


@pytest.mark.parametrize(
    "words",
    [
        "do_request_failed",
        "close_request_body_failed",
        "read_response_body_failed",
        "unmarshal_response_body_failed",
        "empty_response_body",
        "copy_response_body_failed",
        "close_response_body_failed",
        "insert_midjourney_task_failed",
    ],
)
@pytest.mark.parametrize("status", [200, 400])
async def test_a_relay_that_fails_after_it_handed_the_request_on_leaves_it_open(status: int, words: str) -> None:
    error = await refusal(comet(httpx.Response(status, json=relay(words))))
    assert (said(error), error.http_status) == ((ErrorKind.OUTCOME_UNKNOWN, "maybe"), status)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 524, 408, 302, 303])
async def test_a_submit_that_ends_in_doubt_is_never_called_refused(status: int) -> None:
    error = await refusal(comet(httpx.Response(status, json=gateway("quota_not_enough"), headers={"Location": "/"})))
    assert said(error) == (ErrorKind.OUTCOME_UNKNOWN, "maybe")


async def test_a_wrong_path_may_be_answered_by_a_redirect_or_a_page() -> None:
    moved = comet(httpx.Response(301, headers={"Location": "https://elsewhere.example/"}))
    assert said(await refusal(moved)) == (ErrorKind.BAD_RESPONSE, "no")
    assert len(moved.requests) == 1
    page = comet(httpx.Response(200, html="<!doctype html><title>CometAPI</title>"))
    assert said(await refusal(page)) == (ErrorKind.BAD_RESPONSE, "maybe")
