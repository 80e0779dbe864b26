"""What TTAPI's image page does not allow of an inpaint's mask is refused, and starts no job."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from sandbox.provider.model.job import Json
from tests.sandbox.provider.ttapi_images_client import (
    TtapiImagesClient,
    bare,
    mask_of,
    uri,
)
from tests.sandbox.provider.ttapi_images_refusal import empty, expect_refusal, wrong

NOBODY = "00000000-0000-0000-0000-000000000000"


def jpeg(image: Image.Image) -> str:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=30)
    return base64.b64encode(file.getvalue()).decode()


BOX = (10, 10, 50, 50)
GREY = mask_of((96, 96), BOX)
GREY.putpixel((3, 3), 1)
COLOURED = mask_of((96, 96), BOX).convert("RGB")
COLOURED.putpixel((3, 3), (255, 0, 255))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"mask": ""}, empty("mask")),
        ({"mask": None}, wrong("mask")),
        ({"mask": uri(mask_of((96, 96), BOX))}, wrong("mask")),
        ({"mask": bare(mask_of((95, 96), BOX))}, wrong("mask")),
        ({"mask": bare(mask_of((192, 192), BOX))}, wrong("mask")),
        ({"mask": bare(GREY)}, wrong("mask")),
        ({"mask": bare(COLOURED)}, wrong("mask")),
        ({"mask": jpeg(mask_of((96, 96), BOX))}, wrong("mask")),
        ({"mask": "UklGRrw0AABXRUJQVlA4WAoAAAAgAAAA..."}, wrong("mask")),
        ({"mask": "AAAA"}, wrong("mask")),
        ({"jobId": NOBODY}, wrong("jobId")),
        ({"jobId": ""}, empty("jobId")),
        ({"prompt": 1}, wrong("prompt")),
        ({"timeout": True}, wrong("timeout")),
        ({"mode": "fast"}, wrong("mode")),
        ({"getUImages": True}, wrong("getUImages")),
    ],
)
async def test_an_inpaint_that_the_page_does_not_allow_is_refused(
    images_client: TtapiImagesClient, fields: Json, message: str
) -> None:
    single = await images_client.acted(await images_client.finished("imagine", prompt="a cat"), "upsample1")
    await expect_refusal(
        images_client, "inpaint", {"jobId": single.id, "mask": bare(mask_of((96, 96), BOX))} | fields, message
    )


@pytest.mark.parametrize("form", ["1", "L", "P", "RGB", "RGBA"])
async def test_a_mask_may_come_in_any_form_of_black_and_white(images_client: TtapiImagesClient, form: str) -> None:
    single = await images_client.acted(await images_client.finished("imagine", prompt="a cat"), "upsample1")
    mask = mask_of((96, 96), BOX).convert(form)
    assert (await images_client.post("inpaint", jobId=single.id, mask=bare(mask)))[0] == 200


async def test_a_grid_cannot_be_inpainted(images_client: TtapiImagesClient) -> None:
    grid = await images_client.finished("imagine", prompt="a cat")
    mask = bare(mask_of((96, 96), BOX))
    await expect_refusal(images_client, "inpaint", {"jobId": grid.id, "mask": mask}, wrong("jobId"))
