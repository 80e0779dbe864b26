"""CometAPI's fetch, held against each documented example and against answers that contradict them."""

import json
import logging
from collections.abc import Mapping

import httpx
import pytest

from bot.errors import ErrorKind, ProviderError
from bot.providers.cometapi import CometApi
from bot.providers.types import Account, RemoteState, Snapshot
from tests.unit.providers.cometapi_documents import (
    FINISHED,
    HOOK,
    JOB,
    PICTURE,
    PICTURE_JOB,
    SECRET,
    VIDEOS,
    finished,
    gateway,
    relay,
    unfinished,
)
from tests.unit.providers.fake_vendor import KEY, Vendor, poll_error, said


def comet(*answers: httpx.Response | Mapping[str, object] | Exception) -> Vendor:
    return Vendor(*answers, make=CometApi)


async def poll(answer: httpx.Response | Mapping[str, object]) -> Snapshot:
    return await comet(answer).provider.poll(JOB)


async def test_a_poll_asks_for_the_task_in_the_path() -> None:
    vendor = comet(FINISHED)
    await vendor.provider.poll(JOB)
    (request,) = vendor.requests
    assert (request.method, str(request.url)) == ("GET", f"https://api.vendor.example/mj/task/{JOB}/fetch")
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.content == b""


async def test_a_finished_task_is_read() -> None:
    assert await poll(FINISHED) == Snapshot(RemoteState.SUCCEEDED, 100, VIDEOS, JOB, echo=SECRET)


@pytest.mark.parametrize("code", [1, None])
async def test_a_task_may_be_wrapped(code: int | None) -> None:
    assert await poll({"code": code, "description": "ok", "result": FINISHED}) == await poll(FINISHED)


async def test_the_documented_picture_task_has_no_video() -> None:
    snapshot = await comet(PICTURE).provider.poll(PICTURE_JOB)
    assert (snapshot.state, snapshot.progress, snapshot.clips) == (RemoteState.RUNNING, 100, ())
    assert snapshot.error is not None
    assert said(snapshot.error) == (ErrorKind.RESULT_MISSING, "yes")


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("", RemoteState.WAITING),
        (None, RemoteState.WAITING),
        ("NOT_START", RemoteState.WAITING),
        ("SUBMITTED", RemoteState.WAITING),
        ("IN_PROGRESS", RemoteState.RUNNING),
        ("in_progress", RemoteState.RUNNING),
        ("MODAL", RemoteState.RUNNING),
    ],
)
async def test_an_unfinished_task_is_read(
    word: str | None, state: RemoteState, caplog: pytest.LogCaptureFixture
) -> None:
    assert await poll(unfinished(word, progress="58%")) == Snapshot(state, 58, echo=SECRET)
    assert caplog.text == ""


async def test_a_task_without_a_status_waits() -> None:
    assert await poll({"id": JOB}) == Snapshot(RemoteState.WAITING)


async def test_progress_may_fall() -> None:
    vendor = comet(unfinished("IN_PROGRESS", progress="58%"), unfinished("SUBMITTED", progress="50%"))
    assert [(await vendor.provider.poll(JOB)).progress for _ in range(2)] == [58, 50]


@pytest.mark.parametrize(
    ("progress", "read"), [("58%", 58), ("", None), (None, None), (58, 58), ("120%", 100), ("soon", None), ([], None)]
)
async def test_progress_is_read_from_whatever_it_is(progress: object, read: int | None) -> None:
    assert (await poll(unfinished("IN_PROGRESS", progress=progress))).progress == read


async def test_an_unknown_state_counts_as_running_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert (await poll(unfinished("NAPPING"))).state is RemoteState.RUNNING
    assert "CometAPI said an unknown state" in caplog.text


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("[Banned prompt detected] blood", ErrorKind.MODERATED_PROMPT),
        ("可能包含敏感词", ErrorKind.MODERATED_PROMPT),
        ("[Image denied] the filter", ErrorKind.MODERATED_IMAGE),
        ("[Invalid link!] Could not fetch", ErrorKind.BAD_IMAGE_LINK),
        ("[Invalid parameter] --x", ErrorKind.INVALID_REQUEST),
        ("任务超时", ErrorKind.JOB_TIMEOUT),
        ("Job Timeout", ErrorKind.JOB_TIMEOUT),
        ("账号已禁用", ErrorKind.UPSTREAM),
        ("never seen before", ErrorKind.UPSTREAM),
        ("", ErrorKind.UPSTREAM),
    ],
)
@pytest.mark.parametrize("word", ["FAILURE", "CANCEL"])
async def test_a_failed_task_says_why(word: str, reason: str, kind: ErrorKind) -> None:
    snapshot = await poll(unfinished(word, failReason=reason, progress="58%"))
    assert (snapshot.state, snapshot.progress, snapshot.echo) == (RemoteState.FAILED, 58, SECRET)
    assert snapshot.error is not None
    assert (said(snapshot.error), snapshot.error.message) == ((kind, "yes"), reason)


