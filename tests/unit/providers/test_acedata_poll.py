"""AceData's tasks, held against each documented example and against answers that contradict them."""

import json
import logging
from typing import Any

import httpx
import pytest

from bot.errors import ErrorKind, ProviderError
from bot.providers.acedata import LISTED, PAGE, PAGES, AceData
from bot.providers.types import Account, RemoteState, Snapshot
from tests.unit.providers.acedata_documents import (
    BATCH,
    CALLED_BACK,
    CALLED_BACK_JOB,
    DESCRIBED_TASK,
    ERRORS,
    EXTENDED,
    HOOK,
    IMAGE_LINK,
    IMAGINE_TASK,
    JOB,
    MODERATED,
    RESULT,
    UNKNOWN_TASK,
    VIDEO_ID,
    VIDEOS,
    refusal,
    task,
)
from tests.unit.providers.fake_vendor import KEY, Vendor, poll_error, said

FINISHED = Snapshot(RemoteState.SUCCEEDED, 100, VIDEOS, VIDEO_ID, echo=HOOK)


def vendor(*answers: Any) -> Vendor:
    return Vendor(*answers, make=AceData)


async def polled(answer: Any, remote_id: str = JOB) -> Snapshot:
    return await vendor(answer).provider.poll(remote_id)


async def test_a_poll_posts_the_id() -> None:
    acedata = vendor(task(RESULT))
    await acedata.provider.poll(JOB)
    request = acedata.requests[0]
    assert (request.method, request.url.path) == ("POST", "/midjourney/tasks")
    assert acedata.body == {"action": "retrieve", "id": JOB}
    assert request.headers["Authorization"] == f"Bearer {KEY}"


async def test_a_finished_task_is_read() -> None:
    assert await polled(task(RESULT)) == FINISHED


async def test_a_result_that_is_not_wrapped_is_read() -> None:
    assert await polled(RESULT) == Snapshot(RemoteState.SUCCEEDED, 100, VIDEOS, VIDEO_ID)


async def test_an_extended_video_has_an_id_of_its_own() -> None:
    snapshot = await polled(task(EXTENDED, id=EXTENDED["task_id"]), EXTENDED["task_id"])
    assert (snapshot.extend_ref, snapshot.clips) == ("1751818094559027", tuple(EXTENDED["video_urls"]))


@pytest.mark.parametrize("record", [IMAGINE_TASK, DESCRIBED_TASK], ids=["guide", "description"])
async def test_the_documented_records_of_pictures_are_results_without_a_video(record: Any) -> None:
    """Their pictures, and a video's cover, must never be taken for clips."""
    snapshot = await polled(record, record["id"])
    assert (snapshot.state, snapshot.clips, snapshot.progress) == (RemoteState.RUNNING, (), 100)
    assert snapshot.error is not None
    assert said(snapshot.error) == (ErrorKind.RESULT_MISSING, "yes")


async def test_a_task_that_is_being_made_has_no_response() -> None:
    assert await polled(task()) == Snapshot(RemoteState.RUNNING, echo=HOOK)


@pytest.mark.parametrize("started_at", [None, "", {}])
async def test_a_task_that_has_not_started_waits(started_at: object) -> None:
    assert await polled(task(started_at=started_at)) == Snapshot(RemoteState.WAITING, echo=HOOK)


@pytest.mark.parametrize("response", [{"progress": 42}, {"progress": "42%", "success": None}, {"progress": 42.9}])
async def test_progress_is_read_while_a_task_is_made(response: Any) -> None:
    assert await polled(task(response)) == Snapshot(RemoteState.RUNNING, 42, echo=HOOK)


async def test_a_success_at_half_the_way_without_videos_is_no_end() -> None:
    response = {"success": True, "progress": 50, "image_url": IMAGE_LINK}
    assert await polled(task(response)) == Snapshot(RemoteState.RUNNING, 50, echo=HOOK)


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (refusal("forbidden", MODERATED), ErrorKind.MODERATED_PROMPT, MODERATED),
        (refusal("forbidden", "no"), ErrorKind.MODERATED_PROMPT, "no"),
        (refusal("bad_request", "invalid input"), ErrorKind.INVALID_REQUEST, "invalid input"),
        (refusal("api_error", "fetch failed"), ErrorKind.UPSTREAM, "fetch failed"),
        (refusal("timeout", ""), ErrorKind.JOB_TIMEOUT, "timeout"),
        (refusal("used_up", ""), ErrorKind.INSUFFICIENT_BALANCE, "used_up"),
        (refusal("too_many_requests", "slow down"), ErrorKind.RATE_LIMITED, "slow down"),
        (refusal("token_mismatched", ""), ErrorKind.AUTH, "token_mismatched"),
        (refusal("new", "[Image denied] nose"), ErrorKind.MODERATED_IMAGE, "[Image denied] nose"),
        ({"error": "Invalid link"}, ErrorKind.BAD_IMAGE_LINK, "Invalid link"),
    ],
)
async def test_a_failed_task_says_why(error: Any, kind: ErrorKind, message: str) -> None:
    snapshot = await polled(task({"success": False, **error}))
    assert (snapshot.state, snapshot.echo) == (RemoteState.FAILED, HOOK)
    assert snapshot.error is not None
    assert (said(snapshot.error), snapshot.error.message) == ((kind, "yes"), message)


