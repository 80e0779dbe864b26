"""Many at once: quotas hold to the credit, one click makes one job, and what was paid comes back to who paid."""

import asyncio

import pytest

from sandbox.discord import Interaction, Permission
from sandbox.provider.model import faults
from tests.e2e.support.guild import Scene, button, films, finished, job_id

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def outcome(asked: Interaction) -> str:
    """Tell how a click ended: made, or refused with this sentence."""
    made = asyncio.create_task(asked.until(lambda message: films(message) and message.buttons, 60))
    refused = asyncio.create_task(asked.private_reply(60))
    done, rest = await asyncio.wait((made, refused), return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    if refused in done and refused.exception() is None:
        return refused.result().text
    made.result()
    return "made"


async def test_50_different_clicks_with_credits_for_3_make_exactly_3(scene: Scene) -> None:
    await scene.quota("set", target=scene.ada, credits=1000)
    cards = await asyncio.gather(*[finished(await scene.video(scene.ada)) for _ in range(7)])
    submits = scene.sandbox.provider.submits
    buttons = [(card, b.custom_id or "") for card in cards for b in card.buttons][:50]
    clicks = await asyncio.gather(*(scene.mira.click(card, custom_id) for card, custom_id in buttons))
    outcomes = await asyncio.gather(*(outcome(click) for click in clicks))
    assert outcomes.count("made") == 3
    refusals = [told for told in outcomes if told != "made"]
    assert all("Nothing was charged." in told and "you have " in told for told in refusals)
    assert scene.sandbox.provider.submits == submits + 3
    assert await scene.credits() == 0


async def test_the_same_click_20_times_at_once_makes_one(scene: Scene) -> None:
    card = await scene.film(scene.leo, clips=1)
    submits = scene.sandbox.provider.submits
    clicks = await asyncio.gather(*(scene.mira.click(card, button(card, 1, "high")) for _ in range(20)))
    outcomes = await asyncio.gather(*(outcome(click) for click in clicks))
    assert outcomes.count("made") == 1
    assert all(told.startswith("You have asked for this already") for told in outcomes if told != "made")
    assert scene.sandbox.provider.submits == submits + 1
    assert await scene.credits() == 22


async def test_a_member_who_is_blocked_while_a_job_runs_keeps_the_job_and_gets_no_other(scene: Scene) -> None:
    scene.sandbox.provider.settings.hold = True
    try:
        asked = await scene.video(clips=1)
        await asked.until(lambda message: "%" in message.text, 20)
        await scene.quota("set", target=scene.mira, credits=0)
        assert (await scene.told(await scene.video(clips=1))).startswith("This takes 2 credits, and you have 0 left.")
    finally:
        scene.sandbox.provider.release()
    await finished(asked)


async def test_a_refund_after_the_cap_was_lowered_is_whole(scene: Scene) -> None:
    scene.sandbox.provider.settings.hold = True
    scene.sandbox.provider.next_submit(faults.FailLater("job timeout"))
    try:
        asked = await scene.video()
        await asked.until(lambda message: "%" in message.text, 20)
        await scene.quota("set", target=scene.mira, credits=4)
    finally:
        scene.sandbox.provider.release()
    await asked.until(lambda message: "All 8 credits came back." in message.text, 20)
    assert await scene.credits() == 4


async def test_a_role_that_is_taken_away_counts_from_the_next_request_on(scene: Scene) -> None:
    role = scene.guild.role("patrons", Permission(0))
    member = scene.guild.members[scene.mira.id]
    member.give(role)
    await scene.quota("default", credits=2)
    await scene.quota("set", target=role, credits=8)
    await scene.film(clips=2)
    assert await scene.credits() == 4
    member.take(role)
    assert await scene.credits() == 0
    assert (await scene.told(await scene.video(clips=1))).startswith("This takes 2 credits, and you have 0 left.")


async def test_a_job_that_ends_after_its_members_next_one_began_has_its_own_card(scene: Scene) -> None:
    scene.sandbox.provider.settings.hold = True
    try:
        first, second = await scene.video(clips=1), await scene.video(clips=1)
        await first.until(lambda message: "%" in message.text, 20)
        await second.until(lambda message: "%" in message.text, 20)
    finally:
        scene.sandbox.provider.release()
    cards = [await finished(first), await finished(second)]
    assert len({job_id(card) for card in cards}) == 2
