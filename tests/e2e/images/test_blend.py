"""/blend: two to five pictures become four new ones."""

import io
from collections.abc import AsyncGenerator
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image, ImageColor

from sandbox.discord import NotOffered
from sandbox.harness import Sandbox
from tests.e2e.support.guild import Server, gallery
from tests.e2e.support.images import (
    drawn,
    image_sandbox,
    offered_on,
    ordered,
    refused,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

COLOURS = ("red", "green", "blue", "yellow", "black", "white")
MIB = 1024 * 1024


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Sandbox]:
    async with image_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


def given(server: Server, count: int) -> dict[str, Any]:
    """Attach pictures of one colour each."""
    return {
        f"image{number}": server.image(f"{colour}.png", plain(colour))
        for number, colour in enumerate(COLOURS[:count], 1)
    }


def plain(colour: str) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(data, "PNG")
    return data.getvalue()


def colour_of(data: bytes) -> str:
    with Image.open(io.BytesIO(data)) as image:
        seen = image.convert("RGB").getpixel((30, 20))
    assert isinstance(seen, tuple)
    return min(COLOURS, key=lambda name: sum(abs(a - b) for a, b in zip(ImageColor.getrgb(name), seen, strict=True)))


@pytest.mark.parametrize("count", [2, 3, 4, 5])
async def test_two_to_five_pictures_are_mixed_in_their_order(server: Server, sandbox: Sandbox, count: int) -> None:
    card = await drawn(await server.mira.slash(server.channel, "blend", **given(server, count)))
    assert card.text.startswith(f"**Blend** by {server.mira.mention}, fast speed, square, 1 credit\n")
    assert [colour_of(data) for data in ordered(sandbox).images] == list(COLOURS[:count])
    assert ordered(sandbox).action == "blend"
    assert {"upsample1", "variation4", "reroll"} <= offered_on(card)
    upscaled = await drawn(await server.mira.click(card, next(b.custom_id or "" for b in card.buttons)), 1)
    assert upscaled.text.startswith("**U1** by")


@pytest.mark.parametrize(("shape", "aspect"), [("portrait", (2, 3)), ("square", (1, 1)), ("landscape", (3, 2))])
@pytest.mark.parametrize("speed", ["relax", "turbo"])
async def test_shape_and_speed_are_what_was_chosen(
    server: Server, sandbox: Sandbox, shape: str, aspect: tuple[int, int], speed: str
) -> None:
    asked = await server.mira.slash(server.channel, "blend", **given(server, 2), shape=shape, speed=speed)
    card = await drawn(asked)
    assert f"{speed} speed, {shape}, 1 credit" in card.text
    assert (ordered(sandbox).aspect, ordered(sandbox).speed) == (aspect, speed)
    with Image.open(io.BytesIO(gallery(card)[0].data)) as image:
        assert abs(image.width / image.height - aspect[0] / aspect[1]) < 0.1


async def test_one_picture_is_refused_and_six_cannot_be_given(server: Server) -> None:
    told = await refused(server, await server.mira.slash(server.channel, "blend", **given(server, 1)))
    assert told == "I can blend 2 to 5 pictures, not 1. Nothing was charged. Attach as many as that."
    with pytest.raises(NotOffered):
        await server.mira.slash(server.channel, "blend", **given(server, 6))


@pytest.mark.parametrize(
    ("place", "file", "sentence"),
    [
        (1, {"data": plain("red")[:60]}, "The first image is broken or incomplete."),
        (3, {"data": b"only words" * 100}, "The third image is not a picture that I can read."),
        (2, {"filename": "notes.txt", "data": b"words"}, "The second image is not a picture that I can read."),
        (5, {"size": 12 * MIB + 1}, "The fifth image is larger than 12 MiB."),
    ],
    ids=str,
)
async def test_a_bad_picture_among_good_ones_is_named(
    server: Server, place: int, file: dict[str, Any], sentence: str
) -> None:
    pictures: dict[str, Any] = given(server, 5) | {f"image{place}": server.image(**file)}
    told = await refused(server, await server.mira.slash(server.channel, "blend", **pictures))
    assert told.startswith(f"{sentence} Nothing was charged.")


async def test_pictures_are_sent_small_and_upright_and_without_where_they_were_taken(
    server: Server, sandbox: Sandbox
) -> None:
    large = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "taken at home"
    Image.effect_noise((3000, 2000), 60).save(large, "JPEG", quality=95, exif=exif)
    first = server.image("large.jpg", large.getvalue())
    await drawn(await server.mira.slash(server.channel, "blend", image1=first, image2=server.image()))
    sent = ordered(sandbox).images[0]
    assert b"taken at home" not in sent
    with Image.open(io.BytesIO(sent)) as image:
        assert max(image.size) <= 2048
        assert image.height > image.width
