"""TTAPI's wire format, held against each documented example and against answers that contradict the documents."""

import json
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Motion, Resolution, Speed
from bot.errors import ErrorKind, ProviderError
from bot.providers.base import ExtendRequest, Provider, RemoteState, Snapshot, VideoRequest
from bot.providers.ttapi import TTAPI, Ttapi
from tests.providers.ttapi_documents import (
    ACCEPTED,
    ACCEPTED_IN_THE_NEWER_PAGES,
    FINISHED,
    HOOK,
    JOB,
    QUEUED_JOB,
    REFUSED,
    VIDEOS,
    WRONG_KEY,
    finished,
    unfinished,
)

Answer = Callable[[httpx.Request], httpx.Response]
KEY = "tt-key-0123456789"


class Vendor:
    """Stand at the other end of the wire: remember the requests, give the answers in turn (the last one for ever)."""

    def __init__(self, *answers: httpx.Response | Mapping[str, object] | Exception) -> None:
        self.requests: list[httpx.Request] = []
        self._answers = list(answers)
        self.ttapi = Ttapi(KEY, "https://api.ttapi.example", transport=httpx.MockTransport(self._answer))

    @property
    def body(self) -> Any:
        return json.loads(self.requests[-1].content)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


def video(**changes: Any) -> VideoRequest:
    asked: dict[str, Any] = {
        "client_token": "token",
        "prompt": "a paper boat",
        "image_url": "https://cdn.example/boat.png",
        "end_url": None,
        "loop": False,
        "motion": Motion.HIGH,
        "resolution": Resolution.HD,
        "clips": 2,
        "speed": None,
        "callback_url": None,
    }
    return VideoRequest(**{**asked, **changes})


def extend(**changes: Any) -> ExtendRequest:
    asked: dict[str, Any] = {
        "client_token": "token",
        "parent_ref": "9fd71109-f508-4f0e-a26c-d776d6b38b58",
        "index": 0,
        "prompt": "a paper boat",
        "motion": Motion.LOW,
        "resolution": Resolution.SD,
        "clips": 4,
        "callback_url": None,
    }
    return ExtendRequest(**{**asked, **changes})


async def submit_error(vendor: Vendor) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await vendor.ttapi.submit(video())
    return caught.value


async def poll_error(vendor: Vendor, remote_id: str = JOB) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await vendor.ttapi.poll(remote_id)
    return caught.value


def said(error: ProviderError) -> tuple[ErrorKind, str]:
    return error.kind, error.accepted


def test_it_is_a_provider() -> None:
    provider: Provider = Ttapi(KEY)
    assert (provider.name, provider.title, provider.capabilities) == ("ttapi", "TTAPI", TTAPI)


async def test_a_submit_sends_every_option() -> None:
    vendor = Vendor(ACCEPTED)
    submitted = await vendor.ttapi.submit(video())
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
    assert (request.method, str(request.url)) == ("POST", "https://api.ttapi.example/midjourney/video/submit")
    assert request.headers["TT-API-KEY"] == KEY
    assert request.headers["Content-Type"] == "application/json"
    assert len(vendor.requests) == 1


async def test_a_submit_sends_an_end_image_and_a_callback_only_when_there_is_one() -> None:
    vendor = Vendor(ACCEPTED)
    await vendor.ttapi.submit(
        video(end_url="https://cdn.example/end.png", callback_url=HOOK, speed=Speed.FAST, motion=None, clips=4)
    )
    assert vendor.body["endingUrl"] == "https://cdn.example/end.png"
    assert vendor.body["hookUrl"] == HOOK
    assert (vendor.body["manual"], vendor.body["mode"], vendor.body["bs"]) == ("low", "fast", 4)


async def test_an_extend_names_the_parent_and_the_clip_from_zero() -> None:
    vendor = Vendor(ACCEPTED)
    assert (await vendor.ttapi.extend(extend(index=3, clips=1, callback_url=HOOK))).remote_id == JOB
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
        await (vendor.ttapi.submit(request_) if isinstance(request_, VideoRequest) else vendor.ttapi.extend(request_))
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
    assert (await Vendor(answer).ttapi.submit(video())).remote_id == JOB


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
    assert error.passes is (status in (429, 499))


