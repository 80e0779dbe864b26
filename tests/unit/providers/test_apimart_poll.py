"""APIMart's two status pages, held against each documented example and against answers that contradict them."""

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

import httpx
import pytest

from bot.errors import ErrorKind
from bot.providers.apimart.videos import ApiMart
from bot.providers.types import RemoteState, Snapshot
from tests.unit.providers import fake_vendor as wire
from tests.unit.providers.apimart_documents import (
    FINISHED,
    IMAGINED,
    OTHER_TASK,
    PAINTED,
    TASK,
    VIDEOS,
    Json,
    midjourney,
    refusal,
    task,
)
from tests.unit.providers.fake_vendor import KEY, poll_error, said

Vendor = partial(wire.Vendor, make=ApiMart)
MIDJOURNEY, TASKS = f"/v1/midjourney/{TASK}", f"/v1/tasks/{TASK}"
UNKNOWN = httpx.Response(404, json=refusal(404, "not_found_error", "任务不存在"))
DONE = Snapshot(RemoteState.SUCCEEDED, 100, VIDEOS)


def paths(vendor: wire.Vendor) -> list[str]:
    return [request.url.path for request in vendor.requests]


async def test_midjourneys_own_status_page_is_asked_first() -> None:
    vendor = Vendor(midjourney("SUCCESS", progress="100%", video_urls=list(VIDEOS)))
    assert await vendor.provider.poll(TASK) == DONE
    request = vendor.requests[0]
    assert (request.method, request.url.path, request.url.query, request.content) == ("GET", MIDJOURNEY, b"", b"")
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert len(vendor.requests) == 1


async def test_the_finished_example_is_read() -> None:
    assert await Vendor(FINISHED).provider.poll("task_xxx") == Snapshot(RemoteState.SUCCEEDED, clips=VIDEOS)


@pytest.mark.parametrize("status", [404, 405, 400, 403, 301, 200])
async def test_the_page_for_all_tasks_is_asked_where_the_first_does_not_help_and_is_remembered(status: int) -> None:
    vendor = Vendor(httpx.Response(status, html="<html>"), task("completed", progress=100, video_urls=list(VIDEOS)))
    assert await vendor.provider.poll(TASK) == DONE
    await vendor.provider.poll(TASK)
    assert paths(vendor) == [MIDJOURNEY, TASKS, TASKS]
    assert dict(vendor.requests[1].url.params) == {"language": "en"}


@pytest.mark.parametrize("page", ["midjourney", "tasks"])
@pytest.mark.parametrize(
    ("cost", "kept"), [(0.8, "0.8"), (1, "1"), ("0.4", "0.4"), (0, None), (None, None), ("free", None), (-1, None)]
)
async def test_what_a_job_cost_is_kept(page: str, cost: object, kept: str | None) -> None:
    more: Json = {"video_urls": list(VIDEOS), "cost": cost, "credits_cost": 8.0}
    body = midjourney("SUCCESS", **more) if page == "midjourney" else task("completed", **more)
    assert (await Vendor(body).provider.poll(TASK)).cost == kept


@pytest.mark.parametrize("page", ["midjourney", "tasks"])
@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("NOT_START", RemoteState.WAITING),
        ("SUBMITTED", RemoteState.WAITING),
        ("submitted", RemoteState.WAITING),
        ("IN_PROGRESS", RemoteState.RUNNING),
        ("MODAL", RemoteState.RUNNING),
        ("pending", RemoteState.WAITING),
        ("processing", RemoteState.RUNNING),
    ],
)
async def test_each_state_of_an_unfinished_job_is_read_on_either_page(
    page: str, word: str, state: RemoteState, caplog: pytest.LogCaptureFixture
) -> None:
    body = midjourney(word) if page == "midjourney" else task(word)
    assert await Vendor(body).provider.poll(TASK) == Snapshot(state, 0)
    assert "unknown state" not in caplog.text


async def test_an_unknown_state_counts_as_running_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert await Vendor(midjourney("NAPPING")).provider.poll(TASK) == Snapshot(RemoteState.RUNNING, 0)
    assert "'NAPPING'" in caplog.text


LATER = [*VIDEOS, "https://r2.example.com/video-2.mp4?sig=1"]


