"""What counts when a field is left out, and under which name the speed comes."""

from __future__ import annotations

from typing import Literal

import pytest

from sandbox.provider import FakeProvider
from sandbox.provider.model.image_jobs import order_of
from tests.sandbox.provider.host import Host
from tests.sandbox.provider.ttapi_images_client import ImagesClient, plain, uri


@pytest.mark.parametrize(("speed", "timeout", "quota"), [("relax", 600, 1), ("fast", 300, 3), ("turbo", 300, 6)])
async def test_each_speed_has_its_default_timeout_and_its_price(
    images: ImagesClient, speed: str, timeout: int, quota: int
) -> None:
    job = await images.finished("imagine", prompt="a cat", mode=speed)
    assert (order_of(job).speed, job.order.timeout, job.quota) == (speed, timeout, quota)


async def test_the_defaults_of_an_imagine_are_the_documented_ones(images: ImagesClient) -> None:
    job = await images.finished("imagine", prompt="a cat")
    order = order_of(job)
    assert (order.speed, order.timeout, order.singles, order.translate) == ("fast", 300, False, True)
    assert (order.given, order.hook_url) == ({"prompt"}, None)
    assert (await images.fetch(job))["data"]["images"] is None
    sent = order_of(await images.accepted("imagine", prompt="a cat", translation=False))
    assert (sent.translate, sent.given) == (False, {"prompt", "translation"})


async def test_the_defaults_of_the_others_are_the_documented_ones(images: ImagesClient) -> None:
    blend = await images.finished("blend", imgBase64Array=[uri(plain("red")), uri(plain("blue"))])
    assert (order_of(blend).speed, blend.order.timeout, order_of(blend).aspect) == ("fast", 300, (1, 1))
    action = await images.acted(blend, "upsample2")
    describe = await images.accepted("describe", url=images.host.start)
    seed = await images.accepted("seed", jobId=blend.id)
    assert [job.order.timeout for job in (action, describe, seed)] == [300, 300, 300]


async def test_speed_flags_in_the_prompt_overrule_the_field(images: ImagesClient) -> None:
    job = await images.finished("imagine", prompt="a cat --turbo", mode="relax")
    assert (order_of(job).speed, job.quota, job.overridden_by_prompt) == ("turbo", 6, {"turbo": ""})


async def test_an_action_goes_on_in_the_speed_of_its_parent(images: ImagesClient) -> None:
    grid = await images.finished("imagine", prompt="a cat", mode="turbo")
    assert (await images.acted(grid, "variation1")).quota == 6
    assert (await images.acted(grid, "upsample1")).quota == 1


@pytest.mark.parametrize(("field", "other"), [("mode", "model"), ("model", "mode")])
async def test_the_speed_has_the_name_that_the_knob_says(
    images: ImagesClient, fake_provider: FakeProvider, field: Literal["mode", "model"], other: str
) -> None:
    fake_provider.knobs.ttapi_speed = field
    sent = await images.accepted("imagine", **{"prompt": "a cat", field: "relax"})
    assert order_of(sent).speed == "relax"
    assert (await images.post("imagine", **{"prompt": "a cat", other: "relax"}))[0] == 400
    fake_provider.knobs.strict_fields = False
    ignored = await images.accepted("imagine", **{"prompt": "a cat", other: "relax"})
    assert order_of(ignored).speed == "fast"


async def test_two_names_for_the_speed_must_agree(images: ImagesClient) -> None:
    assert (await images.post("imagine", prompt="a cat", mode="fast", model="relax"))[0] == 400
    assert (await images.post("imagine", prompt="a cat", mode="relax", model="relax"))[0] == 200


async def test_base64_wins_over_the_url(images: ImagesClient, host: Host) -> None:
    job = await images.finished("describe", base64=uri(plain("red")), url=f"{host.base_url}/gone.png")
    assert (await images.fetch(job))["data"]["width"] == 60
    job = await images.finished("describe", base64="", url=host.start)
    assert (await images.fetch(job))["data"]["width"] == 1280
