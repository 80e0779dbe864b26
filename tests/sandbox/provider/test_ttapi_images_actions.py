"""Every action of the table: where it is offered, and where it is refused."""

from __future__ import annotations

import pytest

from sandbox.provider import FakeProvider, State
from sandbox.provider.model.faults import FewerClips
from sandbox.provider.model.image_jobs import image_order_of
from sandbox.provider.ttapi.image_actions import ACTIONS
from tests.sandbox.provider.ttapi_images_client import (
    TtapiImagesClient,
    bare,
    mask_of,
    plain,
    uri,
)

GRID = [*(f"upsample{slot}" for slot in range(1, 5)), *(f"variation{slot}" for slot in range(1, 5)), "reroll"]
VARY = ["high_variation", "low_variation"]
AROUND = ["zoom_out_2", "zoom_out_1_5", "pan_left", "pan_right", "pan_up", "pan_down"]
V5, V6 = ["upscale2", "upscale4"], ["upscale_subtle", "upscale_creative"]
V5_AGAIN, V6_AGAIN = ["redo_upscale2", "redo_upscale4"], ["redo_upscale_subtle", "redo_upscale_creative"]
TABLE = {*GRID, *VARY, *AROUND, *V5, *V6, *V5_AGAIN, *V6_AGAIN, "make_square"}


def test_the_table_is_whole() -> None:
    assert set(ACTIONS) == TABLE
    assert len(TABLE) == 26


@pytest.mark.parametrize("action", GRID)
async def test_each_action_under_a_grid_can_be_done(images_client: TtapiImagesClient, action: str) -> None:
    grid = await images_client.finished("imagine", prompt="a cat --ar 16:9")
    job = await images_client.acted(grid, action)
    assert job.state is State.DONE, job.message
    assert (await images_client.fetch(job))["data"]["actions"] == action
    single = action.startswith("upsample")
    assert await images_client.components(job) == ([*VARY, *V6, *AROUND, "make_square"] if single else GRID)


@pytest.mark.parametrize("action", [*VARY, *V6, *AROUND, "make_square"])
async def test_each_action_under_an_image_can_be_done(images_client: TtapiImagesClient, action: str) -> None:
    single = await images_client.acted(await images_client.finished("imagine", prompt="a cat --ar 16:9"), "upsample3")
    assert action in await images_client.components(single)
    job = await images_client.acted(single, action)
    assert job.state is State.DONE, job.message
    assert await images_client.components(job) == ([*VARY, *V6_AGAIN, *AROUND, "make_square"] if action in V6 else GRID)


@pytest.mark.parametrize("action", V5)
async def test_each_upscale_of_version_5_can_be_done(images_client: TtapiImagesClient, action: str) -> None:
    single = await images_client.acted(await images_client.finished("imagine", prompt="a cat --v 5.2"), "upsample1")
    assert await images_client.components(single) == [*VARY, *V5, *AROUND]
    job = await images_client.acted(single, action)
    assert await images_client.components(job) == [*VARY, *V5_AGAIN, *AROUND]


@pytest.mark.parametrize("action", [*V5_AGAIN, *V6_AGAIN])
async def test_each_upscale_can_be_done_again(images_client: TtapiImagesClient, action: str) -> None:
    version = "5.1" if action in V5_AGAIN else "6.1"
    grid = await images_client.finished("imagine", prompt=f"a cat --v {version}")
    upscaled = await images_client.acted(grid, "upsample1", action.removeprefix("redo_"))
    again = await images_client.acted(upscaled, action)
    assert again.state is State.DONE, again.message
    assert (await images_client.image(again)).size == (await images_client.image(upscaled)).size
    other = await images_client.acted(again, "redo_upscale2" if version == "5.1" else "redo_upscale_subtle")
    assert (await images_client.image(other)).size == (192, 192)


