"""No answer of TTAPI's raises anything but a classified error, and no secret gets out."""

import json
import logging
from contextlib import suppress

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ProviderError
from bot.providers.base import RemoteState
from tests.providers.ttapi_documents import (
    FINISHED,
    HOOK,
    JOB,
    VIDEOS,
)
from tests.providers.vendor import KEY, Vendor, video


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
