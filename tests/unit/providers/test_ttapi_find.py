"""Lost jobs in TTAPI's list, where films and pictures stand side by side."""

import httpx
import pytest

from bot.errors import ErrorKind, ProviderError
from bot.providers.ttapi.videos import FETCHED
from tests.unit.providers import ttapi_documents, ttapi_image_documents
from tests.unit.providers.fake_vendor import Vendor
from tests.unit.providers.ttapi_documents import HOOK
from tests.unit.providers.ttapi_image_documents import JOB

FILM = ttapi_documents.JOB
PICTURE = ttapi_image_documents.finished(hookUrl=HOOK)
EMPTY: dict[str, object] = {"status": "SUCCESS", "data": []}


def listed(*items: dict[str, object]) -> dict[str, object]:
    return {"status": "SUCCESS", "message": "success", "data": list(items)}


def asked(vendor: Vendor) -> list[str]:
    return [request.url.path.removeprefix("/midjourney/") for request in vendor.requests]


@pytest.mark.parametrize("action", sorted({"imagine", "blend", "describe", "inpaint", "seed", "upsample4", "PAN_UP"}))
async def test_a_lost_picture_is_fetched_from_the_pictures_page(action: str) -> None:
    vendor = Vendor(listed({"job_id": JOB, "action": action, "prompt": "a boat --ar 1:1"}), PICTURE)
    assert await vendor.provider.find("a boat", HOOK.__eq__) == JOB
    assert asked(vendor) == ["v1/fetch-list", "v1/fetch"]


@pytest.mark.parametrize("action", ["generate", "extend", "video", None, 3])
async def test_everything_else_is_fetched_from_the_films_page(action: object) -> None:
    vendor = Vendor(listed({"job_id": FILM, "action": action, "prompt": "a boat"}), ttapi_documents.FINISHED)
    assert await vendor.provider.find("a boat", HOOK.__eq__) == FILM
    assert asked(vendor) == ["v1/fetch-list", "video/fetch"]


async def test_a_picture_whose_hook_the_list_repeats_is_not_fetched() -> None:
    vendor = Vendor(listed({"job_id": JOB, "action": "imagine", "hookUrl": HOOK}))
    assert await vendor.provider.find("a boat", HOOK.__eq__) == JOB
    assert asked(vendor) == ["v1/fetch-list"]


async def test_pictures_and_films_together_are_asked_for_no_more_often_than_films_alone() -> None:
    items: list[dict[str, object]] = [
        {"job_id": JOB, "action": "imagine", "prompt": "a boat"},
        {"job_id": FILM, "action": "generate", "prompt": "a boat"},
    ]
    vendor = Vendor(listed(*items * FETCHED), *[PICTURE, ttapi_documents.FINISHED] * (FETCHED // 2), EMPTY)
    assert await vendor.provider.find("a boat", lambda _: False) is None
    assert asked(vendor).count("v1/fetch") + asked(vendor).count("video/fetch") == FETCHED


async def test_a_listed_job_that_its_page_does_not_know_is_passed_over() -> None:
    first: dict[str, object] = {"job_id": "other", "prompt": "a boat"}
    vendor = Vendor(
        listed(first, {"job_id": JOB, "action": "imagine"}), httpx.Response(404), httpx.Response(404), PICTURE
    )
    assert await vendor.provider.find("a boat", HOOK.__eq__) == JOB


async def test_a_listed_job_that_cannot_be_asked_about_leaves_the_question_open() -> None:
    vendor = Vendor(listed({"job_id": JOB, "action": "imagine"}), httpx.Response(500))
    with pytest.raises(ProviderError) as caught:
        await vendor.provider.find("a boat", HOOK.__eq__)
    assert caught.value.kind is ErrorKind.UPSTREAM