@pytest.mark.parametrize("said_of_it", [{}, {"error": None}, {"message": "still at it"}, {"error": {}}])
async def test_a_no_without_a_reason_is_an_end_only_once_the_task_is_finished(said_of_it: Any) -> None:
    response = {"success": False, **said_of_it}
    assert await polled(task(response)) == Snapshot(RemoteState.RUNNING, echo=HOOK)
    for finished_at in (1_795_003_200.5, "2026-11-18T12:00:00Z"):
        snapshot = await polled(task(response, finished_at=finished_at))
        assert snapshot.state is RemoteState.FAILED
        assert snapshot.error is not None
        assert said(snapshot.error) == (ErrorKind.UPSTREAM, "yes")


async def test_clips_of_a_finished_task_are_its_result_whether_or_not_it_says_success() -> None:
    response = {key: value for key, value in RESULT.items() if key != "success"}
    assert await polled(task(response, finished_at=1_795_003_200.5)) == FINISHED
    assert (await polled(task(response))).state is RemoteState.RUNNING


async def test_clips_are_read_from_a_list_that_was_put_into_a_string() -> None:
    assert await polled(task({**RESULT, "video_urls": json.dumps(VIDEOS)})) == FINISHED


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("pending", RemoteState.WAITING),
        ("Queued", RemoteState.WAITING),
        ("processing", RemoteState.RUNNING),
        ("success", RemoteState.SUCCEEDED),
        ("finished", RemoteState.SUCCEEDED),
        ("DONE", RemoteState.SUCCEEDED),
        ("failure", RemoteState.FAILED),
        ("timeout", RemoteState.FAILED),
        ("succeeded", RemoteState.SUCCEEDED),
        ("Completed", RemoteState.SUCCEEDED),
        ("failed", RemoteState.FAILED),
        ("error", RemoteState.FAILED),
        ("cancelled", RemoteState.FAILED),
        ("canceled", RemoteState.FAILED),
        ("", RemoteState.RUNNING),
        (7, RemoteState.RUNNING),
    ],
)
async def test_a_state_counts_where_success_is_not_said(word: object, state: RemoteState) -> None:
    said_nothing = {key: value for key, value in RESULT.items() if key != "success"}
    assert (await polled(task(said_nothing, state=word))).state is state


@pytest.mark.parametrize("success", [True, False])
async def test_success_counts_more_than_a_state(success: bool) -> None:
    word = "failed" if success else "completed"
    state = RemoteState.SUCCEEDED if success else RemoteState.FAILED
    assert (await polled(task({**RESULT, "success": success, "code": "api_error"}, state=word))).state is state


async def test_an_unknown_state_counts_as_running_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert (await polled(task(state="napping"))).state is RemoteState.RUNNING
    assert "'napping'" in caplog.text


@pytest.mark.parametrize("success", ["true", 1, None, [], {}])
async def test_only_a_real_yes_or_no_ends_a_task(success: object) -> None:
    assert (await polled(task({**RESULT, "success": success}))).state is RemoteState.RUNNING


@pytest.mark.parametrize("videos", [None, [], "", VIDEOS[0], {}, 4, [None], ["not a link"], ["ftp://x/0.mp4"]])
async def test_a_success_without_videos_is_polled_on_and_its_cover_is_no_video(videos: object) -> None:
    snapshot = await polled(task({**RESULT, "video_urls": videos}))
    assert (snapshot.state, snapshot.clips) == (RemoteState.RUNNING, ())
    assert snapshot.error is not None
    assert said(snapshot.error) == (ErrorKind.RESULT_MISSING, "yes")


@pytest.mark.parametrize(
    ("video_id", "read"),
    [
        ("17", "17"),
        (1751816807896311, "1751816807896311"),
        (None, None),
        ("", None),
        (True, None),
        (-1, None),
        (10**40, None),
        (1.5, None),
        ([], None),
    ],
)
async def test_what_an_extend_needs_is_the_video_and_never_the_task(video_id: object, read: str | None) -> None:
    snapshot = await polled(task({**RESULT, "video_id": video_id}))
    assert (snapshot.state, snapshot.extend_ref) == (RemoteState.SUCCEEDED, read)


