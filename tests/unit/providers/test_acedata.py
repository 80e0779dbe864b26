"""AceData's submits and extends, held against each documented example and against answers that contradict them."""

from typing import Any

import httpx
import pytest

from bot.domain.params import Motion, PromptMode, ProviderImageRef, Resolution, Speed
from bot.errors import ErrorKind, ProviderError
from bot.providers.acedata import ACEDATA, AceData
from bot.providers.base import Provider
from bot.providers.types import ExtendRequest, VideoRequest
from tests.unit.providers.acedata_documents import (
    ACCEPTED,
    ALLOWED,
    CALLED_BACK_JOB,
    ERRORS,
    GUIDE_REQUESTS,
    HOOK,
    IMAGE_ANSWER,
    IMAGE_TASK,
    JOB,
    MODERATED,
    RESULT,
    SAMPLE_REQUEST,
    VIDEO_ID,
    generate,
    go_on,
    refusal,
)
from tests.unit.providers.fake_vendor import (
    KEY,
    Vendor,
    said,
    start,
    submit_error,
)


def vendor(*answers: Any) -> Vendor:
    return Vendor(*answers, make=AceData)


def test_it_is_a_provider() -> None:
    provider: Provider = AceData(KEY)
    assert (provider.name, provider.title, provider.capabilities) == ("acedata", "AceData", ACEDATA)


async def test_a_submit_sends_every_option() -> None:
    acedata = vendor(ACCEPTED)
    asked = generate(
        prompt="A cat sitting on a table",
        image_url="https://cdn.acedata.cloud/jgo1cw.jpg",
        end_url="https://cdn.example/end.png",
        speed=Speed.TURBO,
        resolution=Resolution.HD,
        callback_url=HOOK,
    )
    assert (await acedata.provider.submit(asked)).remote_id == CALLED_BACK_JOB
    assert acedata.body == {
        "action": "generate",
        "prompt": "A cat sitting on a table",
        "image_url": "https://cdn.acedata.cloud/jgo1cw.jpg",
        "end_image_url": "https://cdn.example/end.png",
        "mode": "turbo",
        "resolution": "720p",
        "loop": False,
        "callback_url": HOOK,
    }
    request = acedata.requests[0]
    assert (request.method, str(request.url)) == ("POST", "https://api.vendor.example/midjourney/videos")
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.headers["Accept"] == "application/json"
    assert len(acedata.requests) == 1


async def test_the_cheap_and_safe_options_are_sent_where_nothing_else_was_asked_for() -> None:
    acedata = vendor(ACCEPTED)
    await acedata.provider.submit(generate(speed=None, callback_url=HOOK))
    assert (acedata.body["mode"], acedata.body["resolution"]) == ("fast", "480p")
    assert "end_image_url" not in acedata.body


async def test_a_loop_is_asked_for() -> None:
    acedata = vendor(ACCEPTED)
    await acedata.provider.submit(generate(loop=True))
    assert acedata.body["loop"] is True


async def test_an_extend_names_the_parent_by_its_video_and_the_clip_from_zero() -> None:
    acedata = vendor(ACCEPTED)
    assert (await acedata.provider.extend(go_on(index=3, callback_url=HOOK))).remote_id == CALLED_BACK_JOB
    assert acedata.body == {
        "action": "extend",
        "prompt": "a paper boat",
        "video_id": VIDEO_ID,
        "video_index": 3,
        "mode": "fast",
        "resolution": "480p",
        "loop": False,
        "callback_url": HOOK,
    }


@pytest.mark.parametrize("asked", [generate(), go_on()], ids=["generate", "extend"])
async def test_acedata_is_told_to_answer_at_once_whether_it_can_call_back_or_not(asked: Any) -> None:
    acedata = vendor(ACCEPTED)
    await start(acedata, asked)
    assert acedata.body["async"] is True
    assert "callback_url" not in acedata.body


@pytest.mark.parametrize(
    "asked",
    [
        generate(callback_url=HOOK, end_url="https://x.example/e.png"),
        generate(callback_url=HOOK, loop=True, resolution=Resolution.HD, speed=Speed.TURBO),
        go_on(callback_url=HOOK),
        go_on(callback_url=HOOK, resolution=Resolution.HD),
    ],
    ids=["end image", "loop", "extend", "extend in hd"],
)
async def test_each_field_is_one_that_the_documented_sample_has(asked: Any) -> None:
    acedata = vendor(ACCEPTED)
    await start(acedata, asked)
    sent = acedata.body
    assert {name: type(value) for name, value in sent.items()}.items() <= {
        name: type(value) for name, value in SAMPLE_REQUEST.items()
    }.items()
    assert all(sent[name] in allowed for name, allowed in ALLOWED.items())


async def test_every_field_of_the_documented_sample_can_be_sent() -> None:
    sent: set[str] = set()
    for asked in (generate(end_url="https://x.example/e.png", callback_url=HOOK), go_on(callback_url=HOOK)):
        acedata = vendor(ACCEPTED)
        await start(acedata, asked)
        sent |= acedata.body.keys()
    assert sent == SAMPLE_REQUEST.keys()


