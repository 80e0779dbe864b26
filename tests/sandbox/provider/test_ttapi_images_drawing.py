"""The pictures show what was done to them."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops, ImageStat

from sandbox.provider import FakeProvider, Job
from sandbox.provider.rendering.resize import scale
from tests.sandbox.provider.host import difference
from tests.sandbox.provider.ttapi_images_client import (
    ImagesClient,
    bare,
    mask_of,
    plain,
    uri,
)

SIDE = 192


@pytest.fixture(autouse=True)
def drawn_in_earnest(fake_provider: FakeProvider) -> None:
    fake_provider.knobs.ready_made, fake_provider.knobs.picture_side = False, SIDE


async def tiles(images: ImagesClient, job: Job) -> list[Image.Image]:
    return [await images.download(link) for link in (await images.fetch(job))["data"]["images"]]


async def single(images: ImagesClient, prompt: str = "a paper boat") -> Job:
    return await images.acted(await images.finished("imagine", prompt=prompt), "upsample2")


async def first_of(images: ImagesClient, job: Job, action: str) -> Image.Image:
    return (await tiles(images, await images.acted(job, action, getUImages=True)))[0]


async def test_a_prompt_gives_the_same_four_pictures_every_time(images: ImagesClient) -> None:
    first, second, other = [
        await images.picture(await images.finished("imagine", prompt=prompt)) for prompt in ("a", "a", "b")
    ]
    assert first.tobytes() == second.tobytes()
    assert difference(first, other) > 10


async def test_the_four_pictures_differ(images: ImagesClient) -> None:
    four = await tiles(images, await images.finished("imagine", prompt="a paper boat", getUImages=True))
    pairs = [(four[first], four[second]) for second in range(4) for first in range(second)]
    assert min(difference(*pair) for pair in pairs) > 10


@pytest.mark.parametrize(
    ("flag", "size"),
    [("", (192, 192)), ("--ar 16:9", (256, 144)), ("--ar 1280:720", (256, 144)), ("--aspect 1:4", (96, 384))],
)
async def test_the_aspect_is_respected(images: ImagesClient, flag: str, size: tuple[int, int]) -> None:
    job = await images.finished("imagine", prompt=f"a boat {flag}")
    data = (await images.fetch(job))["data"]
    assert (data["width"], data["height"]) == (await images.picture(job)).size == size


async def test_a_grid_shows_its_four_pictures_in_order(images: ImagesClient) -> None:
    job = await images.finished("imagine", prompt="a paper boat --ar 3:2", getUImages=True)
    grid, four = await images.picture(job), await tiles(images, job)
    width, height = grid.width // 2, grid.height // 2
    for number, tile in enumerate(four):
        left, top = number % 2 * width, number // 2 * height
        assert difference(grid.crop((left, top, left + width, top + height)), tile.reduce(2)) < 3


async def test_a_picked_picture_is_that_of_the_grid_larger(images: ImagesClient) -> None:
    grid = await images.finished("imagine", prompt="a paper boat", getUImages=True)
    four = await tiles(images, grid)
    for slot in range(4):
        picked = await images.picture(await images.acted(grid, f"upsample{slot + 1}"))
        assert picked.tobytes() == four[slot].tobytes()
        assert picked.width == 2 * ((await images.picture(grid)).width // 2)


@pytest.mark.parametrize(("action", "factor"), [("upscale2", 2), ("upscale4", 4)])
async def test_a_plain_upscale_is_the_picture_larger(images: ImagesClient, action: str, factor: int) -> None:
    job = await single(images, "a paper boat --v 5")
    before, after = await images.picture(job), await images.picture(await images.acted(job, action))
    assert after.size == (factor * SIDE, factor * SIDE)
    assert difference(after.reduce(factor), before) < 2


async def test_subtle_and_creative_upscales_differ_to_the_eye(images: ImagesClient) -> None:
    job = await single(images)
    before = await images.picture(job)
    subtle = (await images.picture(await images.acted(job, "upscale_subtle"))).reduce(2)
    creative = (await images.picture(await images.acted(job, "upscale_creative"))).reduce(2)
    assert 0.3 < difference(subtle, before) < difference(creative, before) / 2


async def test_a_strong_variation_changes_more_than_a_subtle_one(images: ImagesClient) -> None:
    job = await single(images)
    before = await images.picture(job)
    subtle, strong = await first_of(images, job, "low_variation"), await first_of(images, job, "high_variation")
    assert 2 < difference(subtle, before) < difference(strong, before) / 1.5


async def test_a_variation_starts_from_the_picture_of_its_number(images: ImagesClient) -> None:
    grid = await images.finished("imagine", prompt="a paper boat", getUImages=True)
    four = await tiles(images, grid)
    varied = await images.acted(grid, "variation3", getUImages=True)
    for tile in await tiles(images, varied):
        nearest = min(range(4), key=lambda slot: difference(tile.convert("L"), four[slot].convert("L")))
        assert nearest == 2


async def test_a_reroll_draws_others(images: ImagesClient) -> None:
    grid = await images.finished("imagine", prompt="a paper boat")
    first, second = await images.acted(grid, "reroll"), await images.acted(grid, "reroll")
    pictures = [await images.picture(job) for job in (grid, first, second)]
    assert min(difference(pictures[0], pictures[1]), difference(pictures[1], pictures[2])) > 10


@pytest.mark.parametrize(("action", "factor"), [("zoom_out_2", 2.0), ("zoom_out_1_5", 1.5)])
async def test_zooming_out_shows_the_picture_smaller_in_new_surroundings(
    images: ImagesClient, action: str, factor: float
) -> None:
    job = await single(images)
    before = await images.picture(job)
    four = await tiles(images, await images.acted(job, action, getUImages=True))
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
async def test_a_pan_extends_the_picture_to_its_side_alone(
    images: ImagesClient, action: str, size: tuple[int, int], place: tuple[int, int]
) -> None:
    job = await single(images)
    before, after = await images.picture(job), await first_of(images, job, action)
    assert after.size == size
    assert after.crop((*place, place[0] + SIDE, place[1] + SIDE)).tobytes() == before.tobytes()


async def test_making_square_adds_at_both_sides(images: ImagesClient) -> None:
    job = await single(images, "a paper boat --ar 2:1")
    before, after = await images.picture(job), await first_of(images, job, "make_square")
    assert after.size == (before.width, before.width)
    top = (after.height - before.height) // 2
    assert after.crop((0, top, before.width, top + before.height)).tobytes() == before.tobytes()


async def test_an_inpaint_changes_what_is_white_and_nothing_else(images: ImagesClient) -> None:
    job = await single(images)
    before = await images.picture(job)
    mask = mask_of(before.size, (40, 60, 120, 150))
    inpaint = await images.finished("inpaint", jobId=job.id, mask=bare(mask), prompt="a lighthouse")
    picked = [await images.picture(await images.acted(inpaint, f"upsample{slot}")) for slot in (1, 2)]
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
async def test_a_blend_mixes_all_pictures_in_its_dimensions(
    images: ImagesClient, dimensions: str | None, shape: float
) -> None:
    sent = [uri(plain(colour)) for colour in ("#ff0000", "#0000ff")]
    given = {} if dimensions is None else {"dimensions": dimensions}
    job = await images.finished("blend", imgBase64Array=sent, getUImages=True, **given)
    four = await tiles(images, job)
    assert all(tile.width / tile.height == pytest.approx(shape, abs=0.03) for tile in four)
    for tile in four:
        red, _, blue = ImageStat.Stat(tile).mean
        assert min(red, blue) > 40
    assert len({tile.tobytes() for tile in four}) == 4


async def test_a_description_names_colours_light_and_shape(images: ImagesClient) -> None:
    async def described(picture: Image.Image) -> str:
        return (await images.fetch(await images.finished("describe", base64=uri(picture))))["data"]["prompt"]

    dark, light = await described(plain("#101018", (90, 160))), await described(plain("#f5f5f5", (100, 100)))
    assert ("black" in dark, "dark" in dark, "portrait" in dark, "--ar 9:16" in dark) == (True, True, True, True)
    assert ("white" in light, "glaring" in light, "square" in light, "--ar 1:1" in light) == (True, True, True, True)
    assert dark == await described(plain("#101018", (90, 160)))


async def test_long_chains_do_not_grow_without_end(images: ImagesClient) -> None:
    job = await single(images)
    for _ in range(4):
        job = await images.acted(job, "pan_left", "upsample1")
    picture = await images.picture(job)
    assert picture.width * picture.height < 4 * SIDE * SIDE