async def test_a_failed_task_may_say_why_under_another_name() -> None:
    snapshot = await poll(unfinished("FAILURE", failReason="", fail_reason="[Image denied] the filter"))
    assert snapshot.error is not None
    assert (snapshot.error.kind, snapshot.error.message) == (ErrorKind.MODERATED_IMAGE, "[Image denied] the filter")


async def test_a_task_may_be_named_by_a_number() -> None:
    assert (await poll(finished(id=int(JOB)))).state is RemoteState.SUCCEEDED
    wrong = await poll_error(comet(finished(id=int(JOB) + 1)), JOB)
    assert wrong.kind is ErrorKind.BAD_RESPONSE


async def test_a_task_that_failed_is_not_judged_by_what_its_submit_said() -> None:
    snapshot = await poll(unfinished("FAILURE", failReason=None, description="敏感词"))
    assert snapshot.error is not None
    assert snapshot.error.kind is ErrorKind.UPSTREAM


@pytest.mark.parametrize(
    ("places", "clips"),
    [
        ({"videoUrls": list(VIDEOS), "videoUrl": None}, VIDEOS),
        ({"videoUrls": [{"url": VIDEOS[1]}]}, VIDEOS[1:2]),
        ({"videoUrls": None}, VIDEOS[:1]),
        ({"videoUrls": []}, VIDEOS[:1]),
        ({"videoUrls": [{"thumbnail": "x"}]}, VIDEOS[:1]),
        (
            {"videoUrls": "x", "videoUrl": "https://api.cometapi.com/mj/video/7"},
            ("https://api.cometapi.com/mj/video/7",),
        ),
        ({"videoUrls": None, "videoUrl": "", "imageUrl": VIDEOS[2]}, VIDEOS[2:3]),
        ({"videoUrls": None, "videoUrl": None, "url": f"{VIDEOS[3]}?ex=1#t"}, (f"{VIDEOS[3]}?ex=1#t",)),
        ({"videoUrls": list(VIDEOS) * 9}, VIDEOS),
        ({"videoUrls": None, "videoUrl": None, "video_urls": list(VIDEOS)}, VIDEOS),
        ({"videoUrls": None, "videoUrl": None, "video_urls": [{"url": url} for url in VIDEOS]}, VIDEOS),
        ({"videoUrls": None, "videoUrl": None, "video_urls": json.dumps(VIDEOS)}, VIDEOS),
        ({"videoUrls": json.dumps([{"url": url} for url in VIDEOS]), "videoUrl": None}, VIDEOS),
        ({"videoUrls": None, "videoUrl": "", "video_url": VIDEOS[1]}, VIDEOS[1:2]),
        ({"videoUrls": None, "videoUrl": None, "image_url": VIDEOS[2]}, VIDEOS[2:3]),
        ({"videoUrls": [f" {url} " for url in VIDEOS]}, VIDEOS),
    ],
    ids=str,
)
async def test_videos_are_found_wherever_they_stand(places: Mapping[str, object], clips: tuple[str, ...]) -> None:
    snapshot = await poll(finished(**places))
    assert (snapshot.state, snapshot.clips) == (RemoteState.SUCCEEDED, clips)


@pytest.mark.parametrize(
    "cover",
    [
        f"https://api.cometapi.com/mj/image/{JOB}",
        "https://cdn.example/0.png?of=0.mp4",
        "https://cdn.example/0.png#0.mp4",
        "https://cdn.example/0.mp4/cover.webp",
        "ftp://cdn.example/0.mp4",
        "0.mp4",
        7,
    ],
)
async def test_a_cover_is_no_video(cover: object) -> None:
    snapshot = await poll(finished(videoUrls=None, videoUrl=None, imageUrl=cover, url=cover))
    assert (snapshot.state, snapshot.clips) == (RemoteState.RUNNING, ())
    assert snapshot.error is not None
    assert said(snapshot.error) == (ErrorKind.RESULT_MISSING, "yes")


async def test_a_video_that_cannot_be_read_never_shifts_the_others() -> None:
    """A clip's place is what an extend pays for."""
    snapshot = await poll(finished(videoUrls=[VIDEOS[0], {"url": None}, {}, {"url": VIDEOS[3]}]))
    assert (snapshot.state, snapshot.clips) == (RemoteState.RUNNING, (VIDEOS[0], VIDEOS[3]))
    assert snapshot.error is not None
    assert snapshot.error.kind is ErrorKind.RESULT_MISSING


