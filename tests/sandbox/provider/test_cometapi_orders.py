"""What CometAPI's orders mean: each field, the defaults, and the fields of the /mj family behind their setting."""

from __future__ import annotations

from sandbox.provider import FakeProvider, State
from sandbox.provider.cometapi.orders import CometOrder
from tests.sandbox.provider.client_host import Host
from tests.sandbox.provider.cometapi_client import SUBMIT, CometClient


async def test_every_documented_field_arrives(comet: CometClient) -> None:
    parent = await comet.finished()
    child = await comet.extended(
        parent,
        motion="high",
        prompt="the boat turns",
        index=3,
        state="token-1",
        noStorage=True,
        videoType="vid_1.1_i2v_720",
    )
    assert (child.action, child.parent, child.index, child.prompt) == ("extend", parent, 3, "the boat turns")
    assert (child.options.motion, child.options.resolution, child.options.clips) == ("high", "hd", 4)
    order = child.order
    assert isinstance(order, CometOrder)
    assert (order.state, order.no_storage) == ("token-1", True)
    assert order.sent_fields == {
        *("motion", "image", "prompt", "action", "index", "taskId", "state", "noStorage", "videoType"),
    }


async def test_what_is_left_out_has_the_familys_default(comet: CometClient) -> None:
    job = await comet.finished()
    assert (job.options.resolution, job.options.clips, job.price) == ("sd", 4, 30)
    assert job.order.sent_fields == {"motion", "image", "prompt"}
    child = await comet.extended(job)
    assert (child.options.resolution, child.options.clips) == ("sd", 4)


async def test_flags_in_the_prompt_override_the_paid_options(comet: CometClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.comet_family_fields = True
    job = await comet.accepted(prompt="a boat --bs 4 --motion high", batchSize=1, motion="low")
    assert (job.options.clips, job.options.motion) == (4, "high")
    assert job.overridden_by_prompt == {"bs": "4", "motion": "high"}


async def test_an_end_image_in_the_prompt_goes_before_the_field(
    comet: CometClient, fake_provider: FakeProvider, host: Host, ending: bytes
) -> None:
    fake_provider.settings.comet_family_fields = True
    job = await comet.finished(prompt=f"a boat --end {host.end}", endImage=host.start)
    assert job.end_image == ending


async def test_an_extend_needs_its_parent_and_not_the_image_that_it_must_name(comet: CometClient, host: Host) -> None:
    child = await comet.extended(await comet.finished(), image=f"{host.base_url}/gone.png")
    await comet.over(child)
    assert (child.state, child.image) == (State.DONE, None)


async def test_an_extend_without_a_prompt_shows_its_parents(comet: CometClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.comet_needs_prompt = False
    assert (await comet.extended(await comet.finished(), prompt="")).prompt == "a boat"


async def test_an_image_may_come_as_a_data_uri(comet: CometClient, image: bytes) -> None:
    job = await comet.finished(image=comet.data_link)
    assert job.image == image
    assert (await comet.task(job))["status"] == "SUCCESS"


async def test_a_data_uri_can_fail_its_job(comet: CometClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.comet_data_links = "fail"
    task = await comet.task(await comet.finished(image=comet.data_link))
    assert task["status"] == "FAILURE"
    assert task["failReason"].startswith("[Invalid link!]")


async def test_the_familys_own_fields_count_behind_their_setting(
    comet: CometClient, fake_provider: FakeProvider, host: Host, ending: bytes
) -> None:
    fake_provider.settings.comet_family_fields = True
    to_end = await comet.finished(endImage=host.end, batchSize=2, notifyHook=host.callback_url)
    assert (to_end.options.clips, to_end.end_image) == (2, ending)
    await fake_provider.until(lambda s: s.deliveries)
    assert host.callbacks == [await comet.task(to_end)]
    loop = await comet.finished(endImage=host.end, loop=True, batchSize=1)
    assert (loop.options.loop, loop.end_image) == (True, None)


async def test_a_callback_is_sent_once_whatever_the_answer(
    comet: CometClient, fake_provider: FakeProvider, host: Host
) -> None:
    fake_provider.settings.comet_family_fields = True
    fake_provider.settings.callback_retry_seconds = 0.0
    host.callback_answers = [500]
    unheard = await comet.finished(notifyHook=host.callback_url)
    await fake_provider.until(lambda s: s.deliveries)
    heard = await comet.finished(notifyHook=host.callback_url)
    await fake_provider.until(lambda s: len(s.deliveries) == 2)
    assert [(one.job_id, one.status) for one in fake_provider.deliveries] == [(unheard.id, 500), (heard.id, 200)]


async def test_an_ignored_family_field_notifier_nothing(comet: CometClient, fake_provider: FakeProvider) -> None:
    fake_provider.settings.strict_fields = False
    assert (await comet.accepted(batchSize=1, loop=True)).options.clips == 4


async def test_an_extend_may_come_without_an_image_behind_its_setting(
    comet: CometClient, fake_provider: FakeProvider
) -> None:
    parent = await comet.finished()
    body = {"motion": "low", "prompt": "on", "action": "extend", "taskId": parent.id, "index": 1}
    assert (await comet.post(SUBMIT, body))[1]["code"] == 4
    fake_provider.settings.comet_extend_needs_image = False
    assert (await comet.post(SUBMIT, body))[1]["code"] == 1
    assert (await comet.post(SUBMIT, {"motion": "low", "prompt": "on"}))[1]["code"] == 4
