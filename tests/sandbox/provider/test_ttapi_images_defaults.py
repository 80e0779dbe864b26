"""What counts when a field is left out, and under which name the speed comes."""

from __future__ import annotations

from typing import Literal

import pytest

from sandbox.provider import FakeProvider
from sandbox.provider.model.image_jobs import image_order_of
from tests.sandbox.provider.client_host import Host
from tests.sandbox.provider.ttapi_images_client import TtapiImagesClient, plain, uri


@pytest.mark.parametrize(("speed", "timeout", "quota"), [("relax", 600, 1), ("fast", 300, 3), ("turbo", 300, 6)])
async def test_each_speed_has_its_default_timeout_and_its_price(
    images_client: TtapiImagesClient, speed: str, timeout: int, quota: int
) -> None:
    job = await images_client.finished("imagine", prompt="a cat", mode=speed)
    assert (image_order_of(job).speed, job.order.timeout, job.quota) == (speed, timeout, quota)


async def test_the_defaults_of_an_imagine_are_the_documented_ones(images_client: TtapiImagesClient) -> None:
    job = await images_client.finished("imagine", prompt="a cat")
    order = image_order_of(job)
    assert (order.speed, order.timeout, order.singles, order.translate) == ("fast", 300, False, True)
    assert (order.sent_fields, order.callback_url) == ({"prompt"}, None)
    assert (await images_client.fetch(job))["data"]["images"] is None
    sent = image_order_of(await images_client.accepted("imagine", prompt="a cat", translation=False))
    assert (sent.translate, sent.sent_fields) == (False, {"prompt", "translation"})


async def test_a_translated_prompt_shows_in_what_is_fetched_and_one_that_is_left_alone_does_not(
    images_client: TtapiImagesClient,
) -> None:
    translated = await images_client.finished("imagine", prompt="con thuyền")
    assert (await images_client.fetch(translated))["data"]["prompt"] == "(in English) con thuyền"
    untouched = await images_client.finished("imagine", prompt="con thuyền", translation=False)
    assert (await images_client.fetch(untouched))["data"]["prompt"] == "con thuyền"


async def test_the_defaults_of_the_others_are_the_documented_ones(images_client: TtapiImagesClient) -> None:
    blend = await images_client.finished("blend", imgBase64Array=[uri(plain("red")), uri(plain("blue"))])
    assert (image_order_of(blend).speed, blend.order.timeout, image_order_of(blend).aspect) == ("fast", 300, (1, 1))
    action = await images_client.acted(blend, "upsample2")
    describe = await images_client.accepted("describe", url=images_client.host.start)
    seed = await images_client.accepted("seed", jobId=blend.id)
    assert [job.order.timeout for job in (action, describe, seed)] == [300, 300, 300]


async def test_speed_flags_in_the_prompt_overrule_the_field(images_client: TtapiImagesClient) -> None:
    job = await images_client.finished("imagine", prompt="a cat --turbo", mode="relax")
    assert (image_order_of(job).speed, job.quota, job.overridden_by_prompt) == ("turbo", 6, {"turbo": ""})


async def test_an_action_goes_on_in_the_speed_of_its_parent(images_client: TtapiImagesClient) -> None:
    grid = await images_client.finished("imagine", prompt="a cat", mode="turbo")
    assert (await images_client.acted(grid, "variation1")).quota == 6
    assert (await images_client.acted(grid, "upsample1")).quota == 1


@pytest.mark.parametrize(("field", "other"), [("mode", "model"), ("model", "mode")])
async def test_the_speed_has_the_name_that_the_setting_says(
    images_client: TtapiImagesClient, fake_provider: FakeProvider, field: Literal["mode", "model"], other: str
) -> None:
    fake_provider.settings.ttapi_speed = field
    sent = await images_client.accepted("imagine", **{"prompt": "a cat", field: "relax"})
    assert image_order_of(sent).speed == "relax"
    assert (await images_client.post("imagine", **{"prompt": "a cat", other: "relax"}))[0] == 400
    fake_provider.settings.strict_fields = False
    ignored = await images_client.accepted("imagine", **{"prompt": "a cat", other: "relax"})
    assert image_order_of(ignored).speed == "fast"


async def test_two_names_for_the_speed_must_agree(images_client: TtapiImagesClient) -> None:
    assert (await images_client.post("imagine", prompt="a cat", mode="fast", model="relax"))[0] == 400
    assert (await images_client.post("imagine", prompt="a cat", mode="relax", model="relax"))[0] == 200


async def test_base64_wins_over_the_url(images_client: TtapiImagesClient, host: Host) -> None:
    job = await images_client.finished("describe", base64=uri(plain("red")), url=f"{host.base_url}/gone.png")
    assert (await images_client.fetch(job))["data"]["width"] == 60
    job = await images_client.finished("describe", base64="", url=host.start)
    assert (await images_client.fetch(job))["data"]["width"] == 1280