@pytest.mark.parametrize("state", [None, "", 7, "two words", "\ud800", "é", "x" * 256, [SECRET]])
async def test_a_state_that_cannot_be_ours_is_not_repeated(state: object) -> None:
    assert (await poll(httpx.Response(200, content=json.dumps(finished(state=state))))).echo is None


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(200, content=b"null"), ErrorKind.NOT_FOUND),
        (httpx.Response(204), ErrorKind.NOT_FOUND),
        (httpx.Response(200, content=b""), ErrorKind.NOT_FOUND),
        (httpx.Response(400, json=relay("task_no_found")), ErrorKind.NOT_FOUND),
        (httpx.Response(404), ErrorKind.NOT_FOUND),
        (httpx.Response(200, json=relay("task_no_found")), ErrorKind.NOT_FOUND),
        (httpx.Response(200, json={"code": 3, "description": "任务不存在", "result": None}), ErrorKind.NOT_FOUND),
        (httpx.Response(200, json={"error": "midjourney_task_not_found"}), ErrorKind.NOT_FOUND),
        (httpx.Response(401, json=gateway("invalid token")), ErrorKind.AUTH),
        (httpx.Response(403, json=gateway("no entry")), ErrorKind.FORBIDDEN),
        (httpx.Response(403, json=gateway("user account is blocked")), ErrorKind.ACCOUNT_BLOCKED),
        (httpx.Response(429, json=gateway("slow down")), ErrorKind.RATE_LIMITED),
        (httpx.Response(503, json=gateway("down")), ErrorKind.UPSTREAM),
        (httpx.Response(524, html="<html>"), ErrorKind.UPSTREAM),
        (httpx.Response(302, headers={"Location": "/login"}), ErrorKind.UPSTREAM),
        (httpx.Response(301, headers={"Location": "/mj"}), ErrorKind.BAD_RESPONSE),
        (httpx.Response(200, html="<!doctype html>"), ErrorKind.BAD_RESPONSE),
        (httpx.Response(200, json=[FINISHED]), ErrorKind.BAD_RESPONSE),
        (httpx.Response(200, json={}), ErrorKind.BAD_RESPONSE),
        (httpx.Response(200, json=gateway("never seen before")), ErrorKind.BAD_RESPONSE),
        (httpx.Response(200, json={"code": 1, "description": "ok", "result": None}), ErrorKind.BAD_RESPONSE),
        (httpx.Response(200, json=finished(status=7)), ErrorKind.BAD_RESPONSE),
        (httpx.Response(200, json=finished(status=["SUCCESS"])), ErrorKind.BAD_RESPONSE),
    ],
    ids=str,
)
async def test_a_poll_that_fails_leaves_the_job_accepted(answer: httpx.Response, kind: ErrorKind) -> None:
    vendor = comet(answer)
    assert said(await poll_error(vendor, JOB)) == (kind, "yes")
    assert len(vendor.requests) == 1


async def test_an_answer_about_another_task_is_not_believed() -> None:
    assert said(await poll_error(comet(FINISHED), PICTURE_JOB)) == (ErrorKind.BAD_RESPONSE, "yes")


@pytest.mark.parametrize("word", ["FAILURE", "failure", "CANCEL", "NOT_START", ""])
async def test_a_failure_that_names_no_task_says_nothing_about_ours(word: str) -> None:
    """It may be about the request; taking it for the task's end could lose a paid result."""
    assert said(await poll_error(comet(unfinished(word, id=None)), JOB)) == (ErrorKind.BAD_RESPONSE, "yes")


async def test_a_result_that_names_no_task_is_a_result() -> None:
    assert (await poll(finished(id=None))).clips == VIDEOS


@pytest.mark.parametrize("remote_id", ["", "../../v1/models", "a/b", "a?b", "a b", "-a", "x" * 129])
async def test_an_id_that_nobody_gave_is_asked_of_nobody(remote_id: str) -> None:
    vendor = comet(FINISHED)
    assert said(await poll_error(vendor, remote_id)) == (ErrorKind.NOT_FOUND, "yes")
    assert vendor.requests == []


@pytest.mark.parametrize(
    "answer", [httpx.Response(204), httpx.Response(400, json=relay("task_no_found")), {"id": "0", "status": "SUCCESS"}]
)
async def test_a_key_that_opens_the_tasks_is_good(answer: httpx.Response | Mapping[str, object]) -> None:
    vendor = comet(answer)
    assert await vendor.provider.account() == Account()
    assert [(request.method, request.url.path) for request in vendor.requests] == [("GET", "/mj/task/0/fetch")]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, ErrorKind.AUTH),
        (403, ErrorKind.ACCOUNT_BLOCKED),
        (404, ErrorKind.NOT_FOUND),
        (200, ErrorKind.BAD_RESPONSE),
    ],
)
async def test_a_key_or_an_address_that_is_wrong_is_told(status: int, kind: ErrorKind) -> None:
    with pytest.raises(ProviderError) as caught:
        await comet(httpx.Response(status, html="<html>")).provider.account()
    assert caught.value.kind is kind


async def test_nothing_is_found_and_nothing_told_where_there_is_no_page_for_it() -> None:
    vendor = comet(FINISHED)
    assert await vendor.provider.find("a paper boat", HOOK.__eq__) is None
    assert await vendor.provider.speed_status() == ()
    assert vendor.requests == []


@pytest.mark.parametrize("body", [FINISHED, unfinished(None), {"code": 1, "result": FINISHED}], ids=str)
def test_a_callback_names_its_task(body: Mapping[str, object]) -> None:
    assert CometApi(KEY).parse_callback(json.dumps(body).encode()) == JOB


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"result": 3}', b"\xff", b'{"id": "../x"}', b'{"id": true}'])
def test_a_callback_that_names_no_task_names_none(body: bytes) -> None:
    assert CometApi(KEY).parse_callback(body) is None