@pytest.mark.parametrize("status", [400, 401, 402, 403, 429, 499])
async def test_a_refusal_as_an_html_page_is_a_refusal_all_the_same(status: int) -> None:
    error = await submit_error(Vendor(httpx.Response(status, html="<html>no</html>")))
    assert (error.accepted, error.message) == ("no", "an HTML page")


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 524, 408, 302, 303])
async def test_a_submit_that_ends_in_doubt_is_never_called_refused(status: int) -> None:
    error = await submit_error(Vendor(httpx.Response(status, json=REFUSED, headers={"Location": "https://x.example/"})))
    assert said(error) == (ErrorKind.OUTCOME_UNKNOWN, "maybe")
    assert not error.passes


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
        await vendor.ttapi.submit(video(prompt="a \ud800 boat"))
    assert said(caught.value) == (ErrorKind.INVALID_REQUEST, "no")
    assert vendor.requests == []


async def test_a_poll_asks_by_get_with_the_id_in_the_query() -> None:
    vendor = Vendor(FINISHED)
    await vendor.ttapi.poll(JOB)
    request = vendor.requests[0]
    assert (request.method, request.url.path) == ("GET", "/midjourney/video/fetch")
    assert dict(request.url.params) == {"jobId": JOB}
    assert request.content == b""
    assert request.headers["TT-API-KEY"] == KEY


async def test_a_finished_job_is_read() -> None:
    assert await Vendor(FINISHED).ttapi.poll(JOB) == Snapshot(RemoteState.SUCCEEDED, 100, VIDEOS, JOB, "30", echo=HOOK)


@pytest.mark.parametrize(("word", "state"), [("PENDING_QUEUE", RemoteState.WAITING), ("ON_QUEUE", RemoteState.RUNNING)])
async def test_an_unfinished_job_is_read(word: str, state: RemoteState) -> None:
    assert await Vendor(unfinished(word)).ttapi.poll(QUEUED_JOB) == Snapshot(state, echo=HOOK)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("job timeout", ErrorKind.JOB_TIMEOUT),
        ("Job Timeout", ErrorKind.JOB_TIMEOUT),
        ("[Banned prompt detected] blood", ErrorKind.MODERATED_PROMPT),
        ("[Image denied] the filter", ErrorKind.MODERATED_IMAGE),
        ("[Invalid link!] Could not fetch", ErrorKind.BAD_IMAGE_LINK),
        ("[Invalid parameter] --x", ErrorKind.INVALID_REQUEST),
        ("[Internal error]", ErrorKind.UPSTREAM),
        ("[Internal server error] 1", ErrorKind.UPSTREAM),
        ("Failed to process your command", ErrorKind.UPSTREAM),
        ("Unknown Integration", ErrorKind.UPSTREAM),
        ("Unknown Message", ErrorKind.UPSTREAM),
        ("never seen before", ErrorKind.UPSTREAM),
        ("", ErrorKind.UPSTREAM),
    ],
)
async def test_a_failed_job_says_why(message: str, kind: ErrorKind) -> None:
    snapshot = await Vendor(unfinished("FAILED", message)).ttapi.poll(QUEUED_JOB)
    assert snapshot.state is RemoteState.FAILED
    assert snapshot.error is not None
    assert (said(snapshot.error), snapshot.error.message) == ((kind, "yes"), message)
    assert snapshot.cost is None


async def test_a_failed_job_whose_data_is_a_list_is_failed() -> None:
    answer: dict[str, object] = {"status": "FAILED", "message": "job timeout", "jobId": JOB, "data": []}
    assert (await Vendor(answer).ttapi.poll(JOB)).state is RemoteState.FAILED


async def test_a_failure_that_names_no_job_says_nothing_about_ours() -> None:
    """It may be about the request; taking it for the job's end could lose a paid result."""
    assert said(await poll_error(Vendor(REFUSED))) == (ErrorKind.BAD_RESPONSE, "yes")


async def test_an_answer_about_another_job_is_not_believed() -> None:
    assert said(await poll_error(Vendor(FINISHED), QUEUED_JOB)) == (ErrorKind.BAD_RESPONSE, "yes")


async def test_an_unknown_state_counts_as_running_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        snapshot = await Vendor(unfinished("NAPPING")).ttapi.poll(QUEUED_JOB)
    assert snapshot == Snapshot(RemoteState.RUNNING, echo=HOOK)
    assert "'NAPPING'" in caplog.text