@pytest.mark.parametrize(
    ("flags", "upscales"),
    [
        ("--v 5", V5),
        ("--v 5.2", V5),
        ("--niji 5", V5),
        ("--v 6", V6),
        ("--v 6.1 --style raw", V6),
        ("--v 7", V6),
        ("--niji 6", V6),
        ("--niji", V6),
        ("--v 4", []),
        ("--v 3", []),
        ("--v old", V6),
    ],
)
async def test_the_upscales_follow_the_version(
    images_client: TtapiImagesClient, flags: str, upscales: list[str]
) -> None:
    grid = await images_client.finished("imagine", prompt=f"a cat {flags}")
    single = await images_client.acted(grid, "upsample1")
    assert await images_client.components(single) == [*VARY, *upscales, *AROUND]
    varied = await images_client.acted(single, "low_variation", "upsample4")
    assert await images_client.components(varied) == [*VARY, *upscales, *AROUND]


async def test_only_an_image_that_is_not_square_can_be_made_square(images_client: TtapiImagesClient) -> None:
    wide = await images_client.acted(await images_client.finished("imagine", prompt="a cat --ar 2:1"), "upsample1")
    assert "make_square" in await images_client.components(wide)
    square = await images_client.acted(wide, "make_square", "upsample1")
    assert "make_square" not in await images_client.components(square)
    panned = await images_client.acted(square, "pan_left", "upsample1")
    assert "make_square" in await images_client.components(panned)


@pytest.mark.parametrize("action", [*VARY, *V6, *AROUND, "make_square", *V5, *V5_AGAIN, *V6_AGAIN])
async def test_what_a_grid_does_not_offer_is_refused(
    images_client: TtapiImagesClient, fake_provider: FakeProvider, action: str
) -> None:
    grid = await images_client.finished("imagine", prompt="a cat --ar 16:9")
    status, body = await images_client.post("action", jobId=grid.id, action=action)
    assert (status, body["message"]) == (400, "'action' parameter error!")
    assert fake_provider.submits == 1


@pytest.mark.parametrize("action", [*GRID, *V5, *V5_AGAIN, *V6_AGAIN, "make_square"])
async def test_what_an_image_does_not_offer_is_refused(images_client: TtapiImagesClient, action: str) -> None:
    single = await images_client.acted(await images_client.finished("imagine", prompt="a cat"), "upsample1")
    status, body = await images_client.post("action", jobId=single.id, action=action)
    assert (status, body["message"]) == (400, "'action' parameter error!")


async def test_a_reroll_that_is_not_offered_is_refused(
    images_client: TtapiImagesClient, fake_provider: FakeProvider
) -> None:
    fake_provider.settings.ttapi_reroll = False
    grid = await images_client.finished("imagine", prompt="a cat")
    assert (await images_client.post("action", jobId=grid.id, action="reroll"))[0] == 400


async def test_what_has_no_image_offers_nothing(images_client: TtapiImagesClient, fake_provider: FakeProvider) -> None:
    described = await images_client.finished("describe", base64=uri(plain("red")))
    grid = await images_client.finished("imagine", prompt="a cat")
    seed = await images_client.finished("seed", jobId=grid.id)
    fake_provider.next_submit(FewerClips(0))
    empty = await images_client.finished("imagine", prompt="a cat")
    for job in (described, seed, empty):
        assert await images_client.components(job) == []
        assert (await images_client.post("action", jobId=job.id, action="upsample1"))[0] == 400
        assert (await images_client.post("seed", jobId=job.id))[0] == 400


async def test_every_grid_can_be_rolled_again(images_client: TtapiImagesClient) -> None:
    blend = await images_client.finished("blend", imgBase64Array=[uri(plain("red")), uri(plain("blue"))])
    single = await images_client.acted(blend, "upsample1")
    mask = bare(mask_of((96, 96), (10, 10, 50, 50)))
    inpaint = await images_client.finished("inpaint", jobId=single.id, mask=mask)
    for grid in (
        blend,
        inpaint,
        await images_client.acted(single, "pan_up"),
        await images_client.acted(single, "high_variation"),
    ):
        again = await images_client.acted(grid, "reroll", "reroll")
        assert (await images_client.image(again)).size == (await images_client.image(grid)).size
        assert (await images_client.image(again)).tobytes() != (await images_client.image(grid)).tobytes()


async def test_an_action_remembers_where_it_comes_from(images_client: TtapiImagesClient) -> None:
    grid = await images_client.finished("imagine", prompt="a cat")
    single = await images_client.acted(grid, "upsample3")
    assert (single.parent, single.index, single.prompt, single.action) == (grid, 2, "a cat", "upsample3")
    assert image_order_of(single).sent_fields == {"jobId", "action"}
