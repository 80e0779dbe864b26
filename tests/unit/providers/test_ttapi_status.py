"""TTAPI's status page, held against the documented example and against answers that contradict it."""

import pytest

from bot.domain.params import Speed
from bot.providers.types import SpeedStatus
from tests.unit.providers.fake_vendor import Vendor
from tests.unit.providers.ttapi_image_documents import STATUS, Json


async def test_the_documented_status_is_read() -> None:
    vendor = Vendor(STATUS)
    assert await vendor.provider.speed_status() == (
        SpeedStatus(Speed.RELAX, True, 39.37),
        SpeedStatus(Speed.FAST, True, 46.42),
        SpeedStatus(Speed.TURBO, True, 23.87),
    )
    request = vendor.requests[0]
    assert (request.method, request.url.path, request.content) == ("GET", "/midjourney/status", b"")


@pytest.mark.parametrize(
    ("fast", "found"),
    [
        ({"status": 503, "averageExecute": 46.42}, (SpeedStatus(Speed.FAST, False, 46.42),)),
        ({"status": "200", "averageExecute": "46.42"}, (SpeedStatus(Speed.FAST, True, 46.42),)),
        ({"status": None, "averageExecute": None}, (SpeedStatus(Speed.FAST, False),)),
        ({}, (SpeedStatus(Speed.FAST, False),)),
        (200, ()),
        (None, ()),
    ],
)
async def test_what_is_told_of_a_speed_is_read_as_far_as_it_goes(fast: object, found: tuple[SpeedStatus, ...]) -> None:
    assert await Vendor({**STATUS, "data": {"fast": fast, "draft": {"status": 200}}}).provider.speed_status() == found


@pytest.mark.parametrize("data", [None, [], "Endpoints running", 200])
async def test_a_status_without_speeds_tells_nothing(data: object) -> None:
    answer: Json = {**STATUS, "data": data}
    assert await Vendor(answer).provider.speed_status() == ()
