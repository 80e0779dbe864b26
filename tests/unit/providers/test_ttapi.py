"""TTAPI's submits and extends, held against each documented example and against answers that contradict them."""

from collections.abc import Mapping

import httpx
import pytest

from bot.domain.params import Speed
from bot.errors import ErrorKind, ProviderError
from bot.providers.base import Provider
from bot.providers.ttapi.videos import TTAPI, Ttapi
from bot.providers.types import ExtendRequest, VideoRequest
from tests.unit.providers.fake_vendor import (
    KEY,
    Vendor,
    extend,
    poll_error,
    said,
    submit_error,
    video,
)
from tests.unit.providers.ttapi_documents import (
    ACCEPTED,
    ACCEPTED_IN_THE_NEWER_PAGES,
    HOOK,
    JOB,
    REFUSED,
    WRONG_KEY,
)


def test_it_is_a_provider() -> None:
    provider: Provider = Ttapi(KEY)
    assert (provider.name, provider.title, provider.capabilities) == ("ttapi", "TTAPI", TTAPI)


async def test_a_submit_sends_every_option() -> None:
    vendor = Vendor(ACCEPTED)
    submitted = await vendor.provider.submit(video())
    assert submitted.remote_id == JOB
    assert vendor.body == {
        "prompt": "a paper boat",
        "imageUrl": "https://cdn.example/boat.png",
        "mode": "fast",
        "manual": "high",
        "resolution": "hd",
        "bs": 2,
    }
    request = vendor.requests[0]
    assert (request.method, str(request.url)) == ("POST", "https://api.vendor.example/midjourney/video/submit")
    assert request.headers["TT-API-KEY"] == KEY
    assert request.headers["Content-Type"] == "application/json"
    assert len(vendor.requests) == 1


async def test_a_submit_sends_an_end_image_and_a_callback_only_when_there_is_one() -> None:
    vendor = Vendor(ACCEPTED)
    await vendor.provider.submit(
        video(end_url="https://cdn.example/end.png", callback_url=HOOK, speed=Speed.FAST, motion=None, clips=4)
    )
    assert vendor.body["endingUrl"] == "https://cdn.example/end.png"
    assert vendor.body["hookUrl"] == HOOK
    assert (vendor.body["manual"], vendor.body["mode"], vendor.body["bs"]) == ("low", "fast", 4)


async def test_an_extend_names_the_parent_and_the_clip_from_zero() -> None:
    vendor = Vendor(ACCEPTED)
    assert (await vendor.provider.extend(extend(index=3, clips=1, callback_url=HOOK))).remote_id == JOB
    assert vendor.body == {
        "jobId": "9fd71109-f508-4f0e-a26c-d776d6b38b58",
        "index": 3,
        "manual": "low",
        "animateMode": "auto",
        "bs": 1,
        "hookUrl": HOOK,
    }
    assert (vendor.requests[0].method, vendor.requests[0].url.path) == ("POST", "/midjourney/video/extend")


@pytest.mark.parametrize(
    "request_", [video(loop=True), video(speed=Speed.TURBO), video(clips=3), extend(clips=0)], ids=str
)
async def test_an_option_that_ttapi_lacks_is_never_sent(request_: VideoRequest | ExtendRequest) -> None:
    vendor = Vendor(ACCEPTED)
    with pytest.raises(ProviderError) as caught:
        await (
            vendor.provider.submit(request_) if isinstance(request_, VideoRequest) else vendor.provider.extend(request_)
        )
    assert said(caught.value) == (ErrorKind.INVALID_REQUEST, "no")
    assert vendor.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        ACCEPTED,
        ACCEPTED_IN_THE_NEWER_PAGES,
        {"status": "SUCCESS", "jobId": JOB, "data": []},
        {"job_id": JOB},
        {"status": "SUCCESS", "data": {"jobId": None, "job_id": JOB}},
        {"status": "FAILED", "message": "odd", "data": {"jobId": JOB}},
    ],
)
async def test_a_job_id_is_found_wherever_it_stands(answer: Mapping[str, object]) -> None:
    assert (await Vendor(answer).provider.submit(video())).remote_id == JOB


@pytest.mark.parametrize("job_id", [None, "", 7, True, [], {}, "x" * 129, "a b", "../x", "a\nb", "a/b?c", "é"])
async def test_an_acceptance_without_a_sane_job_id_is_ambiguous(job_id: object) -> None:
    error = await submit_error(Vendor({"status": "SUCCESS", "message": "success", "data": {"jobId": job_id}}))
    assert said(error) == (ErrorKind.BAD_RESPONSE, "maybe")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, REFUSED, ErrorKind.INVALID_REQUEST),
        (400, {"status": "FAILED", "message": "banned prompt words：sexy"}, ErrorKind.MODERATED_PROMPT),
        (400, {"status": "FAILED", "message": "[Invalid link!] no picture"}, ErrorKind.BAD_IMAGE_LINK),
        (401, WRONG_KEY, ErrorKind.AUTH),
        (402, REFUSED, ErrorKind.INSUFFICIENT_BALANCE),
        (403, REFUSED, ErrorKind.ACCOUNT_BLOCKED),
        (404, REFUSED, ErrorKind.NOT_FOUND),
        (405, REFUSED, ErrorKind.INVALID_REQUEST),
        (413, REFUSED, ErrorKind.INVALID_REQUEST),
        (422, {"detail": []}, ErrorKind.INVALID_REQUEST),
        (429, REFUSED, ErrorKind.RATE_LIMITED),
        (499, REFUSED, ErrorKind.QUEUE_FULL),
    ],
)
async def test_a_refused_submit_was_surely_not_accepted(
    status: int, body: Mapping[str, object], kind: ErrorKind
) -> None:
    error = await submit_error(Vendor(httpx.Response(status, json=body)))
    assert said(error) == (kind, "no")
    assert error.http_status == status
    assert error.is_transient is (status in (429, 499))


