"""What TTAPI is asked for pictures, held against each documented example and against answers that contradict them."""

from base64 import b64decode
from collections.abc import Mapping

import httpx
import pytest

from bot.domain.params import Speed
from bot.errors import ErrorKind, ProviderError
from bot.providers.acedata import AceData
from bot.providers.apimart.videos import ApiMart
from bot.providers.base import Provider
from bot.providers.cometapi import CometApi
from bot.providers.images import ImageFile, ImageProvider, Shape
from bot.providers.ttapi.image_responses import ACTIONS
from bot.providers.ttapi.videos import Ttapi
from tests.unit.providers.fake_vendor import KEY, Vendor, said
from tests.unit.providers.image_requests import (
    BOAT,
    MOON,
    PictureRequest,
    act,
    begin,
    begin_error,
    blend,
    describe,
    everything,
    imagine,
    maker,
    region,
    seed,
)
from tests.unit.providers.ttapi_documents import HOOK, WRONG_KEY
from tests.unit.providers.ttapi_image_documents import (
    ACCEPTED,
    ACCEPTED_IN_THE_NEWER_PAGES,
    ACTION,
    ACTION_TABLE,
    BAD_ACTION,
    BAD_ACTION_IN_INPAINT,
    BANNED,
    BLEND,
    CHECK,
    DESCRIBE,
    FETCH,
    INPAINT,
    MASK,
    PARENT,
    SAMPLES,
    SEED,
    URI_1,
    URI_2,
    Json,
)


def file(data_uri: str) -> ImageFile:
    return ImageFile("image/png", b64decode(data_uri.rpartition(",")[2].rstrip(".")))


ASKED: dict[str, PictureRequest] = {
    ACTION: act(),
    SEED: seed(),
    BLEND: blend(images=(file(URI_1), file(URI_2))),
    DESCRIBE: describe(image=file(URI_1)),
    INPAINT: region(mask=file(MASK)),
}


def meant(path: str, sample: Json) -> Json:
    """Read a sample as the page's tables do: the speed is `mode` and not `model`, and a description has none.

    A callback's empty URL is left out, and the mask is shown in part.
    """
    shown = {("mode" if name == "model" else name): value for name, value in sample.items() if value}
    if path == DESCRIBE:
        del shown["mode"]
    if path == INPAINT:
        shown["mask"] = shown["mask"].rstrip(".")
    return shown


@pytest.mark.parametrize(
    ("path", "sample"), [pytest.param(path, sample, id=f"{path}, {page}") for path, page, sample in SAMPLES]
)
async def test_each_documented_request_can_be_sent(path: str, sample: Json) -> None:
    vendor = Vendor({"status": "SUCCESS", "data": {"jobId": PARENT}})
    if path == FETCH:
        await maker(vendor).poll(sample["jobId"])
    elif path == CHECK:
        assert await maker(vendor).check_prompt(sample["prompt"]) == ()
    else:
        await begin(vendor, ASKED.get(path) or imagine(prompt=sample["prompt"]))
    request = vendor.requests[0]
    assert (request.method, request.url.path) == ("POST", path)
    assert request.headers["TT-API-KEY"] == KEY
    assert request.headers["Content-Type"] == "application/json"
    assert vendor.body.items() >= meant(path, sample).items()


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        (
            imagine(),
            {
                "prompt": "a cute cat --ar 1:1",
                "mode": "fast",
                "timeout": 300,
                "getUImages": True,
                "translation": False,
            },
        ),
        (act("variation2"), {"jobId": PARENT, "action": "variation2", "timeout": 600, "getUImages": True}),
        (
            blend(shape=Shape.LANDSCAPE, speed=Speed.TURBO),
            {
                "imgBase64Array": ["data:image/png;base64,xxx1", "data:image/jpeg;base64,xxx2"],
                "dimensions": "LANDSCAPE",
                "mode": "turbo",
                "timeout": 300,
                "getUImages": True,
            },
        ),
        (describe(image=MOON), {"base64": "data:image/jpeg;base64,xxx2", "timeout": 600}),
        (region(), {"jobId": PARENT, "mask": "xxx1", "prompt": "white background", "timeout": 600}),
        (region(prompt=None), {"jobId": PARENT, "mask": "xxx1", "timeout": 600}),
        (seed(), {"jobId": PARENT, "timeout": 600}),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_every_option_is_sent_and_a_callback_where_there_is_one(request_: PictureRequest, body: Json) -> None:
    vendor = Vendor(ACCEPTED)
    assert (await begin(vendor, request_)).remote_id == PARENT
    assert vendor.body == body
    for asked in everything(callback_url=HOOK):
        await begin(vendor, asked)
        assert vendor.body["hookUrl"] == HOOK


@pytest.mark.parametrize(("speed", "seconds"), [(Speed.RELAX, 600), (Speed.FAST, 300), (Speed.TURBO, 300)])
async def test_each_speed_has_its_documented_time(speed: Speed, seconds: int) -> None:
    vendor = Vendor(ACCEPTED)
    for request in (imagine(speed=speed, translate=True), blend(speed=speed)):
        await begin(vendor, request)
        assert (vendor.body["mode"], vendor.body["timeout"]) == (speed.value, seconds)
        assert vendor.body.get("translation", True) is True