@pytest.mark.parametrize(
    ("places", "clips"),
    [
        ({"video_url": VIDEOS[0], "video_urls": list(VIDEOS)}, VIDEOS),
        ({"video_url": VIDEOS[0], "video_urls": None}, VIDEOS[:1]),
        ({"video_url": VIDEOS[0], "video_urls": []}, VIDEOS[:1]),
        ({"video_urls": VIDEOS[0]}, VIDEOS[:1]),
        ({"result": {"video_urls": list(VIDEOS)}}, VIDEOS),
        ({"result": {"video_url": VIDEOS[0]}}, VIDEOS[:1]),
        ({"result": {"videos": [{"url": VIDEOS[0]}, {"url": VIDEOS[1], "expires_at": 1763174708}]}}, VIDEOS),
        ({"result": {"videos": [{"url": list(VIDEOS), "expires_at": 1763174708}]}}, VIDEOS),
        ({"result": {"videos": list(VIDEOS)}}, VIDEOS),
        ({"result": {"images": [{"url": "https://x.example/cover.png"}, {"url": LATER}]}}, tuple(LATER)),
        ({"video_urls": list(VIDEOS) * 500}, VIDEOS * 2),
        ({"video_urls": list(VIDEOS), "image_urls": ["https://x.example/cover.png"]}, VIDEOS),
    ],
    ids=str,
)
@pytest.mark.parametrize("page", ["midjourney", "tasks"])
async def test_the_videos_are_found_wherever_they_stand(page: str, places: Json, clips: tuple[str, ...]) -> None:
    body = midjourney("SUCCESS", **places) if page == "midjourney" else task("completed", **places)
    assert await Vendor(body).provider.poll(TASK) == Snapshot(RemoteState.SUCCEEDED, 0, clips)


NOWHERE: tuple[Any, ...] = (None, [], "", {}, 4, [None], ["not a link"], [["x"]], [{"url": None}], [{}])


@pytest.mark.parametrize("videos", NOWHERE, ids=str)
async def test_a_success_without_videos_is_polled_on(videos: object) -> None:
    vendor = Vendor(midjourney("SUCCESS", video_urls=videos, image_url="https://x.example/cover.png"))
    snapshot = await vendor.provider.poll(TASK)
    assert (snapshot.state, snapshot.clips) == (RemoteState.RUNNING, ())
    assert snapshot.error is not None
    assert said(snapshot.error) == (ErrorKind.RESULT_MISSING, "yes")


async def test_a_picture_is_never_taken_for_a_video() -> None:
    for body, name in ((IMAGINED, TASK), (PAINTED, OTHER_TASK)):
        snapshot = await Vendor(body).provider.poll(name)
        assert (snapshot.state, snapshot.clips, snapshot.progress) == (RemoteState.RUNNING, (), 100)


async def test_videos_that_one_page_does_not_name_are_looked_for_on_the_other() -> None:
    vendor = Vendor(midjourney("SUCCESS"), task("completed", progress=100, result={"videos": [{"url": list(VIDEOS)}]}))
    assert await vendor.provider.poll(TASK) == DONE
    assert paths(vendor) == [MIDJOURNEY, TASKS]


@pytest.mark.parametrize(
    "other", [httpx.Response(500), UNKNOWN, task("processing"), task("failed"), task("completed")], ids=repr
)
async def test_a_success_whose_videos_are_on_neither_page_stays_one(other: httpx.Response | Json) -> None:
    vendor = Vendor(midjourney("SUCCESS", progress="100%", video_urls=[VIDEOS[0], None]), other)
    snapshot = await vendor.provider.poll(TASK)
    assert (snapshot.state, snapshot.clips, snapshot.progress) == (RemoteState.RUNNING, VIDEOS[:1], 100)
    assert snapshot.error is not None
    assert snapshot.error.kind is ErrorKind.RESULT_MISSING


REASONS = [
    ("Banned prompt detected", ErrorKind.MODERATED_PROMPT),
    ("Task timeout", ErrorKind.JOB_TIMEOUT),
    ("No available upstream", ErrorKind.UPSTREAM),
    ("[Image denied] the filter", ErrorKind.MODERATED_IMAGE),
    ("[Invalid link!] Could not fetch", ErrorKind.BAD_IMAGE_LINK),
    ("never seen before", ErrorKind.UPSTREAM),
]


