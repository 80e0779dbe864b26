"""docs/parameters.md against the adapters: what a page documents is sent when its table says so, and nothing else."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.domain.params import Motion, PromptMode, ProviderImageRef, Resolution, Speed
from bot.errors import ProviderError
from bot.providers.acedata import AceData
from bot.providers.apimart.videos import ApiMart
from bot.providers.base import Provider
from bot.providers.capabilities import Capabilities
from bot.providers.cometapi import CometApi
from bot.providers.images import Shape
from bot.providers.registry import PROVIDERS
from bot.providers.ttapi.image_responses import ACTIONS
from bot.providers.ttapi.videos import Ttapi
from bot.providers.types import ExtendRequest, Snapshot, VideoRequest
from cogs.extend import ExtendCog
from cogs.images import ImagesCog
from cogs.region import RegionCog
from cogs.video import VideoCog
from tests.meta.parameter_tables import PAGES, PLUMBING, Json, Page
from tests.unit.providers import (
    acedata_documents,
    apimart_documents,
    cometapi_documents,
    ttapi_image_documents,
)
from tests.unit.providers.fake_vendor import Vendor, extend, submit_error, video
from tests.unit.providers.image_requests import (
    PictureRequest,
    act,
    begin_error,
    blend,
    describe,
    imagine,
    maker,
    region,
    seed,
)

Ask = Callable[[Vendor], Awaitable[object]]

HOOK = "https://bot.example/hooks/v1/01k3v9x2/a-secret"
LINK = "https://cdn.example/boat.png"
JOB = "task_01KV52C0TEJSYZMCG0NCS4YWKK"
PARENT = "9fd71109-f508-4f0e-a26c-d776d6b38b58"

# What TTAPI's page prints (https://docs.ttapi.io, Midjourney Video API): its Python and Node samples say the same.
TTAPI_SUBMIT: Json = {
    "prompt": "hyperrealistic album cover: Black sacral Ocean. Sunken prayer canoe. Ghost Canoe Horizon",
    "imageUrl": "https://unlimbot.hb.ru-msk.vkcloud-storage.ru/AQADJvYxG8ZHiEt-.jpeg",
    "mode": "fast",
    "manual": "high",
    "hookUrl": "https://webhook-test.com/1cb411db3bc4bfa7729c7df3ca2c1a5e",
}
TTAPI_EXTEND: Json = {"jobId": PARENT, "index": 0}
TTAPI_FETCH: Json = {"jobId": "afa774a3-1aee-5aba-4510-14818d6875e4"}

CASES = [pytest.param(page, kind, id=f"{heading}, {kind}") for heading, page in PAGES.items() for kind in page.kinds]


def all_of(**choices: Iterable[Any]) -> Iterator[Json]:
    """Give each choice on its own, as a change of the usual request."""
    return ({name: value} for name, values in choices.items() for value in values)


def videos(able: Capabilities) -> list[VideoRequest]:
    """Ask for everything that a provider can do, one thing after the other; the plainest request first."""
    plain = video(
        end_url=None,
        motion=next(iter(able.motions), None),
        resolution=Resolution.SD,
        clips=max(able.clip_counts),
        callback_url=HOOK,
    )
    asked = [
        *all_of(motion=able.motions, resolution=able.resolutions, clips=able.clip_counts, speed=able.speeds),
        *all_of(loop=[True] if able.loop else [], end_url=[LINK] if able.end_image else []),
        *all_of(prompt_mode=[one for one in able.prompt_modes if one is PromptMode.MANUAL]),
    ]
    if able.provider_images:
        own: Json = {"image_url": None, "provider_image": ProviderImageRef(JOB, 2)}
        asked += [own, {**own, "prompt": "", "prompt_mode": PromptMode.AUTO}]
    return [plain, *(replace(plain, **change) for change in asked)]


def extends(able: Capabilities) -> list[ExtendRequest]:
    """Ask for every extend that a provider can do; the plainest one first."""
    plain = extend(
        motion=next(iter(able.extend_motions), None),
        clips=max(able.clip_counts),
        callback_url=HOOK,
        parent_ref=PARENT,
    )
    asked = [
        *all_of(motion=able.extend_motions, resolution=able.resolutions, clips=able.clip_counts),
        *all_of(index=range(4), prompt_mode=able.extend_prompt_modes, image_url=[LINK]),
    ]
    return [plain, *(replace(plain, **change) for change in asked)]


PICTURES: dict[str, list[PictureRequest]] = {
    "imagine": [imagine(callback_url=HOOK, speed=speed, translate=speed is Speed.RELAX) for speed in Speed],
    "action": [act(action, callback_url=HOOK) for action in ACTIONS],
    "seed": [seed(callback_url=HOOK)],
    "blend": [blend(callback_url=HOOK, speed=speed, shape=shape) for speed in Speed for shape in Shape],
    "describe": [describe(callback_url=HOOK)],
    "region": [region(callback_url=HOOK, prompt=prompt) for prompt in ("white background", None)],
}
"""What is asked of a provider that makes pictures, by the kind of job."""


async def poll(vendor: Vendor) -> Snapshot:
    return await vendor.provider.poll(JOB)


REFUSED = httpx.Response(405)
NOTHING = httpx.Response(404)
EMPTY = httpx.Response(200, json={"items": []})


MAKERS: dict[str, Callable[..., Provider]] = {
    "TTAPI": Ttapi,
    "AceData": AceData,
    "APIMart": ApiMart,
    "CometAPI": CometApi,
}

QUESTIONS: dict[str, list[tuple[Ask, httpx.Response]]] = {
    "TTAPI": [
        *((poll, answer) for answer in (NOTHING, REFUSED)),
        (lambda ttapi: maker(ttapi).poll(JOB), NOTHING),
        (lambda ttapi: maker(ttapi).check_prompt("a boat"), NOTHING),
        (lambda ttapi: ttapi.provider.speed_status(), NOTHING),
    ],
    "AceData": [(poll, NOTHING), (lambda acedata: acedata.provider.find("a boat", lambda _: False), EMPTY)],
    "APIMart": [(poll, NOTHING)],
    "CometAPI": [(poll, NOTHING)],
}
"""What a vendor is asked, and what it answers, so that every page of its that is for asking is asked."""


async def requests_of(title: str, kind: str) -> list[httpx.Request]:
    """Let an adapter send everything of one kind that it can."""
    if kind == "asking":
        vendors = [(Vendor(answer, make=MAKERS[title]), ask) for ask, answer in QUESTIONS[title]]
        for vendor, ask in vendors:
            with suppress(ProviderError):
                await ask(vendor)
        return [request for vendor, _ in vendors for request in vendor.requests]
    vendor = Vendor(httpx.Response(400), make=MAKERS[title])
    for asked in PICTURES.get(kind, []):
        await begin_error(vendor, asked)
    if kind in PICTURES:
        return vendor.requests
    able = vendor.provider.capabilities
    for request in videos(able) if kind == "video" else extends(able):
        await submit_error(vendor, request)
    return vendor.requests


@pytest.mark.parametrize(("page", "kind"), CASES)
async def test_a_page_is_sent_what_its_table_says(page: Page, kind: str) -> None:
    every = await requests_of(page.title, kind)
    to_it = [request for request in every if page.holds(request)]
    assert to_it[0].method == page.method
    assert kind == "asking" or to_it == every
    always, sometimes = page.named(kind, "always"), page.named(kind, "sometimes")
    sent = [set(page.values(request)) for request in to_it]
    assert [names for names in sent if not always <= names <= always | sometimes] == []
    # Neither is a promise too much: each "sometimes" is sent by some request, and left out by another.
    assert {name for name in sometimes if len({name in names for names in sent}) == 1} == set()


@pytest.mark.parametrize(("page", "kind"), CASES)
async def test_headers_are_those_of_the_table(page: Page, kind: str) -> None:
    needed = {name.lower() for name in page.named(kind, "always", in_header=True)}
    for request in filter(page.holds, await requests_of(page.title, kind)):
        assert needed <= set(request.headers)
        assert set(request.headers) - PLUMBING <= needed


@pytest.mark.parametrize(("page", "kind"), CASES)
async def test_what_the_table_calls_fixed_is_always_the_same(page: Page, kind: str) -> None:
    fixed = [row for row in page.rows.values() if row.fixed and row.sent[kind] != "never"]
    for request in filter(page.holds, await requests_of(page.title, kind)):
        sent = {**page.values(request), **{row.name: request.headers[row.name] for row in fixed if row.is_header}}
        for row in fixed:
            value = sent[row.name]
            assert row.fixed == (value if isinstance(value, str) else json.dumps(value))


SAMPLES: dict[str, tuple[Json, ...]] = {
    "TTAPI: POST /midjourney/video/submit": (TTAPI_SUBMIT,),
    "TTAPI: POST /midjourney/video/extend": (TTAPI_EXTEND,),
    "TTAPI: GET /midjourney/video/fetch": (TTAPI_FETCH,),
    "AceData: POST /midjourney/videos": (acedata_documents.SAMPLE_REQUEST, *acedata_documents.GUIDE_REQUESTS),
    "APIMart: POST /v1/midjourney/generations/video": (
        apimart_documents.SIMPLE_REQUEST,
        apimart_documents.TRANSITION_REQUEST,
        apimart_documents.DEFAULTS,
    ),
    "CometAPI: POST /mj/submit/video": (cometapi_documents.SAMPLE_REQUEST, cometapi_documents.FIELDS),
    **{
        f"TTAPI: POST {path}": tuple(sample for other, _, sample in ttapi_image_documents.SAMPLES if other == path)
        for path, _, _ in ttapi_image_documents.SAMPLES
    },
}


@pytest.mark.parametrize(("heading", "samples"), SAMPLES.items(), ids=SAMPLES)
def test_each_parameter_of_a_printed_sample_has_its_row(heading: str, samples: tuple[Json, ...]) -> None:
    assert {name for sample in samples for name in sample} - set(PAGES[heading].rows) == set()


async def test_ttapis_samples_can_be_sent_as_they_are() -> None:
    vendor = Vendor(httpx.Response(400), make=Ttapi)
    asked = video(
        prompt=TTAPI_SUBMIT["prompt"],
        image_url=TTAPI_SUBMIT["imageUrl"],
        motion=Motion.HIGH,
        speed=Speed.FAST,
        callback_url=TTAPI_SUBMIT["hookUrl"],
    )
    await submit_error(vendor, asked)
    assert vendor.body.items() >= TTAPI_SUBMIT.items()
    await submit_error(vendor, extend(parent_ref=PARENT))
    assert vendor.body.items() >= TTAPI_EXTEND.items()


def test_every_provider_has_its_tables() -> None:
    assert set(MAKERS.values()) == set(PROVIDERS)
    for title, make in MAKERS.items():
        kinds = {kind for page in PAGES.values() if page.title == title for kind in page.kinds}
        provider = Vendor({}, make=make).provider
        extending = ["extend"] if provider.capabilities.extend else []
        assert kinds == {"video", "asking", *extending, *([] if provider.images is None else PICTURES)}


def test_the_options_that_the_tables_name_are_there_and_all_are_named() -> None:
    named = {
        (command, option)
        for page in PAGES.values()
        for row in page.rows.values()
        for command, option in re.findall(r"`/(\w+) (\w+)`", row.how)
    }
    cogs = (VideoCog, ExtendCog, ImagesCog, RegionCog)
    commands = [command for cog in cogs for command in cog.__cog_app_commands__]
    there = {(command.name, option.name) for command in commands for option in getattr(command, "parameters", ())}
    everywhere = {(command.name, option) for command in commands for option in ("preset", "spoiler")}
    ours = {("video", "provider"), *everywhere}
    assert named == there - ours


def test_what_no_option_reaches_has_its_reason() -> None:
    for heading, page in PAGES.items():
        for row in page.rows.values():
            assert re.match(r"`/|the (setting|command|card)|Fixed: `|no option: \S", row.how), (heading, row.name)
