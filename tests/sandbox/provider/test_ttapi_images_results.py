"""The images show what was done to them."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops, ImageStat

from sandbox.provider import FakeProvider, Job
from sandbox.provider.rendering.resize import scale
from tests.sandbox.provider.frames import difference
from tests.sandbox.provider.ttapi_images_client import (
    TtapiImagesClient,
    bare,
    mask_of,
    plain,
    uri,
)

SIDE = 192


@pytest.fixture(autouse=True)
def result_in_earnest(fake_provider: FakeProvider) -> None:
    fake_provider.settings.ready_made, fake_provider.settings.image_side = False, SIDE


async def tiles(images_client: TtapiImagesClient, job: Job) -> list[Image.Image]:
    return [await images_client.download(link) for link in (await images_client.fetch(job))["data"]["images"]]


async def single(images_client: TtapiImagesClient, prompt: str = "a paper boat") -> Job:
    return await images_client.acted(await images_client.finished("imagine", prompt=prompt), "upsample2")


async def first_of(images_client: TtapiImagesClient, job: Job, action: str) -> Image.Image:
    return (await tiles(images_client, await images_client.acted(job, action, getUImages=True)))[0]


async def test_a_prompt_gives_the_same_four_images_every_time(images_client: TtapiImagesClient) -> None:
    first, second, other = [
        await images_client.image(await images_client.finished("imagine", prompt=prompt)) for prompt in ("a", "a", "b")
    ]
    assert first.tobytes() == second.tobytes()
    assert difference(first, other) > 10


async def test_the_four_images_differ(images_client: TtapiImagesClient) -> None:
    four = await tiles(images_client, await images_client.finished("imagine", prompt="a paper boat", getUImages=True))
    pairs = [(four[first], four[second]) for second in range(4) for first in range(second)]
    assert min(difference(*pair) for pair in pairs) > 10


@pytest.mark.parametrize(
    ("flag", "size"),
    [("", (192, 192)), ("--ar 16:9", (256, 144)), ("--ar 1280:720", (256, 144)), ("--aspect 1:4", (96, 384))],
)
async def test_the_aspect_is_respected(images_client: TtapiImagesClient, flag: str, size: tuple[int, int]) -> None:
    job = await images_client.finished("imagine", prompt=f"a boat {flag}")
    data = (await images_client.fetch(job))["data"]
    assert (data["width"], data["height"]) == (await images_client.image(job)).size == size


async def test_a_grid_shows_its_four_images_in_order(images_client: TtapiImagesClient) -> None:
    job = await images_client.finished("imagine", prompt="a paper boat --ar 3:2", getUImages=True)
    grid, four = await images_client.image(job), await tiles(images_client, job)
    width, height = grid.width // 2, grid.height // 2
    for number, tile in enumerate(four):
        left, top = number % 2 * width, number // 2 * height
        assert difference(grid.crop((left, top, left + width, top + height)), tile.reduce(2)) < 3


async def test_a_picked_image_is_that_of_the_grid_larger(images_client: TtapiImagesClient) -> None:
    grid = await images_client.finished("imagine", prompt="a paper boat", getUImages=True)
    four = await tiles(images_client, grid)
    for slot in range(4):
        picked = await images_client.image(await images_client.acted(grid, f"upsample{slot + 1}"))
        assert picked.tobytes() == four[slot].tobytes()
        assert picked.width == 2 * ((await images_client.image(grid)).width // 2)


@pytest.mark.parametrize(("action", "factor"), [("upscale2", 2), ("upscale4", 4)])
async def test_a_plain_upscale_is_the_image_larger(images_client: TtapiImagesClient, action: str, factor: int) -> None:
    job = await single(images_client, "a paper boat --v 5")
    before, after = await images_client.image(job), await images_client.image(await images_client.acted(job, action))
    assert after.size == (factor * SIDE, factor * SIDE)
    assert difference(after.reduce(factor), before) < 2


async def test_subtle_and_creative_upscales_differ_to_the_eye(images_client: TtapiImagesClient) -> None:
    job = await single(images_client)
    before = await images_client.image(job)
    subtle = (await images_client.image(await images_client.acted(job, "upscale_subtle"))).reduce(2)
    creative = (await images_client.image(await images_client.acted(job, "upscale_creative"))).reduce(2)
    assert 0.3 < difference(subtle, before) < difference(creative, before) / 2


async def test_a_strong_variation_notifier_more_than_a_subtle_one(images_client: TtapiImagesClient) -> None:
    job = await single(images_client)
    before = await images_client.image(job)
    subtle, strong = (
        await first_of(images_client, job, "low_variation"),
        await first_of(images_client, job, "high_variation"),
    )
    assert 2 < difference(subtle, before) < difference(strong, before) / 1.5


async def test_a_variation_starts_from_the_image_of_its_number(images_client: TtapiImagesClient) -> None:
    grid = await images_client.finished("imagine", prompt="a paper boat", getUImages=True)
    four = await tiles(images_client, grid)
    varied = await images_client.acted(grid, "variation3", getUImages=True)
    for tile in await tiles(images_client, varied):
        nearest = min(range(4), key=lambda slot: difference(tile.convert("L"), four[slot].convert("L")))
        assert nearest == 2


async def test_a_reroll_draws_others(images_client: TtapiImagesClient) -> None:
    grid = await images_client.finished("imagine", prompt="a paper boat")
    first, second = await images_client.acted(grid, "reroll"), await images_client.acted(grid, "reroll")
    images = [await images_client.image(job) for job in (grid, first, second)]
    assert min(difference(images[0], images[1]), difference(images[1], images[2])) > 10


@pytest.mark.parametrize(("action", "factor"), [("zoom_out_2", 2.0), ("zoom_out_1_5", 1.5)])
async def test_zooming_out_shows_the_image_smaller_in_new_surroundings(
    images_client: TtapiImagesClient, action: str, factor: float
) -> None:
    job = await single(images_client)
    before = await images_client.image(job)
    four = await tiles(images_client, await images_client.acted(job, action, getUImages=True))
    inner = round(SIDE / factor)
    edge = (SIDE - inner) // 2
    for tile in four:
        assert tile.size == before.size
        middle = tile.crop((edge, edge, edge + inner, edge + inner))
        assert difference(middle, scale(before, (inner, inner))) < 1
    assert difference(four[0], four[1]) > 5


@pytest.mark.parametrize(
    ("action", "size", "place"),
    [
        ("pan_left", (288, 192), (96, 0)),
        ("pan_right", (288, 192), (0, 0)),
        ("pan_up", (192, 288), (0, 96)),
        ("pan_down", (192, 288), (0, 0)),
    ],
)
async def test_a_pan_extends_the_image_to_its_side_alone(
    images_client: TtapiImagesClient, action: str, size: tuple[int, int], place: tuple[int, int]
) -> None:
    job = await single(images_client)
    before, after = await images_client.image(job), await first_of(images_client, job, action)
    assert after.size == size
    assert after.crop((*place, place[0] + SIDE, place[1] + SIDE)).tobytes() == before.tobytes()


async def test_making_square_adds_at_both_sides(images_client: TtapiImagesClient) -> None:
    job = await single(images_client, "a paper boat --ar 2:1")
    before, after = await images_client.image(job), await first_of(images_client, job, "make_square")
    assert after.size == (before.width, before.width)
    top = (after.height - before.height) // 2
    assert after.crop((0, top, before.width, top + before.height)).tobytes() == before.tobytes()


async def test_an_inpaint_notifier_what_is_white_and_nothing_else(images_client: TtapiImagesClient) -> None:
    job = await single(images_client)
    before = await images_client.image(job)
    mask = mask_of(before.size, (40, 60, 120, 150))
    inpaint = await images_client.finished("inpaint", jobId=job.id, mask=bare(mask), prompt="a lighthouse")
    picked = [await images_client.image(await images_client.acted(inpaint, f"upsample{slot}")) for slot in (1, 2)]
    for after in picked:
        changed = ImageChops.difference(before, after).convert("L").getbbox()
        assert changed is not None
        assert (changed[0], changed[1]) >= (40, 60)
        assert (changed[2], changed[3]) <= (121, 151)
        assert difference(before.crop((40, 60, 121, 151)), after.crop((40, 60, 121, 151))) > 5
    assert picked[0].tobytes() != picked[1].tobytes()


@pytest.mark.parametrize(
    ("dimensions", "shape"), [("PORTRAIT", 2 / 3), ("SQUARE", 1.0), ("LANDSCAPE", 3 / 2), (None, 1.0)]
)
async def test_a_blend_mixes_all_images_in_its_dimensions(
    images_client: TtapiImagesClient, dimensions: str | None, shape: float
) -> None:
    sent = [uri(plain(colour)) for colour in ("#ff0000", "#0000ff")]
    given = {} if dimensions is None else {"dimensions": dimensions}
    job = await images_client.finished("blend", imgBase64Array=sent, getUImages=True, **given)
    four = await tiles(images_client, job)
    assert all(tile.width / tile.height == pytest.approx(shape, abs=0.03) for tile in four)
    for tile in four:
        red, _, blue = ImageStat.Stat(tile).mean
        assert min(red, blue) > 40
    assert len({tile.tobytes() for tile in four}) == 4


async def test_a_description_names_colours_light_and_shape(images_client: TtapiImagesClient) -> None:
    async def described(image: Image.Image) -> str:
        return (await images_client.fetch(await images_client.finished("describe", base64=uri(image))))["data"][
            "prompt"
        ]

    dark, light = await described(plain("#101018", (90, 160))), await described(plain("#f5f5f5", (100, 100)))
    assert ("black" in dark, "dark" in dark, "portrait" in dark, "--ar 9:16" in dark) == (True, True, True, True)
    assert ("white" in light, "glaring" in light, "square" in light, "--ar 1:1" in light) == (True, True, True, True)
    assert dark == await described(plain("#101018", (90, 160)))


async def test_long_chains_do_not_grow_without_end(images_client: TtapiImagesClient) -> None:
    job = await single(images_client)
    for _ in range(4):
        job = await images_client.acted(job, "pan_left", "upsample1")
    image = await images_client.image(job)
    assert image.width * image.height < 4 * SIDE * SIDE