async def test_the_requests_of_the_guide_can_be_made() -> None:
    first, second = GUIDE_REQUESTS
    made = (
        generate(prompt=first["prompt"], image_url=first["image_url"]),
        go_on(prompt=second["prompt"], parent_ref=second["video_id"], index=second["video_index"]),
    )
    for documented, asked in zip(GUIDE_REQUESTS, made, strict=True):
        acedata = vendor(ACCEPTED)
        await start(acedata, asked)
        assert documented.items() <= acedata.body.items()


@pytest.mark.parametrize(
    "asked",
    [
        generate(motion=Motion.LOW),
        generate(clips=1),
        generate(speed=Speed.RELAX),
        generate(prompt_mode=PromptMode.AUTO),
        generate(image_url=None, provider_image=ProviderImageRef(IMAGE_TASK, 0)),
        go_on(motion=Motion.HIGH),
        go_on(clips=2),
        go_on(prompt_mode=PromptMode.MANUAL),
    ],
    ids=str,
)
async def test_an_option_that_acedata_lacks_is_never_sent(asked: VideoRequest | ExtendRequest) -> None:
    acedata = vendor(ACCEPTED)
    with pytest.raises(ProviderError) as caught:
        await start(acedata, asked)
    assert said(caught.value) == (ErrorKind.INVALID_REQUEST, "no")
    assert acedata.requests == []


@pytest.mark.parametrize(
    ("answer", "remote_id"),
    [
        (ACCEPTED, CALLED_BACK_JOB),
        (RESULT, JOB),
        (IMAGE_ANSWER, IMAGE_TASK),
        ({"id": JOB}, JOB),
        ({"success": False, "task_id": JOB, **refusal("forbidden", MODERATED)}, JOB),
    ],
    ids=["at once", "when done", "the page's sample", "a record", "a failure that names its task"],
)
async def test_a_task_id_is_found_wherever_it_stands(answer: Any, remote_id: str) -> None:
    assert (await vendor(answer).provider.submit(generate())).remote_id == remote_id


@pytest.mark.parametrize("task_id", [None, "", 7, True, [], {}, "x" * 129, "a b", "../x", "a\nb"])
async def test_an_acceptance_without_a_sane_task_id_is_ambiguous(task_id: object) -> None:
    error = await submit_error(vendor({"task_id": task_id, "success": True}), generate())
    assert said(error) == (ErrorKind.BAD_RESPONSE, "maybe")


@pytest.mark.parametrize(
    ("status", "body", "kind", "accepted"),
    [
        (*documented, kind, accepted)
        for documented, (kind, accepted) in zip(
            ERRORS,
            [
                (ErrorKind.INVALID_REQUEST, "no"),
                (ErrorKind.INVALID_REQUEST, "no"),
                (ErrorKind.AUTH, "no"),
                (ErrorKind.INVALID_REQUEST, "no"),
                (ErrorKind.AUTH, "no"),
                (ErrorKind.MODERATED_PROMPT, "no"),
                (ErrorKind.INSUFFICIENT_BALANCE, "no"),
                (ErrorKind.RATE_LIMITED, "no"),
                (ErrorKind.OUTCOME_UNKNOWN, "maybe"),
                (ErrorKind.OUTCOME_UNKNOWN, "maybe"),
                (ErrorKind.OUTCOME_UNKNOWN, "maybe"),
            ],
            strict=True,
        )
    ],
)
async def test_each_documented_error_is_classified(status: int, body: Any, kind: ErrorKind, accepted: str) -> None:
    error = await submit_error(vendor(httpx.Response(status, json=body)), generate())
    assert said(error) == (kind, accepted)
    assert (error.http_status, error.message) == (status, body["error"]["message"])
    assert error.is_transient is (status == 429)


