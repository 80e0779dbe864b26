"""TTAPI's fetch of picture jobs, held against each documented example and against answers that contradict them."""

import logging

import httpx
import pytest

from bot.errors import ErrorKind
from bot.providers.images import ImageSnapshot
from bot.providers.ttapi.image_responses import ACTIONS
from bot.providers.types import RemoteState
from tests.unit.providers.fake_vendor import KEY, Vendor, said
from tests.unit.providers.image_requests import look, look_error
from tests.unit.providers.ttapi_documents import HOOK, REFUSED
from tests.unit.providers.ttapi_image_documents import (
    ACTION_TABLE,
    CDN_IMAGE,
    DISCORD_IMAGE,
    FAILED,
    FINISHED,
    FINISHED_IN_THE_NEWER_PAGES,
    GRID_ACTIONS,
    IMAGES,
    JOB,
    NEW_IMAGES,
    PARENT,
    PENDING,
    RUNNING,
    Json,
    described,
    finished,
)

MISSING = (ErrorKind.RESULT_MISSING, "yes")


async def read(answer: Json) -> ImageSnapshot:
    return await look(Vendor(answer), JOB)


async def test_a_poll_asks_by_post_with_the_id_in_json() -> None:
    vendor = Vendor(FINISHED)
    await look(vendor, JOB)
    request = vendor.requests[0]
    assert (request.method, request.url.path, vendor.body) == ("POST", "/midjourney/v1/fetch", {"jobId": JOB})
    assert request.headers["TT-API-KEY"] == KEY


async def test_a_finished_grid_is_read() -> None:
    assert await read(FINISHED) == ImageSnapshot(
        RemoteState.SUCCEEDED,
        100,
        grid=CDN_IMAGE,
        images=IMAGES,
        actions=GRID_ACTIONS,
        width=1632,
        height=2912,
        cost="3",
    )


async def test_a_finished_grid_of_the_newer_pages_is_read() -> None:
    snapshot = await read(FINISHED_IN_THE_NEWER_PAGES)
    assert (snapshot.state, snapshot.images, snapshot.cost) == (RemoteState.SUCCEEDED, NEW_IMAGES, "2")
    assert snapshot.actions == (*GRID_ACTIONS[:4], "reroll", *GRID_ACTIONS[4:])


async def test_unfinished_jobs_are_read_whatever_their_data_is() -> None:
    assert await read(PENDING) == ImageSnapshot(RemoteState.WAITING)
    assert await read(RUNNING) == ImageSnapshot(RemoteState.RUNNING, 100)
    assert (await read(finished(hookUrl=HOOK))).echo == HOOK


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("failed", ErrorKind.UPSTREAM),
        ("Job Timeout", ErrorKind.JOB_TIMEOUT),
        ("[Banned prompt detected] blood", ErrorKind.MODERATED_PROMPT),
        ("[Image denied] the filter", ErrorKind.MODERATED_IMAGE),
        ("[Invalid link!] no picture", ErrorKind.BAD_IMAGE_LINK),
        ("[Invalid parameter] --x", ErrorKind.INVALID_REQUEST),
        ("[Internal error]", ErrorKind.UPSTREAM),
        ("", ErrorKind.UPSTREAM),
    ],
)
async def test_a_failed_job_says_why(message: str, kind: ErrorKind) -> None:
    snapshot = await read({**FAILED, "message": message})
    assert snapshot.state is RemoteState.FAILED
    assert snapshot.error is not None
    assert (said(snapshot.error), snapshot.error.message) == ((kind, "yes"), message)


async def test_a_failure_that_names_no_job_says_nothing_about_ours() -> None:
    assert said(await look_error(Vendor(REFUSED), JOB)) == (ErrorKind.BAD_RESPONSE, "yes")


async def test_an_answer_about_another_job_is_not_believed() -> None:
    assert said(await look_error(Vendor(FINISHED), PARENT)) == (ErrorKind.BAD_RESPONSE, "yes")


async def test_an_answer_that_names_ours_beside_its_parent_is_ours() -> None:
    assert (await read(finished(jobId=PARENT))).state is RemoteState.SUCCEEDED