@pytest.mark.parametrize("status", [None, "", 3, [], {"a": 1}])
async def test_an_answer_without_a_state_is_no_answer(status: object) -> None:
    assert said(await poll_error(Vendor({**FINISHED, "status": status}))) == (ErrorKind.BAD_RESPONSE, "yes")


@pytest.mark.parametrize(
    ("progress", "read"),
    [
        (None, None),
        ("0", 0),
        ("42", 42),
        ("42%", 42),
        (" 42.9 % ", 42),
        (42, 42),
        (42.9, 42),
        (-5, 0),
        ("-5", 0),
        (250, 100),
        (10**400, None),
        ("9" * 400, None),
        (True, None),
        ("soon", None),
        ("٤٢", None),
        ([42], None),
        ({}, None),
        ("", None),
    ],
)
async def test_progress_is_read_from_whatever_it_is(progress: object, read: int | None) -> None:
    assert (await Vendor(finished(progress=progress)).ttapi.poll(JOB)).progress == read


@pytest.mark.parametrize(
    ("quota", "cost"),
    [
        ("30", "30"),
        (30, "30"),
        (30.0, "30"),
        ("12.5", "12.5"),
        ("0", None),
        (0, None),
        (None, None),
        (-3, None),
        ("free", None),
        (True, None),
        ([30], None),
    ],
)
async def test_what_was_charged_is_read(quota: object, cost: str | None) -> None:
    assert (await Vendor(finished(quota=quota)).ttapi.poll(JOB)).cost == cost


@pytest.mark.parametrize("videos", [None, [], "", VIDEOS[0], {}, 4, [None], ["not a link"], ["ftp://x/0.mp4"], [["x"]]])
async def test_a_success_without_videos_is_polled_on(videos: object) -> None:
    snapshot = await Vendor(finished(videos=videos)).ttapi.poll(JOB)
    assert (snapshot.state, snapshot.clips) == (RemoteState.RUNNING, ())
    assert snapshot.error is not None
    assert said(snapshot.error) == (ErrorKind.RESULT_MISSING, "yes")


async def test_a_video_that_cannot_be_read_never_shifts_the_others() -> None:
    """A clip's place is what an extend pays for."""
    snapshot = await Vendor(finished(videos=[VIDEOS[0], None, VIDEOS[2]])).ttapi.poll(JOB)
    assert (snapshot.state, snapshot.clips) == (RemoteState.RUNNING, (VIDEOS[0], VIDEOS[2]))
    assert snapshot.error is not None
    assert snapshot.error.kind is ErrorKind.RESULT_MISSING


async def test_fewer_videos_than_asked_are_a_result() -> None:
    snapshot = await Vendor(finished(videos=[VIDEOS[0]])).ttapi.poll(JOB)
    assert (snapshot.state, snapshot.clips) == (RemoteState.SUCCEEDED, VIDEOS[:1])


async def test_more_videos_than_can_be_are_cut() -> None:
    assert (await Vendor(finished(videos=list(VIDEOS) * 500)).ttapi.poll(JOB)).clips == VIDEOS


@pytest.mark.parametrize("status", [404, 405, 400])
async def test_a_poll_falls_back_to_post_and_remembers_it(status: int) -> None:
    vendor = Vendor(httpx.Response(status), FINISHED)
    assert (await vendor.ttapi.poll(JOB)).state is RemoteState.SUCCEEDED
    await vendor.ttapi.poll(JOB)
    assert [request.method for request in vendor.requests] == ["GET", "POST", "POST"]
    assert vendor.requests[1].url == "https://api.ttapi.example/midjourney/video/fetch"
    assert vendor.body == {"jobId": JOB}


async def test_once_a_verb_has_worked_a_404_means_an_unknown_job() -> None:
    vendor = Vendor(FINISHED, httpx.Response(404))
    await vendor.ttapi.poll(JOB)
    assert said(await poll_error(vendor)) == (ErrorKind.NOT_FOUND, "yes")
    assert [request.method for request in vendor.requests] == ["GET", "GET"]