@pytest.mark.parametrize("request_", [None, [], {}, {"callback_url": None}, {"callback_url": 3}])
async def test_a_task_that_repeats_no_callback_echoes_none(request_: object) -> None:
    assert (await polled(task(RESULT, request=request_))).echo is None


async def test_an_empty_answer_is_an_unknown_task() -> None:
    assert said(await poll_error(vendor(UNKNOWN_TASK))) == (ErrorKind.NOT_FOUND, "yes")


@pytest.mark.parametrize("answer", [task(RESULT), RESULT, {"response": RESULT}])
async def test_an_answer_about_another_task_is_not_believed(answer: Any) -> None:
    assert said(await poll_error(vendor(answer), "other")) == (ErrorKind.BAD_RESPONSE, "yes")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"success": False, **refusal("api_error", "fetch failed")}, ErrorKind.UPSTREAM),
        (refusal("invalid_token", ""), ErrorKind.AUTH),
        ({"success": False}, ErrorKind.BAD_RESPONSE),
        ({"response": {"success": False}}, ErrorKind.BAD_RESPONSE),
        ({"items": [], "count": 0}, ErrorKind.BAD_RESPONSE),
        ({"id": None}, ErrorKind.BAD_RESPONSE),
    ],
)
async def test_an_answer_that_names_no_task_says_nothing_about_ours(body: Any, kind: ErrorKind) -> None:
    """It may be about the request; taking it for the task's end could lose a paid result."""
    assert said(await poll_error(vendor(body))) == (kind, "yes")


async def test_a_result_that_names_no_task_is_ours_for_it_was_asked_for() -> None:
    nameless = {key: value for key, value in RESULT.items() if key != "task_id"}
    assert (await polled({"response": nameless})).clips == VIDEOS


@pytest.mark.parametrize(("status", "body"), ERRORS)
async def test_each_documented_error_leaves_the_task_accepted(status: int, body: Any) -> None:
    error = await poll_error(vendor(httpx.Response(status, json=body)))
    assert (error.accepted, error.message) == ("yes", body["error"]["message"])
    assert error.kind is not ErrorKind.NOT_FOUND


def page(*tasks: Any) -> dict[str, Any]:
    return {"items": list(tasks), "count": 400}


async def test_a_lost_task_is_found_by_the_callback_that_the_list_repeats() -> None:
    others = [task(id=f"other-{n}", request={"callback_url": f"https://x.example/{n}"}) for n in range(3)]
    acedata = vendor(page(None, "x", {}, *others, task()))
    assert await acedata.provider.find("whatever was asked", HOOK.__eq__) == JOB
    assert acedata.body == {"action": "retrieve_batch", "offset": 0, "limit": PAGE}


async def test_short_pages_are_turned_until_an_empty_one() -> None:
    acedata = vendor(BATCH, page(IMAGINE_TASK), page(task(id="x", request={})), page())
    assert await acedata.provider.find("", HOOK.__eq__) is None
    assert [json.loads(request.content)["offset"] for request in acedata.requests] == [0, 2, 3, 4]


async def test_no_more_than_the_newest_tasks_are_looked_through() -> None:
    acedata = vendor(page(*[IMAGINE_TASK] * PAGE))
    assert await acedata.provider.find("", HOOK.__eq__) is None
    assert len(acedata.requests) == LISTED // PAGE
    acedata = vendor(page(IMAGINE_TASK))
    assert await acedata.provider.find("", HOOK.__eq__) is None
    assert len(acedata.requests) == PAGES


async def test_an_account_without_tasks_has_no_lost_one() -> None:
    assert await vendor({}).provider.find("", HOOK.__eq__) is None


@pytest.mark.parametrize("body", [{"items": None}, {"items": {}}, {"count": 3}, refusal("new_code", "")])
async def test_a_list_that_cannot_be_read_is_not_taken_for_an_empty_one(body: Any) -> None:
    with pytest.raises(ProviderError) as caught:
        await vendor(body).provider.find("", HOOK.__eq__)
    assert said(caught.value) == (ErrorKind.BAD_RESPONSE, "yes")


async def test_the_key_is_tried_with_a_call_that_makes_nothing() -> None:
    acedata = vendor(BATCH)
    assert await acedata.provider.account() == Account()
    assert acedata.requests[0].url.path == "/midjourney/tasks"
    assert await acedata.provider.speed_status() == ()


@pytest.mark.parametrize("body", [b"", b"[]", b'{"response": 3}', b"\xff", b'{"task_id": "../x"}'])
def test_a_callback_that_names_no_task_names_none(body: bytes) -> None:
    assert AceData(KEY).parse_callback(body) is None


def test_a_callback_names_its_task() -> None:
    assert AceData(KEY).parse_callback(json.dumps(CALLED_BACK).encode()) == CALLED_BACK_JOB
    assert AceData(KEY).parse_callback(json.dumps(task(RESULT)).encode()) == JOB
