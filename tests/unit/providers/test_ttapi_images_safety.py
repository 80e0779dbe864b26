"""No answer about pictures raises anything but a classified error, and no secret gets out."""

import logging
from contextlib import suppress

import httpx
import pytest
from hypothesis import given

from bot.errors import ProviderError
from bot.providers.images import ImageSnapshot
from bot.providers.ttapi.image_responses import ACTIONS
from bot.providers.types import RemoteState
from tests.unit.providers.fake_vendor import KEY, Vendor
from tests.unit.providers.hostile_answers import Hostile, any_answer
from tests.unit.providers.image_requests import (
    begin,
    begin_error,
    everything,
    look,
    maker,
)
from tests.unit.providers.ttapi_documents import HOOK
from tests.unit.providers.ttapi_image_documents import (
    ACCEPTED,
    BANNED,
    CHECKED,
    FAILED,
    FINISHED,
    IMAGES,
    JOB,
    PARENT,
    PENDING,
    RUNNING,
    described,
    finished,
)

KEYS = (
    *("status", "message", "data", "jobId", "job_id", "actions", "action", "progress", "progess", "prompt", "quota"),
    *("discordImage", "cdnImage", "width", "height", "hookUrl", "components", "seed", "images", "error"),
)
WORDS = (
    *("SUCCESS", "FAILED", "ON_QUEUE", JOB, PARENT, "30", HOOK, IMAGES[0], "upsample1", "describe", "seed"),
    "banned prompt words：sexy，blood",
)
DOCUMENTS = (ACCEPTED, FINISHED, PENDING, RUNNING, FAILED, CHECKED, BANNED, described("1. a boat\n2. a ship"))


@given(any_answer(KEYS, WORDS, DOCUMENTS))
async def test_no_answer_makes_a_call_raise_anything_but_a_provider_error(answer: Hostile) -> None:
    vendor = Vendor(answer.response())
    for request in everything(callback_url=HOOK):
        refusal = None
        try:
            assert 0 < len((await begin(vendor, request)).remote_id) <= 128
        except ProviderError as error:
            refusal = error
        assert refusal is None or refusal.accepted in ("no", "maybe")
        assert refusal is None or HOOK not in str(refusal)
    with suppress(ProviderError):
        check(await look(vendor, JOB))
    with suppress(ProviderError):
        words = await maker(vendor).check_prompt("a boat")
        assert len(words) <= 20
        assert all(0 < len(word) <= 500 for word in words)
    with suppress(ProviderError):
        await vendor.provider.find("", HOOK.__eq__)


def check(snapshot: ImageSnapshot) -> None:
    """Check what must hold for every snapshot."""
    links = (snapshot.grid, *snapshot.images)
    is_something = bool(any(links) or snapshot.texts or snapshot.seed)
    assert snapshot.progress is None or 0 <= snapshot.progress <= 100
    assert all(link is None or link.startswith(("https://", "http://")) for link in links)
    assert max(len(snapshot.images), len(snapshot.texts)) <= 4
    assert [action for action in ACTIONS if action in snapshot.actions] == list(snapshot.actions)
    assert snapshot.seed is None or snapshot.seed.isdecimal()
    assert all(side is None or side >= 1 for side in (snapshot.width, snapshot.height))
    assert (snapshot.state is RemoteState.FAILED) <= (snapshot.error is not None)
    assert (snapshot.state is RemoteState.SUCCEEDED) <= (is_something and snapshot.error is None)
    assert snapshot.error is None or snapshot.error.accepted == "yes"


async def test_neither_key_nor_callback_nor_pictures_get_into_a_log_or_an_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    refusal = {"message": f"cannot call {HOOK} with {KEY} now"}
    shown = [repr(request) for request in everything(callback_url=HOOK)]
    for request in everything(callback_url=HOOK):
        error = await begin_error(Vendor(httpx.Response(400, json=refusal)), request)
        assert error.message == "cannot call <link> with <key> now"
        shown += [str(error), repr(error)]
    shown.append(repr(await look(Vendor(finished(hookUrl=HOOK)), JOB)))
    for text in (*shown, caplog.text):
        assert KEY not in text
        assert HOOK not in text
        assert "xxx1" not in text
        assert "\\xc7" not in text