@pytest.mark.parametrize("answers", [(404, 404), (404, 405), (405, 404), (400, 404)])
async def test_a_job_that_neither_verb_knows_is_not_found(answers: tuple[int, int]) -> None:
    vendor = Vendor(*map(httpx.Response, answers))
    assert said(await poll_error(vendor)) == (ErrorKind.NOT_FOUND, "yes")
    assert [request.method for request in vendor.requests] == ["GET", "POST"]


async def test_an_unknown_job_does_not_decide_the_verb() -> None:
    vendor = Vendor(httpx.Response(404), httpx.Response(404), FINISHED)
    await poll_error(vendor)
    await vendor.ttapi.poll(JOB)
    assert [request.method for request in vendor.requests] == ["GET", "POST", "GET"]


async def test_a_verb_that_stops_working_is_forgotten() -> None:
    vendor = Vendor(FINISHED, httpx.Response(405), httpx.Response(405), FINISHED)
    await vendor.ttapi.poll(JOB)
    await poll_error(vendor)
    assert (await vendor.ttapi.poll(JOB)).state is RemoteState.SUCCEEDED
    assert [request.method for request in vendor.requests] == ["GET", "GET", "GET", "POST"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, ErrorKind.AUTH),
        (402, ErrorKind.INSUFFICIENT_BALANCE),
        (403, ErrorKind.ACCOUNT_BLOCKED),
        (429, ErrorKind.RATE_LIMITED),
        (500, ErrorKind.UPSTREAM),
        (502, ErrorKind.UPSTREAM),
        (504, ErrorKind.UPSTREAM),
        (302, ErrorKind.UPSTREAM),
        (308, ErrorKind.BAD_RESPONSE),
        (200, ErrorKind.BAD_RESPONSE),
    ],
)
async def test_a_poll_that_fails_leaves_the_job_accepted_and_is_not_asked_twice(status: int, kind: ErrorKind) -> None:
    vendor = Vendor(httpx.Response(status, html="<html>"))
    assert said(await poll_error(vendor)) == (kind, "yes")
    assert len(vendor.requests) == 1


async def test_neither_key_nor_callback_gets_into_a_log_or_an_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    request = video(callback_url=HOOK)
    vendor = Vendor(httpx.Response(400, json={"message": f"cannot call {HOOK} now"}))
    with pytest.raises(ProviderError) as caught:
        await vendor.ttapi.submit(request)
    assert caught.value.message == "cannot call <link> now"
    await Vendor(FINISHED).ttapi.poll(JOB)
    for shown in (caplog.text, str(caught.value), repr(caught.value), repr(request)):
        assert KEY not in shown
        assert HOOK not in shown


any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["SUCCESS", "FAILED", "ON_QUEUE", JOB, "30", VIDEOS[0], "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["status", "message", "data", "jobId", "job_id", "videos", "progress", "quota", "error"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)
any_answer = st.dictionaries(
    st.sampled_from(["status", "message", "data", "jobId", "job_id", "error"]), any_json, max_size=6
)
any_body = any_answer.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=200)
any_status = st.sampled_from([200, 200, 200, 201, 204, 301, 302, 400, 401, 404, 405, 418, 429, 499, 500, 504])
any_retry_after = st.none() | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40) | st.integers()


def response(status: int, body: bytes, retry_after: object) -> httpx.Response:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return httpx.Response(status, content=body, headers=headers)


@given(any_status, any_body, any_retry_after)
async def test_no_answer_makes_a_submit_raise_anything_but_a_provider_error(
    status: int, body: bytes, retry_after: object
) -> None:
    with suppress(ProviderError):
        submitted = await Vendor(response(status, body, retry_after)).ttapi.submit(video())
        assert 0 < len(submitted.remote_id) <= 128


@given(any_status, any_body, any_retry_after)
async def test_no_answer_makes_a_poll_raise_anything_but_a_provider_error(
    status: int, body: bytes, retry_after: object
) -> None:
    with suppress(ProviderError):
        snapshot = await Vendor(response(status, body, retry_after)).ttapi.poll(JOB)
        assert snapshot.progress is None or 0 <= snapshot.progress <= 100
        assert all(clip.startswith(("https://", "http://")) for clip in snapshot.clips)
        assert (snapshot.state is RemoteState.FAILED) <= (snapshot.error is not None)
        assert (snapshot.state is RemoteState.SUCCEEDED) <= bool(snapshot.clips and snapshot.error is None)