@pytest.mark.parametrize(("reason", "kind"), REASONS)
async def test_a_failed_job_says_why_on_either_page(reason: str, kind: ErrorKind) -> None:
    for body in (
        midjourney("FAILURE", fail_reason=reason),
        task("failed", error=reason),
        task("failed", error={"code": 500, "message": reason, "type": "server_error"}),
        task("cancelled", fail_reason=reason),
    ):
        snapshot = await Vendor(body).provider.poll(TASK)
        assert snapshot.state is RemoteState.FAILED
        assert snapshot.error is not None
        assert (said(snapshot.error), snapshot.error.message) == ((kind, "yes"), reason)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"code": 422, "message": "", "type": "invalid_request_error"}, ErrorKind.MODERATED_PROMPT),
        ({"code": 24, "message": ""}, ErrorKind.MODERATED_PROMPT),
        ({"code": 3, "message": "no instance"}, ErrorKind.UPSTREAM),
        ({"code": 429, "message": ""}, ErrorKind.UPSTREAM),
        (None, ErrorKind.UPSTREAM),
        (7, ErrorKind.UPSTREAM),
    ],
)
async def test_a_failed_job_is_understood_by_its_errors_code(error: object, kind: ErrorKind) -> None:
    snapshot = await Vendor(task("failed", error=error)).provider.poll(TASK)
    assert snapshot.error is not None
    assert said(snapshot.error) == (kind, "yes")


@pytest.mark.parametrize("body", [{"status": "FAILURE"}, {"status": "failed", "message": "busy"}], ids=str)
async def test_a_failure_that_names_no_job_says_nothing_about_ours(body: Json) -> None:
    """It may be about the request; taking it for the job's end could lose a paid result."""
    assert said(await poll_error(Vendor(body), TASK)) == (ErrorKind.BAD_RESPONSE, "yes")


async def test_an_answer_about_another_job_is_not_believed() -> None:
    assert said(await poll_error(Vendor(midjourney("SUCCESS")), OTHER_TASK)) == (ErrorKind.BAD_RESPONSE, "yes")


@pytest.mark.parametrize(
    "answer",
    [UNKNOWN, httpx.Response(403), {"code": 3, "description": "no"}, refusal(404, "not_found", "gone"), {"data": None}],
    ids=repr,
)
async def test_a_job_that_is_forgotten_or_somebody_elses_is_not_found(answer: httpx.Response | Json) -> None:
    vendor = Vendor(answer)
    expected = ErrorKind.BAD_RESPONSE if answer == {"data": None} else ErrorKind.NOT_FOUND
    assert said(await poll_error(vendor, TASK)) == (expected, "yes")
    assert paths(vendor) == [MIDJOURNEY, TASKS]


async def test_a_page_that_is_not_there_does_not_make_a_job_unknown() -> None:
    page = httpx.Response(200, html="<html>back soon</html>")
    assert (await poll_error(Vendor(UNKNOWN, page), TASK)).kind is ErrorKind.BAD_RESPONSE
    vendor = Vendor(midjourney("IN_PROGRESS"), UNKNOWN, page)
    await vendor.provider.poll(TASK)
    assert (await poll_error(vendor, TASK)).kind is ErrorKind.NOT_FOUND


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(401, html="<html>"), ErrorKind.AUTH),
        (httpx.Response(402), ErrorKind.INSUFFICIENT_BALANCE),
        (httpx.Response(429), ErrorKind.RATE_LIMITED),
        (httpx.Response(500), ErrorKind.UPSTREAM),
        (httpx.Response(302), ErrorKind.UPSTREAM),
        (httpx.ReadTimeout("x"), ErrorKind.UNREACHABLE),
        (refusal(401, "authentication_error", "no"), ErrorKind.AUTH),
        (refusal(500, "server_error", "no"), ErrorKind.UPSTREAM),
    ],
    ids=repr,
)
async def test_a_poll_that_fails_leaves_the_job_accepted_and_is_not_asked_twice(
    answer: httpx.Response | Mapping[str, object] | Exception, kind: ErrorKind
) -> None:
    vendor = Vendor(answer)
    assert said(await poll_error(vendor, TASK)) == (kind, "yes")
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("name", ["", "../balance", "a/b", "a?b", "é", "x" * 129])
async def test_an_id_that_cannot_be_one_is_not_asked_for(name: str) -> None:
    vendor = Vendor(FINISHED)
    assert said(await poll_error(vendor, name)) == (ErrorKind.NOT_FOUND, "yes")
    assert vendor.requests == []


@pytest.mark.parametrize(
    ("progress", "read"), [("100%", 100), (42, 42), ("42.9%", 42), (-5, 0), (10**400, None), (True, None), ([1], None)]
)
async def test_progress_is_read_from_whatever_it_is(progress: object, read: int | None) -> None:
    assert (await Vendor(midjourney("IN_PROGRESS", progress=progress)).provider.poll(TASK)).progress == read
