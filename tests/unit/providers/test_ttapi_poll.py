"""TTAPI's fetch, held against each documented example and against answers that contradict them."""

import json
import logging

import httpx
import pytest

from bot.errors import ErrorKind
from bot.providers.ttapi.videos import Ttapi
from bot.providers.types import RemoteState, Snapshot
from tests.unit.providers.fake_vendor import KEY, Vendor, poll_error, said
from tests.unit.providers.ttapi_documents import (
    FINISHED,
    HOOK,
    JOB,
    QUEUED_JOB,
    REFUSED,
    VIDEOS,
    finished,
    unfinished,
)


async def test_a_poll_asks_by_get_with_the_id_in_the_query() -> None:
    vendor = Vendor(FINISHED)
    await vendor.provider.poll(JOB)
    request = vendor.requests[0]
    assert (request.method, request.url.path) == ("GET", "/midjourney/video/fetch")
    assert dict(request.url.params) == {"jobId": JOB}
    assert request.content == b""
    assert request.headers["TT-API-KEY"] == KEY


async def test_a_finished_job_is_read() -> None:
    assert await Vendor(FINISHED).provider.poll(JOB) == Snapshot(
        RemoteState.SUCCEEDED, 100, VIDEOS, JOB, "30", echo=HOOK
    )


@pytest.mark.parametrize(("word", "state"), [("PENDING_QUEUE", RemoteState.WAITING), ("ON_QUEUE", RemoteState.RUNNING)])
async def test_an_unfinished_job_is_read(word: str, state: RemoteState) -> None:
    assert await Vendor(unfinished(word)).provider.poll(QUEUED_JOB) == Snapshot(state, echo=HOOK)


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
    snapshot = await Vendor(unfinished("FAILED", message)).provider.poll(QUEUED_JOB)
    assert snapshot.state is RemoteState.FAILED
    assert snapshot.error is not None
    assert (said(snapshot.error), snapshot.error.message) == ((kind, "yes"), message)
    assert snapshot.cost is None


async def test_a_failed_job_whose_data_is_a_list_is_failed() -> None:
    answer: dict[str, object] = {"status": "FAILED", "message": "job timeout", "jobId": JOB, "data": []}
    assert (await Vendor(answer).provider.poll(JOB)).state is RemoteState.FAILED


async def test_a_failure_that_names_no_job_says_nothing_about_ours() -> None:
    """It may be about the request; taking it for the job's end could lose a paid result."""
    assert said(await poll_error(Vendor(REFUSED))) == (ErrorKind.BAD_RESPONSE, "yes")


async def test_an_answer_about_another_job_is_not_believed() -> None:
    assert said(await poll_error(Vendor(FINISHED), QUEUED_JOB)) == (ErrorKind.BAD_RESPONSE, "yes")


async def test_an_unknown_state_counts_as_running_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        snapshot = await Vendor(unfinished("NAPPING")).provider.poll(QUEUED_JOB)
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
    assert (await Vendor(finished(progress=progress)).provider.poll(JOB)).progress == read


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
    assert (await Vendor(finished(quota=quota)).provider.poll(JOB)).cost == cost


@pytest.mark.parametrize("videos", [None, [], "", VIDEOS[0], {}, 4, [None], ["not a link"], ["ftp://x/0.mp4"], [["x"]]])
async def test_a_success_without_videos_is_polled_on(videos: object) -> None:
    snapshot = await Vendor(finished(videos=videos)).provider.poll(JOB)
    assert (snapshot.state, snapshot.clips) == (RemoteState.RUNNING, ())
    assert snapshot.error is not None
    assert said(snapshot.error) == (ErrorKind.RESULT_MISSING, "yes")


async def test_a_video_that_cannot_be_read_never_shifts_the_others() -> None:
    """A clip's place is what an extend pays for."""
    snapshot = await Vendor(finished(videos=[VIDEOS[0], None, VIDEOS[2]])).provider.poll(JOB)
    assert (snapshot.state, snapshot.clips) == (RemoteState.RUNNING, (VIDEOS[0], VIDEOS[2]))
    assert snapshot.error is not None
    assert snapshot.error.kind is ErrorKind.RESULT_MISSING


async def test_fewer_videos_than_asked_are_a_result() -> None:
    snapshot = await Vendor(finished(videos=[VIDEOS[0]])).provider.poll(JOB)
    assert (snapshot.state, snapshot.clips) == (RemoteState.SUCCEEDED, VIDEOS[:1])


async def test_more_videos_than_can_be_are_cut() -> None:
    assert (await Vendor(finished(videos=list(VIDEOS) * 500)).provider.poll(JOB)).clips == VIDEOS


@pytest.mark.parametrize("status", [404, 405, 400])
async def test_a_poll_falls_back_to_post_and_remembers_it(status: int) -> None:
    vendor = Vendor(httpx.Response(status), FINISHED)
    assert (await vendor.provider.poll(JOB)).state is RemoteState.SUCCEEDED
    await vendor.provider.poll(JOB)
    assert [request.method for request in vendor.requests] == ["GET", "POST", "POST"]
    assert vendor.requests[1].url == "https://api.vendor.example/midjourney/video/fetch"
    assert vendor.body == {"jobId": JOB}


async def test_once_a_verb_has_worked_a_404_means_an_unknown_job() -> None:
    vendor = Vendor(FINISHED, httpx.Response(404))
    await vendor.provider.poll(JOB)
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
    await vendor.provider.poll(JOB)
    assert [request.method for request in vendor.requests] == ["GET", "POST", "GET"]


async def test_a_verb_that_stops_working_is_forgotten() -> None:
    vendor = Vendor(FINISHED, httpx.Response(405), httpx.Response(405), FINISHED)
    await vendor.provider.poll(JOB)
    await poll_error(vendor)
    assert (await vendor.provider.poll(JOB)).state is RemoteState.SUCCEEDED
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


def listed(*items: dict[str, object]) -> dict[str, object]:
    return {"status": "SUCCESS", "message": "success", "data": list(items)}


async def test_a_lost_job_is_found_by_the_callback_that_the_list_repeats() -> None:
    vendor = Vendor(listed({"job_id": "other", "hookUrl": "https://x.example/1"}, {"job_id": JOB, "hookUrl": HOOK}))
    assert await vendor.provider.find("a paper boat", HOOK.__eq__) == JOB


async def test_a_lost_job_is_fetched_where_the_list_does_not_repeat_its_callback() -> None:
    prompt = FINISHED["data"]["prompt"]
    vendor = Vendor(listed({"job_id": "other", "prompt": "a dog"}, {"job_id": JOB, "prompt": prompt}), FINISHED)
    assert await vendor.provider.find(prompt, HOOK.__eq__) == JOB
    assert len(vendor.requests) == 2


async def test_a_job_that_is_nowhere_in_the_lists_is_not_found() -> None:
    vendor = Vendor(listed({"job_id": "other", "hookUrl": "https://x.example/1"}))
    assert await vendor.provider.find("a paper boat", HOOK.__eq__) is None
    assert [dict(request.url.params)["status"] for request in vendor.requests] == [
        "PENDING_QUEUE",
        "ON_QUEUE",
        "SUCCESS",
        "FAILED",
    ]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"data": 3}', b"\xff", b'{"jobId": "../x"}'])
def test_a_callback_that_names_no_job_names_none(body: bytes) -> None:
    assert Ttapi(KEY).parse_callback(body) is None


def test_a_callback_names_its_job() -> None:
    assert Ttapi(KEY).parse_callback(json.dumps(FINISHED).encode()) == JOB