def test_the_actions_are_those_of_the_documented_table() -> None:
    assert set(ACTIONS) == ACTION_TABLE
    assert len(ACTIONS) == len(ACTION_TABLE) == 26


@pytest.mark.parametrize("action", sorted(ACTION_TABLE))
async def test_every_action_is_sent_and_single_pictures_are_asked_for_where_four_come(action: str) -> None:
    vendor = Vendor(ACCEPTED)
    await begin(vendor, act(action))
    assert vendor.body["action"] == action
    assert vendor.body["getUImages"] is not ("upsample" in action or "upscale" in action)


@pytest.mark.parametrize(
    "request_",
    [
        act("upsample5"),
        act(""),
        act("UPSAMPLE1"),
        blend(images=(BOAT,)),
        blend(images=()),
        blend(images=(BOAT,) * 6),
    ],
    ids=str,
)
async def test_what_ttapi_does_not_offer_is_never_sent(request_: PictureRequest) -> None:
    vendor = Vendor(ACCEPTED)
    assert said(await begin_error(vendor, request_)) == (ErrorKind.INVALID_REQUEST, "no")
    assert vendor.requests == []


@pytest.mark.parametrize("count", [2, 3, 4, 5])
async def test_two_to_five_pictures_are_blended_in_their_order(count: int) -> None:
    vendor = Vendor(ACCEPTED)
    await begin(vendor, blend(images=(MOON, *[BOAT] * (count - 1))))
    uris = vendor.body["imgBase64Array"]
    assert (len(uris), uris[0]) == (count, "data:image/jpeg;base64,xxx2")


@pytest.mark.parametrize("answer", [ACCEPTED, ACCEPTED_IN_THE_NEWER_PAGES])
@pytest.mark.parametrize("request_", everything(), ids=lambda request: type(request).__name__)
async def test_a_documented_acceptance_names_the_job(request_: PictureRequest, answer: Json) -> None:
    assert (await begin(Vendor(answer), request_)).remote_id == PARENT


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, BAD_ACTION, ErrorKind.INVALID_REQUEST),
        (400, BAD_ACTION_IN_INPAINT, ErrorKind.INVALID_REQUEST),
        (200, BAD_ACTION, ErrorKind.INVALID_REQUEST),
        (400, BANNED, ErrorKind.MODERATED_PROMPT),
        (200, BANNED, ErrorKind.MODERATED_PROMPT),
        (400, {"status": "FAILED", "message": "[Image denied] filter"}, ErrorKind.MODERATED_IMAGE),
        (401, WRONG_KEY, ErrorKind.AUTH),
        (402, {}, ErrorKind.INSUFFICIENT_BALANCE),
        (403, {}, ErrorKind.ACCOUNT_BLOCKED),
        (404, {}, ErrorKind.NOT_FOUND),
        (413, {}, ErrorKind.INVALID_REQUEST),
        (429, {}, ErrorKind.RATE_LIMITED),
        (499, {}, ErrorKind.QUEUE_FULL),
    ],
)
@pytest.mark.parametrize("request_", everything(), ids=lambda request: type(request).__name__)
async def test_a_refusal_was_surely_not_accepted(
    request_: PictureRequest, status: int, body: Mapping[str, object], kind: ErrorKind
) -> None:
    error = await begin_error(Vendor(httpx.Response(status, json=body)), request_)
    assert (said(error), error.http_status) == ((kind, "no"), status)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(504, json={"status": "FAILED", "message": "banned prompt", "data": None}),
        httpx.Response(200, html="<html>please wait</html>"),
        httpx.Response(200, json={"status": "SUCCESS", "message": "success", "data": []}),
        httpx.Response(200, json={"data": None}),
        httpx.ReadTimeout("x"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("request_", everything(), ids=lambda request: type(request).__name__)
async def test_what_ends_in_doubt_is_never_called_refused(
    request_: PictureRequest, answer: httpx.Response | Exception
) -> None:
    assert (await begin_error(Vendor(answer), request_)).accepted == "maybe"


def test_ttapi_makes_pictures_and_the_others_make_none() -> None:
    providers: list[Provider] = [make(KEY) for make in (Ttapi, AceData, ApiMart, CometApi)]
    pictures: list[ImageProvider | None] = [provider.images for provider in providers]
    assert [one is not None for one in pictures] == [True, False, False, False]


@pytest.mark.parametrize("bad", ["a \ud800 boat"])
async def test_a_prompt_that_cannot_be_written_as_utf8_is_refused_before_it_is_sent(bad: str) -> None:
    vendor = Vendor(ACCEPTED)
    assert said(await begin_error(vendor, imagine(prompt=bad))) == (ErrorKind.INVALID_REQUEST, "no")
    with pytest.raises(ProviderError):
        await maker(vendor).check_prompt(bad)
    assert vendor.requests == []
