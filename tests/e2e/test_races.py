"""Many at once: quotas hold to the credit, one click makes one job, and what was paid comes back to who paid."""

import asyncio

import pytest

from sandbox.discord import Interaction, Permission
from sandbox.provider.model import faults
from tests.e2e.support.guild import Server, button, extends, finished, gallery, job_id

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def outcome(asked: Interaction) -> str:
    """Tell how a click ended: made, or refused with this sentence."""
    made = asyncio.create_task(asked.until(lambda message: gallery(message) and message.buttons, 60))
    refused = asyncio.create_task(asked.private_reply(60))
    done, rest = await asyncio.wait((made, refused), return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    if refused in done and refused.exception() is None:
        return refused.result().text
    made.result()
    return "made"


async def test_50_different_clicks_with_credits_for_3_make_exactly_3(server: Server) -> None:
    await server.quota("set", target=server.ada, credits=1000)
    cards = await asyncio.gather(*[finished(await server.video(server.ada)) for _ in range(7)])
    submits = server.sandbox.provider.submits
    buttons = [(card, b.custom_id or "") for card in cards for b in extends(card)][:50]
    clicks = await asyncio.gather(*(server.mira.click(card, custom_id) for card, custom_id in buttons))
    outcomes = await asyncio.gather(*(outcome(click) for click in clicks))
    assert outcomes.count("made") == 3
    refusals = [told for told in outcomes if told != "made"]
    # As many as a member may have open are looked at for their credits; the rest are too many at once.
    assert all("Nothing was charged." in told and "ou have " in told for told in refusals)
    assert server.sandbox.provider.submits == submits + 3
    assert await server.credits() == 0


async def test_the_same_click_20_times_at_once_makes_one(server: Server) -> None:
    card = await server.finished_video(server.leo, clips=1)
    submits = server.sandbox.provider.submits
    clicks = await asyncio.gather(*(server.mira.click(card, button(card, 1, "high")) for _ in range(20)))
    outcomes = await asyncio.gather(*(outcome(click) for click in clicks))
    assert outcomes.count("made") == 1
    assert all(told.startswith("You have asked for this already") for told in outcomes if told != "made")
    assert server.sandbox.provider.submits == submits + 1
    assert await server.credits() == 22


async def test_a_member_who_is_blocked_while_a_job_runs_keeps_the_job_and_gets_no_other(server: Server) -> None:
    server.sandbox.provider.settings.hold = True
    try:
        asked = await server.video(clips=1)
        await asked.until(lambda message: "%" in message.text, 20)
        await server.quota("set", target=server.mira, credits=0)
        assert (await server.private_text(await server.video(clips=1))).startswith(
            "An admin of this server has blocked you."
        )
    finally:
        server.sandbox.provider.release()
    await finished(asked)


async def test_a_refund_after_the_cap_was_lowered_is_whole(server: Server) -> None:
    server.sandbox.provider.settings.hold = True
    server.sandbox.provider.next_submit(faults.FailLater("job timeout"))
    try:
        asked = await server.video()
        await asked.until(lambda message: "%" in message.text, 20)
        await server.quota("set", target=server.mira, credits=4)
    finally:
        server.sandbox.provider.release()
    await asked.until(lambda message: "All 8 credits came back." in message.text, 20)
    assert await server.credits() == 4


async def test_a_role_that_is_taken_away_counts_from_the_next_request_on(server: Server) -> None:
    role = server.guild.role("patrons", Permission(0))
    member = server.guild.members[server.mira.id]
    member.give(role)
    await server.quota("default", credits=2)
    await server.quota("set", target=role, credits=8)
    await server.finished_video(clips=2)
    assert await server.credits() == 4
    member.take(role)
    assert await server.credits() == 0
    assert (await server.private_text(await server.video(clips=1))).startswith(
        "This takes 2 credits, and you have 0 left."
    )


async def test_a_job_that_ends_after_its_members_next_one_began_has_its_own_card(server: Server) -> None:
    server.sandbox.provider.settings.hold = True
    try:
        first, second = await server.video(clips=1), await server.video(clips=1)
        await first.until(lambda message: "%" in message.text, 20)
        await second.until(lambda message: "%" in message.text, 20)
    finally:
        server.sandbox.provider.release()
    cards = [await finished(first), await finished(second)]
    assert len({job_id(card) for card in cards}) == 2