async def test_an_unknown_state_counts_as_running() -> None:
    assert (await read({**FINISHED, "status": "NAPPING"})).state is RemoteState.RUNNING


@pytest.mark.parametrize("status", [404, 405, 400])
async def test_a_poll_falls_back_to_get_as_newer_pages_show_and_remembers_it(status: int) -> None:
    vendor = Vendor(httpx.Response(status), FINISHED)
    await look(vendor, JOB)
    await look(vendor, JOB)
    assert [request.method for request in vendor.requests] == ["POST", "GET", "GET"]
    assert dict(vendor.requests[1].url.params) == {"jobId": JOB}


async def test_films_and_pictures_remember_their_verbs_apart() -> None:
    vendor = Vendor(FINISHED)
    await look(vendor, JOB)
    await vendor.provider.poll(JOB)
    assert [request.method for request in vendor.requests] == ["POST", "GET"]


@pytest.mark.parametrize(
    ("data", "grid"),
    [
        ({}, CDN_IMAGE),
        ({"cdnImage": None}, DISCORD_IMAGE),
        ({"cdnImage": ""}, DISCORD_IMAGE),
        ({"cdnImage": "not a link"}, DISCORD_IMAGE),
        ({"discordImage": ["x"]}, CDN_IMAGE),
        ({"cdnImage": None, "discordImage": None}, None),
    ],
)
async def test_the_grid_is_the_first_link_that_there_is(data: Json, grid: str | None) -> None:
    snapshot = await read(finished(**data))
    assert (snapshot.state, snapshot.grid, snapshot.images) == (RemoteState.SUCCEEDED, grid, IMAGES)


@pytest.mark.parametrize("images", [None, [], "", IMAGES[0], {}, [None], [IMAGES[0], None, *IMAGES[2:]], ["ftp://x/0"]])
async def test_a_single_picture_that_cannot_be_read_never_shifts_the_others(images: object) -> None:
    """A picture's place is what its buttons and a film go by; the grid is there all the same."""
    snapshot = await read(finished(images=images))
    assert (snapshot.state, snapshot.grid, snapshot.images) == (RemoteState.SUCCEEDED, CDN_IMAGE, ())


async def test_more_pictures_than_can_be_are_cut() -> None:
    assert (await read(finished(images=list(IMAGES) * 500))).images == IMAGES


@pytest.mark.parametrize("action", ["upsample2", "upscale_subtle", "upscale4", "redo_upscale_creative"])
@pytest.mark.parametrize(
    ("images", "grid", "pictures"),
    [
        (None, CDN_IMAGE, ()),
        ([IMAGES[1]], IMAGES[1], ()),
        (list(IMAGES), CDN_IMAGE, ()),
    ],
)
async def test_an_upscale_is_one_picture_with_the_link_that_lasts_longest(
    action: str, images: object, grid: str, pictures: tuple[str, ...]
) -> None:
    for name in ("actions", "action"):
        snapshot = await read(finished(**{"actions": None, name: action}, images=images))
        assert (snapshot.state, snapshot.grid, snapshot.images) == (RemoteState.SUCCEEDED, grid, pictures)


NOTHING = {"cdnImage": None, "discordImage": None, "images": None}


@pytest.mark.parametrize("action", ["imagine", "upsample1", "", None, 3])
@pytest.mark.parametrize("data", [{}, {"cdnImage": "", "images": []}, {"images": [None] * 4}, {"seed": ""}])
async def test_a_success_without_anything_is_polled_on(action: object, data: Json) -> None:
    snapshot = await read(finished(**{**NOTHING, **data}, actions=action))
    assert snapshot.state is RemoteState.RUNNING
    assert snapshot.error is not None
    assert said(snapshot.error) == MISSING
    assert "cdnImage, components, discordImage" in snapshot.error.message


@pytest.mark.parametrize("data", [[], None, {}, "done", [FINISHED["data"]]])
async def test_a_success_whose_data_is_no_object_is_polled_on(data: object) -> None:
    snapshot = await read({**FINISHED, "data": data})
    assert snapshot.state is RemoteState.RUNNING
    assert snapshot.error is not None