@pytest.mark.parametrize("status", [400, 401, 402, 403, 429, 499])
async def test_a_refusal_as_an_html_page_is_a_refusal_all_the_same(status: int) -> None:
    error = await submit_error(Vendor(httpx.Response(status, html="<html>no</html>")))
    assert (error.accepted, error.message) == ("no", "an HTML page")


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 524, 408, 302, 303])
async def test_a_submit_that_ends_in_doubt_is_never_called_refused(status: int) -> None:
    error = await submit_error(Vendor(httpx.Response(status, json=REFUSED, headers={"Location": "https://x.example/"})))
    assert said(error) == (ErrorKind.OUTCOME_UNKNOWN, "maybe")
    assert not error.is_transient


@pytest.mark.parametrize("status", [301, 307, 308])
async def test_a_submit_is_never_sent_on_to_another_address(status: int) -> None:
    vendor = Vendor(httpx.Response(status, headers={"Location": "https://elsewhere.example/"}))
    assert said(await submit_error(vendor)) == (ErrorKind.BAD_RESPONSE, "no")
    assert len(vendor.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, html="<html>please wait</html>"),
        httpx.Response(200, content=b""),
        httpx.Response(204),
        httpx.Response(200, content=b'{"status":"SUCCESS","data":{"jobId":"943'),
        httpx.Response(200, content=b"[" * 100_000),
        httpx.Response(200, content=b"\xff\xfe\x00"),
        httpx.Response(200, json=[ACCEPTED]),
        httpx.Response(200, json="SUCCESS"),
        httpx.Response(200, json={}),
        httpx.Response(200, json={"status": "SUCCESS"}),
        httpx.Response(200, json={"status": ["FAILED"], "data": JOB}),
    ],
    ids=lambda answer: repr(answer.content[:24]),
)
async def test_a_200_that_cannot_be_read_is_ambiguous(answer: httpx.Response) -> None:
    assert said(await submit_error(Vendor(answer))) == (ErrorKind.BAD_RESPONSE, "maybe")


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("", ErrorKind.INVALID_REQUEST),
        ("banned prompt words：sexy", ErrorKind.MODERATED_PROMPT),
        ("[Banned prompt detected] blood", ErrorKind.MODERATED_PROMPT),
        ("[Invalid parameter] bs", ErrorKind.INVALID_REQUEST),
    ],
)
async def test_a_200_that_says_failed_was_not_accepted(message: str, kind: ErrorKind) -> None:
    error = await submit_error(Vendor({"status": "FAILED", "message": message, "data": None}))
    assert (said(error), error.message) == ((kind, "no"), message)


@pytest.mark.parametrize(
    ("failure", "kind", "accepted"),
    [
        (httpx.ConnectError("x"), ErrorKind.UNREACHABLE, "no"),
        (httpx.ConnectTimeout("x"), ErrorKind.UNREACHABLE, "no"),
        (httpx.PoolTimeout("x"), ErrorKind.UNREACHABLE, "no"),
        (httpx.ReadTimeout("x"), ErrorKind.OUTCOME_UNKNOWN, "maybe"),
        (httpx.WriteTimeout("x"), ErrorKind.OUTCOME_UNKNOWN, "maybe"),
        (httpx.ReadError("x"), ErrorKind.OUTCOME_UNKNOWN, "maybe"),
        (httpx.WriteError("x"), ErrorKind.OUTCOME_UNKNOWN, "maybe"),
        (httpx.CloseError("x"), ErrorKind.OUTCOME_UNKNOWN, "maybe"),
        (httpx.RemoteProtocolError("x"), ErrorKind.OUTCOME_UNKNOWN, "maybe"),
        (httpx.LocalProtocolError("x"), ErrorKind.OUTCOME_UNKNOWN, "maybe"),
        (TimeoutError(), ErrorKind.OUTCOME_UNKNOWN, "maybe"),
        (ConnectionResetError(), ErrorKind.OUTCOME_UNKNOWN, "maybe"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
async def test_network_trouble_is_told_apart_by_whether_the_body_may_have_left(
    failure: Exception, kind: ErrorKind, accepted: str
) -> None:
    assert said(await submit_error(Vendor(failure))) == (kind, accepted)
    assert said(await poll_error(Vendor(failure))) == (ErrorKind.UNREACHABLE, "yes")


async def test_a_prompt_that_cannot_be_written_as_utf8_is_refused_before_it_is_sent() -> None:
    vendor = Vendor(ACCEPTED)
    with pytest.raises(ProviderError) as caught:
        await vendor.provider.submit(video(prompt="a \ud800 boat"))
    assert said(caught.value) == (ErrorKind.INVALID_REQUEST, "no")
    assert vendor.requests == []