@pytest.mark.parametrize(
    ("body", "kind", "accepted"),
    [
        (refusal("bad_request", "prompt is required"), ErrorKind.INVALID_REQUEST, "no"),
        (refusal("bad_request", "Banned prompt detected: balance"), ErrorKind.MODERATED_PROMPT, "no"),
        (refusal("token_mismatched", "The specified token is not matched with API."), ErrorKind.AUTH, "no"),
        (refusal("invalid_token", ""), ErrorKind.AUTH, "no"),
        (refusal("forbidden", MODERATED), ErrorKind.MODERATED_PROMPT, "no"),
        (refusal("used_up", "Balance insufficient"), ErrorKind.INSUFFICIENT_BALANCE, "no"),
        (refusal("too_many_requests", "You have exceeded the rate limit."), ErrorKind.RATE_LIMITED, "no"),
        (refusal("api_error", "fetch failed"), ErrorKind.UPSTREAM, "maybe"),
        (refusal("timeout", "Timeout to generate the image."), ErrorKind.JOB_TIMEOUT, "maybe"),
        (refusal("never_heard_of", MODERATED), ErrorKind.MODERATED_PROMPT, "maybe"),
        ({"success": False, "error": "no"}, ErrorKind.BAD_RESPONSE, "maybe"),
        ({"success": False}, ErrorKind.BAD_RESPONSE, "maybe"),
        ({"error": [], "trace_id": 3}, ErrorKind.BAD_RESPONSE, "maybe"),
    ],
)
async def test_a_200_with_an_error_inside_is_refused_only_by_a_code_that_surely_refuses(
    body: Any, kind: ErrorKind, accepted: str
) -> None:
    error = await submit_error(vendor(body), generate())
    assert (said(error), error.http_status) == ((kind, accepted), 200)


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (402, "", ErrorKind.INSUFFICIENT_BALANCE),
        (403, "Your balance is not sufficient, says our moderator", ErrorKind.INSUFFICIENT_BALANCE),
        (403, "The quota is used up", ErrorKind.INSUFFICIENT_BALANCE),
        (403, "Insufficient permissions", ErrorKind.AUTH),
        (403, "Your account has been closed", ErrorKind.ACCOUNT_BLOCKED),
        (403, "This account is disabled", ErrorKind.ACCOUNT_BLOCKED),
        (403, "Suspended until Monday", ErrorKind.ACCOUNT_BLOCKED),
        (403, "Our AI moderators feel your image might be against our standards", ErrorKind.MODERATED_IMAGE),
        (400, "[Image denied] by the filter", ErrorKind.MODERATED_IMAGE),
        (400, "[Invalid link!] no picture", ErrorKind.BAD_IMAGE_LINK),
        (404, "no such video", ErrorKind.NOT_FOUND),
        (422, "", ErrorKind.INVALID_REQUEST),
    ],
)
async def test_a_refusal_is_told_by_its_words_balance_first(status: int, message: str, kind: ErrorKind) -> None:
    error = await submit_error(vendor(httpx.Response(status, json=refusal("forbidden", message))), generate())
    assert said(error) == (kind, "no")


def forbidden(message: str, status: int = 403) -> httpx.Response:
    return httpx.Response(status, json=refusal("forbidden", message))


@pytest.mark.parametrize("refused", [forbidden(""), forbidden("Access denied"), forbidden("who are you", 200)])
async def test_a_refusal_in_unknown_words_is_the_prompts_if_the_same_key_opens_the_free_list(
    refused: httpx.Response,
) -> None:
    acedata = vendor(refused, {"items": [], "count": 0})
    error = await submit_error(acedata, generate())
    assert (said(error), error.presumed) == ((ErrorKind.MODERATED_PROMPT, "no"), True)
    submitted, listed = acedata.requests
    assert (submitted.url.path, listed.url.path) == ("/midjourney/videos", "/midjourney/tasks")
    assert submitted.headers["Authorization"] == listed.headers["Authorization"]


@pytest.mark.parametrize(
    ("listed", "kind"),
    [
        (httpx.Response(401, json=refusal("invalid_token", "")), ErrorKind.AUTH),
        (forbidden("Access denied"), ErrorKind.AUTH),
        (forbidden("This account is disabled"), ErrorKind.ACCOUNT_BLOCKED),
        (httpx.Response(402), ErrorKind.INSUFFICIENT_BALANCE),
        (httpx.Response(500), ErrorKind.FORBIDDEN),
        (httpx.ConnectError("no"), ErrorKind.FORBIDDEN),
        (httpx.Response(429), ErrorKind.FORBIDDEN),
    ],
)
async def test_a_refusal_in_unknown_words_is_our_keys_only_if_the_free_list_says_so(
    listed: httpx.Response | Exception, kind: ErrorKind
) -> None:
    error = await submit_error(vendor(forbidden("Access denied"), listed), generate())
    assert (said(error), error.presumed, error.message) == ((kind, "no"), False, "Access denied")


async def test_known_words_of_a_refusal_need_no_second_question() -> None:
    acedata = vendor(forbidden(MODERATED))
    error = await submit_error(acedata, generate())
    assert (error.kind, error.presumed, len(acedata.requests)) == (ErrorKind.MODERATED_PROMPT, False, 1)


@pytest.mark.parametrize("status", [301, 307, 308])
async def test_a_submit_is_never_sent_on_to_another_address(status: int) -> None:
    acedata = vendor(httpx.Response(status, headers={"Location": "https://elsewhere.example/"}))
    assert said(await submit_error(acedata, generate())) == (ErrorKind.BAD_RESPONSE, "no")
    assert len(acedata.requests) == 1


@pytest.mark.parametrize("body", [b"<html>please wait</html>", b"", b"null", b"[]", b"{}", b'{"task_id":"037'])
async def test_a_200_that_cannot_be_read_is_ambiguous(body: bytes) -> None:
    error = await submit_error(vendor(httpx.Response(200, content=body)), generate())
    assert said(error) == (ErrorKind.BAD_RESPONSE, "maybe")