@pytest.mark.parametrize(
    ("seed", "found"),
    [(1234567890, "1234567890"), ("1234567890", "1234567890"), (0, "0"), (7.0, "7"), (4294967295, "4294967295")],
)
async def test_a_seed_is_read_as_number_or_string(seed: object, found: str) -> None:
    snapshot = await read(finished(**NOTHING, actions="seed", seed=seed))
    assert (snapshot.state, snapshot.seed) == (RemoteState.SUCCEEDED, found)


@pytest.mark.parametrize("seed", ["", None, True, -1, "soon", 1.5, [1], 10**400, "9" * 30])
async def test_a_job_for_a_seed_without_one_is_polled_on(seed: object) -> None:
    snapshot = await read(finished(actions="seed", seed=seed))
    assert (snapshot.state, snapshot.seed) == (RemoteState.RUNNING, None)


TEXTS = ("a boat --ar 3:2", "a ship", "a raft", "a tub")


@pytest.mark.parametrize("prompt", ["\n\n".join(f"{n}\ufe0f\u20e3 {t}" for n, t in enumerate(TEXTS, 1)), list(TEXTS)])
async def test_a_description_is_read_from_the_prompts_place(prompt: object) -> None:
    for data in ({}, {"actions": None, "action": "describe"}, {"cdnImage": CDN_IMAGE}):
        snapshot = await read(described(prompt, **data))
        assert (snapshot.state, snapshot.texts) == (RemoteState.SUCCEEDED, TEXTS)


async def test_a_description_that_does_not_say_so_is_known_by_its_numbers() -> None:
    assert (await read(described("1. a boat\n2. a ship", actions=None))).texts == ("a boat", "a ship")
    assert (await read(described("a boat", actions=None))).state is RemoteState.RUNNING


@pytest.mark.parametrize("prompt", [None, "", 3, {}, []])
async def test_a_description_without_texts_is_polled_on(prompt: object) -> None:
    assert (await read(described(prompt, cdnImage=CDN_IMAGE))).state is RemoteState.RUNNING


async def test_an_imagined_prompt_is_never_taken_for_a_description() -> None:
    assert (await read(finished(prompt="1. a boat\n2. a ship"))).texts == ()
    assert (await read(finished(**NOTHING, prompt="1. a boat\n2. a ship"))).state is RemoteState.RUNNING


async def test_all_documented_actions_are_kept_in_our_order() -> None:
    assert (await read(finished(components=sorted(ACTION_TABLE)))).actions == ACTIONS


async def test_unknown_actions_are_logged_and_left_out(caplog: pytest.LogCaptureFixture) -> None:
    offered = [
        "reroll",
        "animate_high",
        "UPSAMPLE1",
        None,
        4,
        ["pan_up"],
        "pan_down",
        "pan_down",
        "https://x.example/secret",
    ]
    with caplog.at_level(logging.WARNING):
        assert (await read(finished(components=offered))).actions == ("reroll", "pan_down")
    assert "'animate_high'" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("components", [None, {}, "upsample1", 3, {"upsample1": True}])
async def test_components_that_are_no_list_offer_nothing(components: object) -> None:
    assert (await read(finished(components=components))).actions == ()


@pytest.mark.parametrize(
    ("data", "read_as"),
    [
        ({"progress": "42"}, 42),
        ({"progress": 42}, 42),
        ({"progress": None, "progess": "7"}, 7),
        ({"progress": []}, None),
    ],
)
async def test_progress_is_read_however_it_is_spelled(data: Json, read_as: int | None) -> None:
    assert (await read({**RUNNING, "data": {**RUNNING["data"], **data}})).progress == read_as


@pytest.mark.parametrize(("quota", "cost"), [(3, "3"), ("2", "2"), (1.5, "1.5"), ("0", None), (None, None), ([], None)])
async def test_what_was_charged_is_read(quota: object, cost: str | None) -> None:
    assert (await read(finished(quota=quota))).cost == cost


@pytest.mark.parametrize(
    ("side", "found"), [(1024, 1024), ("1024", 1024), (0, None), (0.5, None), (-1, None), (10**9, None), ("", None)]
)
async def test_a_size_is_read(side: object, found: int | None) -> None:
    snapshot = await read(finished(width=side, height=side))
    assert (snapshot.width, snapshot.height) == (found, found)
